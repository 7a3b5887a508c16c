import { readdirSync } from "node:fs";
import { csv, fixture, type InputCase, latin, one, rows, utf8 } from "./input-case.ts";

const languages = new Intl.DisplayNames(["en"], { type: "language" });
const files = readdirSync(new URL("../cases/encodings/", import.meta.url)).filter(
  (name) => name.endsWith(".tsv") && !name.includes(".utf-8."),
);

/** Encodings that give the same text where the letters that differ do not occur. */
const equal = new Map([
  ["iso-8859-2", "windows-1250"],
  ["iso-8859-7", "windows-1253"],
]);

/** What docs/inputs.md calls a file such as "ru.koi8-r.tsv". */
function nameOf(file: string): string {
  const [language = "", encoding = ""] = file.split(".");
  return `${language === "zht" ? "Traditional Chinese" : (languages.of(language) ?? language)} in ${encoding}`;
}

/** Reads of test/cases/encodings, one language in one encoding each. */
export const languageCases: InputCase[] = files.map((file) => {
  const encoding = file.split(".")[1] ?? "";
  const encodings = [encoding, equal.get(encoding)].filter((name) => name !== undefined);
  return {
    what: nameOf(file),
    file,
    contents: fixture(`encodings/${file}`),
    expected: { text: "text", label: "label" },
    encodings,
  };
});

function utf16(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(`\ufeff${text}`, "utf16le"));
}

function joined(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

export const encodingCases: InputCase[] = [
  {
    what: "UTF-8 with a byte order mark",
    file: "excel.csv",
    contents: utf8(`\ufeff${csv}`),
    expected: { rows: 20, columns: ["text", "label"] },
  },
  {
    what: "UTF-16 with a byte order mark",
    file: "notepad.csv",
    contents: utf16(csv.replaceAll("pos", "žlutý")),
    expected: { rows: 20, format: { encoding: "utf-16le", delimiter: ",", quote: '"', header: true, skippedLines: 0 } },
  },
  {
    what: "UTF-16 without a mark",
    file: "stream.csv",
    contents: utf16(csv).slice(2),
    expected: { rows: 20, format: { encoding: "utf-16le", delimiter: ",", quote: '"', header: true, skippedLines: 0 } },
  },
  {
    what: "a single letter that is not UTF-8",
    file: "cafe.csv",
    contents: latin(`${csv}caf\u00e9 noir,pos\n`),
    expected: { rows: 21 },
    finding: "doubtful-encoding",
  },
  {
    what: "UTF-8 with a line in Windows-1252",
    file: "mixed.csv",
    contents: joined(utf8(`${csv}naïve façade,pos\nüber Ärger,neg\n`), latin("d\u00e9j\u00e0 vu,pos\n")),
    expected: { rows: 23, format: { encoding: "utf-8", delimiter: ",", quote: '"', header: true, skippedLines: 0 } },
    finding: "mixed-encodings",
  },
  {
    what: "UTF-8 that was encoded twice",
    file: "twice.csv",
    contents: `${csv}caf\u00c3\u00a9 noir,pos\n`,
    expected: { rows: 21 },
    finding: "double-encoded",
  },
  {
    what: "NUL characters",
    file: "nul.csv",
    contents: `${csv}a\0 plain text,pos\n${rows(20, (text, row) => `${text},${one(row, ["neg", "pos"])}`)}`,
    expected: { rows: 41 },
    finding: "nul-characters",
  },
];
