"""When groups meet: series and what comes in between, calendars, reminders, those who watch."""
