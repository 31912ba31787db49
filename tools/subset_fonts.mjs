// Writes a Latin subset of each named font. Arguments: source folder, target folder, then file names.
// Kept: what German, English, Dutch and the Latin names of Europe need, dashes, quotes, arrows, the euro sign.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import subsetFont from "subset-font";

const RANGES = [
  [0x20, 0x7e], [0xa0, 0x17f], [0x218, 0x21b], [0x1e9e, 0x1e9e], [0x2009, 0x2009], [0x2010, 0x2015],
  [0x2018, 0x201e], [0x2022, 0x2022], [0x2026, 0x2026], [0x202f, 0x202f], [0x2032, 0x2033], [0x2039, 0x203a],
  [0x20ac, 0x20ac], [0x2190, 0x2193], [0x2212, 0x2212], [0x2248, 0x2248], [0x2260, 0x2265], [0x2713, 0x2713],
];

let letters = "";
for (const [first, last] of RANGES) {
  for (let point = first; point <= last; point += 1) letters += String.fromCodePoint(point);
}

const [source, target, ...names] = process.argv.slice(2);
for (const name of names) {
  const font = await readFile(join(source, name));
  await writeFile(join(target, name), await subsetFont(font, letters, { targetFormat: "woff2" }));
}
