// Reads calendars with ical.js: one request as JSON a line, one answer as JSON a line.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { join } from "node:path";

const ICAL = (await import(pathToFileURL(join(process.argv[2], "dist", "ical.js")))).default;

function utc(time) {
  return time.toUnixTime();
}

function occurrences(text, start, end) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) {
    ICAL.TimezoneService.register(zone);
  }
  const events = calendar.getAllSubcomponents("vevent").map((component) => new ICAL.Event(component));
  const exceptions = events.filter((event) => event.isRecurrenceException());
  const found = [];
  const note = (item, from, to) => {
    const isOff = item.component.getFirstPropertyValue("status") === "CANCELLED";
    found.push([item.uid, utc(from), utc(to), isOff, item.summary]);
  };
  for (const event of events) {
    if (event.isRecurrenceException()) continue;
    if (!event.isRecurring()) {
      note(event, event.startDate, event.endDate);
      continue;
    }
    for (const each of exceptions) {
      if (each.uid === event.uid) event.relateException(each);
    }
    const iterator = event.iterator();
    for (let next = iterator.next(); next && utc(next) < end; next = iterator.next()) {
      const details = event.getOccurrenceDetails(next);
      note(details.item, details.startDate, details.endDate);
    }
    // An exception whose own date lies beyond the window may have been moved into it.
    for (const each of exceptions) {
      if (each.uid === event.uid && utc(each.recurrenceId) >= end) note(each, each.startDate, each.endDate);
    }
  }
  ICAL.TimezoneService.reset();
  return found.filter(([, from]) => from >= start && from < end);
}

for await (const line of createInterface({ input: process.stdin })) {
  const { text, start, end } = JSON.parse(line);
  let answer;
  try {
    answer = { occurrences: occurrences(text, start, end) };
  } catch (error) {
    answer = { fault: String(error && error.stack || error) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
