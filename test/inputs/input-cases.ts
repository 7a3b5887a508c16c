/** One file that people may bring, and what comes of it. */
export interface InputCase {
  /** What is special about it, as docs/inputs.md names it. */
  what: string;
  file: string;
  contents: string | Uint8Array<ArrayBuffer>;
  /** Parts of what `inspect` prints, or a pattern that the refusal matches. */
  expected: Record<string, unknown> | RegExp;
  /** A finding that is among those printed. */
  finding?: string;
}

const texts = ["the soup was dull", "a lamp was lovely", "her book is the best", "our train is awful"];
const rows = (count: number, cells: (text: string, row: number) => string) =>
  Array.from({ length: count }, (_, row) => cells(`${texts[row % 4] ?? ""} today ${row}`, row)).join("\n");
const one = (row: number, names: readonly string[]) => names[row % names.length] ?? "";
const latin = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const utf16 = (text: string) => {
  const units = Uint16Array.from(`\ufeff${text}`, (unit) => unit.charCodeAt(0));
  return new Uint8Array(units.buffer);
};

const read: InputCase[] = [
  {
    what: "CSV",
    file: "reviews.csv",
    contents: `text,label\n${rows(20, (text, row) => `${text},${one(row, ["neg", "pos"])}`)}`,
    expected: { rows: 20, text: "text", label: "label", classes: { neg: 10, pos: 10 } },
  },
  {
    what: "tab-separated, without a header",
    file: "reviews.tsv",
    contents: rows(20, (text, row) => `${one(row, ["neg", "pos"])}\t${text}`),
    expected: { rows: 20, text: "column 2", label: "column 1" },
  },
  {
    what: "semicolons, below a line sep=;",
    file: "export.csv",
    contents: `sep=;\ntext;label\n${rows(20, (text, row) => `${text}, really;${one(row, ["neg", "pos"])}`)}`,
    expected: { rows: 20, format: { encoding: "utf-8", delimiter: ";", quote: '"', header: true, skippedLines: 1 } },
  },
  {
    what: "UTF-16 with a byte order mark",
    file: "notepad.csv",
    contents: utf16(`text,label\n${rows(20, (text, row) => `${text} ž,${one(row, ["a", "b"])}`)}`),
    expected: { rows: 20, format: { encoding: "utf-16le", delimiter: ",", quote: '"', header: true, skippedLines: 0 } },
  },
  {
    what: "Windows-1252",
    file: "old.csv",
    contents: latin(
      `text,label\n${rows(20, (text, row) => `caf\u00e9, na\u00efve, d\u00e9j\u00e0 vu ${text},${one(row, ["a", "b"])}`).replaceAll(", ", " ")}`,
    ),
    expected: { rows: 20, text: "text" },
  },
];

const detected: InputCase[] = [
  {
    what: "names in other languages",
    file: "отзывы.csv",
    contents: `источник,отзыв,метка\n${rows(40, (text, row) => `${one(row, ["сайт", "почта", "форум"])},хорошо и ${text},${one(row, ["a", "b", "c", "d", "e"])}`)}`,
    expected: { text: "отзыв", label: "метка" },
  },
  {
    what: "two texts that belong together",
    file: "pairs.csv",
    contents: `premise,hypothesis,gold_label\n${rows(24, (text, row) => `${text},so ${text} it is,${one(row, ["yes", "no", "maybe"])}`)}`,
    expected: { text: "premise", pair: "hypothesis", label: "gold_label" },
  },
  {
    what: "a second text whose name does not say so",
    file: "tickets.csv",
    contents: `subject line,message,team\n${rows(24, (text, row) => `about ${text},${text} and more of it,${one(row, ["a", "b"])}`)}`,
    expected: { text: "message", pair: null, label: "team" },
    finding: "unused-text",
  },
  {
    what: "several labels in columns of 0 and 1",
    file: "toxic.csv",
    contents: `comment,toxic,threat,insult\n${rows(30, (text, row) => `${text},${row % 2},${row % 3 ? 0 : 1},${row % 5 ? 0 : 1}`)}`,
    expected: { task: "multi-label", label: ["toxic", "threat", "insult"] },
    finding: "other-task",
  },
  {
    what: "several labels in a cell",
    file: "emotions.csv",
    contents: `text,emotions\n${rows(30, (text, row) => `${text},${one(row, ["joy|fear", "joy", "fear", "anger|joy", "anger"])}`)}`,
    expected: { task: "multi-label", label: "emotions", classes: { joy: 18, fear: 12, anger: 12 } },
    finding: "other-task",
  },
  {
    what: "many different numbers",
    file: "similarity.csv",
    contents: `text,score\n${rows(40, (text, row) => `${text},${(row / 7).toFixed(2)}`)}`,
    expected: { task: "regression", label: "score", classes: {} },
    finding: "other-task",
  },
  {
    what: "five stars",
    file: "stars.csv",
    contents: `text,rating\n${rows(40, (text, row) => `${text},${1 + (row % 5)}`)}`,
    expected: { task: "single-label", label: "rating" },
  },
  {
    what: "labels that look alike",
    file: "alike.csv",
    contents: `text,label\n${rows(40, (text, row) => `${text},${one(row, ["Neg", "pos", "neg", "pos"])}`)}`,
    expected: { classes: { Neg: 10, neg: 10, pos: 20 } },
    finding: "look-alike-labels",
  },
  {
    what: "words for a missing value",
    file: "missing.csv",
    contents: `text,label\n${rows(40, (text, row) => `${text},${one(row, ["yes", "no", "yes", "nan"])}`)}`,
    expected: { rows: 40 },
    finding: "missing-word-labels",
  },
  {
    what: "two columns of one name",
    file: "twice.csv",
    contents: `text,label,label\n${rows(20, (text, row) => `${text},${one(row, ["a", "b"])},${row}`)}`,
    expected: { text: "text", label: "label" },
    finding: "same-names",
  },
  {
    what: "no column of labels",
    file: "texts.csv",
    contents: `text,number\n${rows(40, (text, row) => `${text},${row}`)}`,
    expected: { text: "text", label: null },
    finding: "no-columns",
  },
];

const refused: InputCase[] = [
  { what: "an empty file", file: "empty.csv", contents: "", expected: /empty\.csv is empty/ },
  { what: "a header alone", file: "header.csv", contents: "text,label\n", expected: /no rows|no table|one row/i },
  { what: "a PDF", file: "paper.pdf", contents: latin("%PDF-1.7\n%\u00e2\u00e3"), expected: /PDF/ },
  {
    what: "an old Excel file",
    file: "sheet.xls",
    contents: latin("\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1"),
    expected: /xls|Excel/,
  },
];

/** The list behind docs/inputs.md. */
export const inputCases: readonly { title: string; cases: readonly InputCase[] }[] = [
  { title: "What is read", cases: read },
  { title: "What is detected", cases: detected },
  { title: "What is refused", cases: refused },
];
