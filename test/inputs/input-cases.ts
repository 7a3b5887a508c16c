import { columnCases } from "./column-cases.ts";
import { encodingCases, languageCases } from "./encoding-cases.ts";
import { delimitedCases, otherCases, packedCases } from "./format-cases.ts";
import type { InputCase } from "./input-case.ts";
import { refusedCases } from "./refused-cases.ts";

export interface InputSection {
  title: string;
  about: string;
  cases: readonly InputCase[];
  /** How the cases are listed, where not one below the other: in a table of encodings, or with how the file begins. */
  shown?: "encodings" | "beginnings";
}

/** What the message of most refusals says of what was expected. */
export const WANTED = "A table was expected: CSV, TSV, JSON, JSON Lines, Parquet or XLSX, also gzipped or in a zip.";

/** The list behind docs/inputs.md. */
export const inputSections: readonly InputSection[] = [
  {
    title: "What is read: delimited text",
    about:
      "Delimiter, quotes, the header and lines above it are detected from the file, whatever its name ends in. Rows may end with LF, CRLF or CR.",
    cases: delimitedCases,
  },
  {
    title: "What is read: other formats",
    about:
      "The format is detected from the contents. Nested values become JSON text in a cell, but a list of one value becomes that value. On the command line, `--labels FILE` and `--label-names FILE` name files beside that of the texts; on the page they are dropped together. Without `--labels`, `--label-names` names the numbers of the label column, also in lists of tags (`[0, 3]`).",
    cases: otherCases,
    shown: "beginnings",
  },
  {
    title: "What is read: packed files",
    about:
      "Every format may be gzipped, and all but parallel files may be in a zip; a table has at most 500 MB unpacked.",
    cases: packedCases,
  },
  {
    title: "What is detected: encodings",
    about:
      "Valid UTF-8 and UTF-16 are recognized as such. Other encodings are detected by their letters; below 60 % confidence Windows-1252 is taken and marked as doubtful.",
    cases: encodingCases,
  },
  {
    title: "What is detected: encodings of languages",
    about:
      "What is taken for tables of 24 rows in each language and encoding (test/cases/encodings); all are read letter by letter as the same table in UTF-8.",
    cases: languageCases,
    shown: "encodings",
  },
  {
    title: "What is detected: columns, tasks and labels",
    about:
      "Columns are guessed from the whole file, by their names and by what is in them. Findings are listed below each file, by severity.",
    cases: columnCases,
  },
  {
    title: "What is refused",
    about: `The message says what the file is and what to do; where it is another kind of file, it says “${WANTED}” in between. The command line exits with 2.`,
    cases: refusedCases,
  },
];
