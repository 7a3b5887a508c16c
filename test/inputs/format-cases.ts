import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { csv, fixture, type InputCase, list, one, rows, utf8 } from "./input-case.ts";

const labels = ["neg", "pos"];
const objects = list(20, (text, row) => ({ text, label: one(row, labels) }));
const both = { rows: 20, text: "text", label: "label", classes: { neg: 10, pos: 10 } };

export const delimitedCases: InputCase[] = [
  { what: "commas", file: "reviews.csv", contents: csv, expected: both },
  {
    what: "tabs, without a header",
    file: "reviews.tsv",
    contents: rows(20, (text, row) => `${one(row, labels)}\t${text}`),
    expected: { rows: 20, text: "column 2", label: "column 1" },
  },
  {
    what: "semicolons, below a line sep=;",
    file: "export.csv",
    contents: `sep=;\ntext;label\n${rows(20, (text, row) => `${text}, really;${one(row, labels)}`)}`,
    expected: { rows: 20, format: { encoding: "utf-8", delimiter: ";", quote: '"', header: true, skippedLines: 1 } },
  },
  {
    what: "bars, with quotes that mean nothing",
    file: "quotes.txt",
    contents: `content|label\n${rows(20, (text, row) => `${row % 5 ? "" : '"'}${text}|${one(row, labels)}`)}`,
    expected: { rows: 20, format: { encoding: "utf-8", delimiter: "|", quote: null, header: true, skippedLines: 0 } },
  },
  {
    what: "apostrophes as quotes of some cells",
    file: "news.csv",
    contents: `text;label\n${rows(20, (text, row) => `${row % 3 ? text : `'so; ${text}'`};${one(row, labels)}`)}`,
    expected: { rows: 20, format: { encoding: "utf-8", delimiter: ";", quote: "'", header: true, skippedLines: 0 } },
  },
  {
    what: "a title above the header",
    file: "survey.csv",
    contents: `Survey of May\n\n${csv}`,
    expected: { ...both, format: { encoding: "utf-8", delimiter: ",", quote: '"', header: true, skippedLines: 2 } },
  },
  {
    what: "rows that end with CR, with LF within cells",
    file: "mac.csv",
    contents: `text,label\r${list(20, (text, row) => `"${text}\nand more",${one(row, labels)}`).join("\r")}\r`,
    expected: both,
  },
  {
    what: "three header lines, as Orange writes them",
    file: "reviews.tab",
    contents: `text\tlabel\nstring\tdiscrete\nmeta\tclass\n${csv.slice(11).replaceAll(",", "\t")}`,
    expected: both,
  },
  {
    what: "names of rows, for which the header has no cell, as R writes them",
    file: "reviews.txt",
    contents: `text\tlabel\n${rows(20, (text, row) => `${row + 1}\t${text}\t${one(row, labels)}`)}`,
    expected: { ...both, columns: ["column 1", "text", "label"] },
  },
  {
    what: "a table drawn in Markdown",
    file: "reviews.md",
    contents: `| text | label |\n|---|---|\n${rows(20, (text, row) => `| ${text} | ${one(row, labels)} |`)}`,
    expected: both,
  },
  {
    what: "a delimiter that is seldom one, without a header",
    file: "phrases.txt",
    contents: rows(20, (text, row) => `${text} .@${one(row, labels)}`),
    expected: { rows: 20, text: "column 1", label: "column 2", classes: { neg: 10, pos: 10 } },
  },
];

export const otherCases: InputCase[] = [
  {
    what: "JSON Lines",
    file: "reviews.jsonl",
    contents: objects.map((row) => JSON.stringify(row)).join("\n"),
    expected: { ...both, kind: "json-lines" },
  },
  {
    what: "JSON, a list of objects",
    file: "reviews.json",
    contents: JSON.stringify(objects),
    expected: { ...both, kind: "json" },
  },
  {
    what: "JSON, lists by name",
    file: "columns.json",
    contents: JSON.stringify({ text: objects.map(({ text }) => text), label: objects.map(({ label }) => label) }),
    expected: { ...both, kind: "json" },
  },
  {
    what: "JSON, splits by name, of lists of text and label",
    file: "splits.json",
    contents: JSON.stringify({
      val: list(4, (text, row) => [text, one(row, labels)]),
      train: list(20, (text, row) => [text, one(row, labels)]),
    }),
    expected: { rows: 20, text: "column 1", label: "column 2", kind: "json", sheet: "train" },
    finding: "other-tables",
  },
  {
    what: "JSON, rows under a key",
    file: "answer.json",
    contents: JSON.stringify({ version: 1, data: objects }),
    expected: { ...both, kind: "json" },
  },
  {
    what: "JSON, rows within objects",
    file: "nlu.json",
    contents: JSON.stringify({ nlu: { common_examples: objects } }),
    expected: { ...both, kind: "json" },
  },
  {
    what: "JSON, texts of each intent of a chat bot",
    file: "bot.json",
    contents: JSON.stringify({
      intents: labels.map((tag) => ({ tag, patterns: list(10, (text, row) => `${tag} ${row}: ${text}`) })),
    }),
    expected: { ...both, kind: "json" },
  },
  {
    what: "JSON, as Label Studio writes it",
    file: "project-1.json",
    contents: JSON.stringify(
      objects.map(({ text, label }, id) => ({
        id,
        annotations: [{ result: [{ from_name: "label", value: { choices: [label] } }] }],
        data: { text },
      })),
    ),
    expected: { ...both, kind: "json" },
  },
  {
    what: "JSON Lines, labels in lists of one, below a comment",
    file: "doccano.jsonl",
    contents: `# exported in May\n${objects.map(({ text, label }) => JSON.stringify({ text, label: [label] })).join("\n")}`,
    expected: { ...both, kind: "json-lines" },
  },
  {
    what: "JSON, texts by their label",
    file: "intents.json",
    contents: JSON.stringify({ greet: list(10, (text) => `hi, ${text}`), leave: list(10, (text) => `bye, ${text}`) }),
    expected: { rows: 20, kind: "json", classes: { greet: 10, leave: 10 } },
  },
  {
    what: "fastText lines",
    file: "fasttext.txt",
    contents: rows(20, (text, row) => `__label__${one(row, labels)} ${text}`),
    expected: { ...both, kind: "fasttext" },
  },
  {
    what: "lines that begin with their label",
    file: "questions.label",
    contents: rows(20, (text, row) => `${one(row, ["LOC:city", "NUM:count"])} What of ${text} ?`),
    expected: { rows: 20, kind: "label-first", classes: { "LOC:city": 10, "NUM:count": 10 } },
  },
  {
    what: "CoNLL, a word and its tag on each line",
    file: "entities.conll",
    contents: rows(20, (text) => `Anna B-PER\nsaid O\n${text.replaceAll(" ", " O\n")} O\n`),
    expected: { rows: 20, kind: "conll", task: "token-classification" },
    finding: "detected-task",
  },
  {
    what: "two files of as many lines, and the names of the labels",
    file: "texts.txt",
    contents: rows(20, (text) => text),
    beside: [
      { file: "labels.txt", contents: rows(20, (_, row) => String(row % 2)) },
      { file: "names.txt", contents: "World\nSport\n" },
    ],
    expected: { rows: 20, kind: "parallel", classes: { World: 10, Sport: 10 } },
  },
  {
    what: "Parquet, with the class names of Hugging Face",
    file: "sentiment.parquet",
    contents: fixture("formats/sentiment-zstd.parquet"),
    expected: { rows: 40, kind: "parquet", text: "text", label: "label" },
  },
  {
    what: "Parquet, tags by name within lists",
    file: "tags.parquet",
    contents: fixture("formats/tags-in-lists.parquet"),
    expected: { kind: "parquet", task: "token-classification" },
    finding: "detected-task",
  },
  {
    what: "XLSX, below a title, beside other sheets",
    file: "reviews.xlsx",
    contents: fixture("formats/reviews.xlsx"),
    expected: { rows: 40, kind: "xlsx", sheet: "Reviews", text: "text", label: "label" },
    finding: "other-tables",
  },
];

export const packedCases: InputCase[] = [
  { what: "gzip of CSV", file: "reviews.csv.gz", contents: new Uint8Array(gzipSync(csv)), expected: both },
  {
    what: "gzip of JSON Lines",
    file: "reviews.jsonl.gz",
    contents: new Uint8Array(gzipSync(objects.map((row) => JSON.stringify(row)).join("\n"))),
    expected: { ...both, kind: "json-lines" },
  },
  {
    what: "gzip of Parquet",
    file: "sentiment.parquet.gz",
    contents: new Uint8Array(gzipSync(fixture("formats/sentiment-snappy.parquet"))),
    expected: { rows: 40, kind: "parquet" },
  },
  {
    what: "a zip with several tables",
    file: "data.zip",
    contents: new Uint8Array(
      zipSync({ "README.txt": utf8("about this"), "data/test.csv": utf8(csv), "data/train.csv": utf8(csv) }),
    ),
    expected: { ...both, sheet: "data/train.csv" },
    finding: "other-tables",
  },
  {
    what: "a zip with one table",
    file: "fasttext.zip",
    contents: new Uint8Array(
      zipSync({ "fasttext.txt": utf8(rows(20, (text, row) => `__label__${one(row, labels)} ${text}`)) }),
    ),
    expected: { ...both, kind: "fasttext", sheet: null },
  },
];
