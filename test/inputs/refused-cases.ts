import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { csv, fixture, type InputCase, latin, utf8 } from "./input-case.ts";

const zipOf = (members: Record<string, string>) =>
  new Uint8Array(zipSync(Object.fromEntries(Object.entries(members).map(([path, text]) => [path, utf8(text)]))));
const zeros = new Uint8Array(60_000_000);

export const refusedCases: InputCase[] = [
  { what: "an empty file", file: "empty.csv", contents: "", expected: /empty\.csv is empty/ },
  { what: "blank lines", file: "blank.csv", contents: "\n \n\n", expected: /nothing but blank lines/ },
  { what: "a header alone", file: "header.csv", contents: "text,label\n", expected: /no rows/ },
  {
    what: "a Git LFS pointer",
    file: "train.csv",
    contents: fixture("brought/not-a-table-lfs/data.csv"),
    expected: /Git LFS pointer/,
  },
  {
    what: "a web page",
    file: "train-blob.csv",
    contents: "<!DOCTYPE html>\n<html lang='en'><head><title>train.csv</title></head><body>…</body></html>",
    expected: /web page/,
  },
  {
    what: "a table of a web page",
    file: "table.xls",
    contents: `\n<table border="1"><tr><th>text</th></tr></table>`,
    expected: /a web page \(HTML\)/,
  },
  {
    what: "SQL statements",
    file: "dump.sql",
    contents: `-- dump of May\nCREATE TABLE reviews (text text, label text);\nINSERT INTO reviews VALUES ('dull', 'neg');\n`,
    expected: /a file of SQL statements/,
  },
  {
    what: "PostgreSQL's COPY",
    file: "copy.csv",
    contents: `COPY public.reviews (text, label) FROM stdin;\ndull\tneg\n\\.\n`,
    expected: /a file of SQL statements/,
  },
  {
    what: "an ARFF file",
    file: "sms.arff",
    contents: `% from May\n@relation sms\n@attribute text string\n@attribute label {ham,spam}\n@data\n'call me',ham\n`,
    expected: /an ARFF file of Weka/,
  },
  { what: "an XML file", file: "rows.xml", contents: '<?xml version="1.0"?><rows><row/></rows>', expected: /XML/ },
  { what: "a PDF", file: "paper.pdf", contents: latin("%PDF-1.7\n%\u00e2\u00e3"), expected: /PDF/ },
  { what: "an image", file: "scan.png", contents: latin("\u0089PNG\r\n\u001a\n"), expected: /image \(PNG\)/ },
  { what: "a photograph", file: "photo.jpg", contents: latin("\u00ff\u00d8\u00ff\u00e0"), expected: /image \(JPEG\)/ },
  { what: "an old Excel workbook", file: "sheet.xls", contents: fixture("formats/old.xls"), expected: /\.xls/ },
  {
    what: "a workbook with a password",
    file: "locked.xlsx",
    contents: fixture("formats/locked.xlsx"),
    expected: /password/,
  },
  {
    what: "an OpenDocument spreadsheet",
    file: "sheet.ods",
    contents: zipOf({ mimetype: "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>" }),
    expected: /\.ods/,
  },
  {
    what: "a Word document",
    file: "texts.docx",
    contents: zipOf({ "[Content_Types].xml": "<x/>", "word/document.xml": "<x/>" }),
    expected: /\.docx/,
  },
  { what: "an Arrow file", file: "data.arrow", contents: fixture("formats/a.arrow"), expected: /Arrow/ },
  { what: "a NumPy array", file: "x.npy", contents: latin("\u0093NUMPY\u0001\u0000v\u0000{"), expected: /NumPy/ },
  { what: "NumPy arrays", file: "x.npz", contents: zipOf({ "x.npy": "x", "y.npy": "y" }), expected: /\.npz/ },
  {
    what: "a Python pickle",
    file: "frame.pkl",
    contents: latin("\u0080\u0004\u0095\u0010\u0000\u0000\u0000\u0000\u0000\u0000\u0000"),
    expected: /pickle/,
  },
  { what: "an SQLite database", file: "rows.db", contents: latin("SQLite format 3\u0000"), expected: /SQLite/ },
  { what: "an HDF5 file", file: "rows.h5", contents: latin("\u0089HDF\r\n\u001a\n"), expected: /HDF5/ },
  {
    what: "a Jupyter notebook",
    file: "study.ipynb",
    contents: JSON.stringify({ cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 }),
    expected: /notebook/,
  },
  { what: "bzip2", file: "train.csv.bz2", contents: latin("BZh91AY&SY"), expected: /bzip2/ },
  { what: "xz", file: "train.csv.xz", contents: latin("\u00fd7zXZ\u0000"), expected: /xz file/ },
  {
    what: "Zstandard",
    file: "train.jsonl.zst",
    contents: latin("\u0028\u00b5\u002f\u00fd\u0004"),
    expected: /Zstandard/,
  },
  { what: "7z", file: "data.7z", contents: latin("7z\u00bc\u00af\u0027\u001c\u0000\u0004"), expected: /7z/ },
  { what: "RAR", file: "data.rar", contents: latin("Rar!\u001a\u0007\u0000"), expected: /RAR/ },
  {
    what: "a zip with a file for each text",
    file: "films.zip",
    contents: zipOf(
      Object.fromEntries(
        ["pos", "neg"].flatMap((mood) => [1, 2, 3].map((n) => [`train/${mood}/${n}.txt`, "a film\n"])),
      ),
    ),
    expected: /6 text files in folders \(neg, pos\)/,
  },
  {
    what: "a zip with a file for each text, without endings",
    file: "news.zip",
    contents: zipOf(
      Object.fromEntries(
        ["alt.atheism", "sci.space"].flatMap((group) => [51, 52, 53].map((n) => [`${group}/${n}`, "From: a\n\nb\n"])),
      ),
    ),
    expected: /6 text files in folders \(alt\.atheism, sci\.space\)/,
  },
  {
    what: "a zip without a table",
    file: "pictures.zip",
    contents: zipOf({ "a.png": "x", "b.png": "y" }),
    expected: /no table in it, but a\.png/,
  },
  {
    what: "a gzip file that is cut off",
    file: "part.csv.gz",
    contents: new Uint8Array(gzipSync(csv.repeat(20)).subarray(0, 60)),
    expected: /to its end/,
  },
  {
    what: "a gzip file made to fill memory",
    file: "bomb.csv.gz",
    contents: new Uint8Array(gzipSync(zeros, { level: 6 })),
    expected: /unpacks to far more/,
  },
  {
    what: "a zip made to fill memory",
    file: "bomb.zip",
    contents: new Uint8Array(zipSync({ "bomb.csv": zeros }, { level: 6 })),
    expected: /unpacks to far more/,
  },
  {
    what: "a Parquet file that is cut off",
    file: "part.parquet",
    contents: fixture("formats/sentiment-snappy.parquet").slice(0, 100),
    expected: /Parquet file that cannot be read/,
  },
  {
    what: "JSON that is cut off",
    file: "part.json",
    contents: '[{"text": "a good film", "label": "pos"}, {"text": "a ba',
    expected: /cannot be read as JSON/,
  },
];
