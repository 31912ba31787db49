// Writes subsets of the named fonts. Arguments: "web" or "letters", source folder, target folder, then file names.
// Web: what German, English, Dutch and the Latin names of Europe need, dashes, quotes, arrows, the euro sign, as WOFF2.
// Letters: every Latin, Greek and Cyrillic letter there is, for the names of people, and signs, as TrueType.
import { readFile, writeFile } from "node:fs/promises";
import { join, parse } from "node:path";
import subsetFont from "subset-font";

const KINDS = {
  web: {
    format: "woff2",
    ranges: [
      [0x20, 0x7e], [0xa0, 0x17f], [0x218, 0x21b], [0x1e9e, 0x1e9e], [0x2009, 0x2009], [0x2010, 0x2015],
      [0x2018, 0x201e], [0x2022, 0x2022], [0x2026, 0x2026], [0x202f, 0x202f], [0x2032, 0x2033], [0x2039, 0x203a],
      [0x20ac, 0x20ac], [0x2190, 0x2193], [0x2212, 0x2212], [0x2248, 0x2248], [0x2260, 0x2265], [0x2713, 0x2713],
    ],
  },
  letters: {
    format: "truetype",
    ranges: [
      [0x20, 0x7e], [0xa0, 0x24f], [0x2b0, 0x52f], [0x1e00, 0x1fff], [0x2000, 0x218f], [0x2190, 0x22ff], [0x25a0, 0x27bf],
    ],
  },
};

const [kind, source, target, ...names] = process.argv.slice(2);
const { format, ranges } = KINDS[kind];
let letters = "";
for (const [first, last] of ranges) {
  for (let point = first; point <= last; point += 1) letters += String.fromCodePoint(point);
}
for (const name of names) {
  const font = await readFile(join(source, name));
  const file = `${parse(name).name}.${format === "truetype" ? "ttf" : format}`;
  await writeFile(join(target, file), await subsetFont(font, letters, { targetFormat: format }));
}
