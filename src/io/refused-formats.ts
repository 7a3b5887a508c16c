/** A kind of file that is not read as a table. */
interface RefusedFormat {
  what: string;
  remedy: string;
}

const asCsv = "Open it in the program that made it and save the table as CSV (UTF-8).";
const unpack = "Unpack it first and choose the table in it.";
const notData = "Choose the file with the texts and their labels.";
const inPython = (code: string) => `Convert it in Python, for example with ${code}.`;

const signatures: (RefusedFormat & { bytes: readonly (number | null)[]; at?: number })[] = [
  { bytes: ascii("%PDF"), what: "a PDF", remedy: "Export the table as CSV from where it was made." },
  { bytes: [0x89, ...ascii("PNG")], what: "an image (PNG)", remedy: notData },
  { bytes: [0xff, 0xd8, 0xff], what: "an image (JPEG)", remedy: notData },
  { bytes: ascii("GIF8"), what: "an image (GIF)", remedy: notData },
  { bytes: [...ascii("RIFF"), null, null, null, null, ...ascii("WEBP")], what: "an image (WebP)", remedy: notData },
  { bytes: [...ascii("RIFF"), null, null, null, null, ...ascii("WAVE")], what: "a sound file (WAV)", remedy: notData },
  { bytes: [0x49, 0x49, 0x2a, 0], what: "an image (TIFF)", remedy: notData },
  { bytes: [0x4d, 0x4d, 0, 0x2a], what: "an image (TIFF)", remedy: notData },
  { bytes: ascii("ftyp"), at: 4, what: "a video or image (MP4, HEIC)", remedy: notData },
  {
    bytes: ascii("ARROW1"),
    what: "an Arrow (Feather) file",
    remedy: inPython("pandas.read_feather(FILE).to_csv('data.csv', index=False)"),
  },
  {
    bytes: [0xff, 0xff, 0xff, 0xff, null, null, 0, 0, 0x10, 0, 0, 0],
    what: "an Arrow stream",
    remedy: inPython("datasets.Dataset.from_file(FILE).to_csv('data.csv')"),
  },
  {
    bytes: ascii("FEA1"),
    what: "a Feather file",
    remedy: inPython("pandas.read_feather(FILE).to_csv('data.csv', index=False)"),
  },
  {
    bytes: ascii("ORC"),
    what: "an ORC file",
    remedy: inPython("pandas.read_orc(FILE).to_csv('data.csv', index=False)"),
  },
  { bytes: [...ascii("Obj"), 1], what: "an Avro file", remedy: "Convert it to Parquet or CSV first." },
  {
    bytes: ascii("SQLite format 3"),
    what: "an SQLite database",
    remedy: "Export the table as CSV: sqlite3 -header -csv FILE 'select * from TABLE' > data.csv.",
  },
  {
    bytes: [0x89, ...ascii("HDF")],
    what: "an HDF5 file",
    remedy: inPython("pandas.read_hdf(FILE).to_csv('data.csv', index=False)"),
  },
  {
    bytes: [0x93, ...ascii("NUMPY")],
    what: "a NumPy array",
    remedy: "Save texts and labels together as CSV, for example with pandas.DataFrame(…).to_csv.",
  },
  {
    bytes: [0x80, 2],
    what: "a Python pickle",
    remedy: inPython("pandas.read_pickle(FILE).to_csv('data.csv', index=False)"),
  },
  {
    bytes: [0x80, 3],
    what: "a Python pickle",
    remedy: inPython("pandas.read_pickle(FILE).to_csv('data.csv', index=False)"),
  },
  {
    bytes: [0x80, 4, 0x95],
    what: "a Python pickle",
    remedy: inPython("pandas.read_pickle(FILE).to_csv('data.csv', index=False)"),
  },
  {
    bytes: [0x80, 5, 0x95],
    what: "a Python pickle",
    remedy: inPython("pandas.read_pickle(FILE).to_csv('data.csv', index=False)"),
  },
  { bytes: ascii("BZh"), what: "a bzip2 file", remedy: unpack },
  { bytes: [0xfd, ...ascii("7zXZ")], what: "an xz file", remedy: unpack },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], what: "a Zstandard file", remedy: unpack },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], what: "a 7z archive", remedy: unpack },
  { bytes: ascii("Rar!"), what: "a RAR archive", remedy: unpack },
  { bytes: ascii("ustar"), at: 257, what: "a tar archive", remedy: unpack },
  {
    bytes: ascii("RDX"),
    what: "an R workspace",
    remedy: "Save the table in R with write.csv(TABLE, 'data.csv', row.names = FALSE).",
  },
  { bytes: ascii("$FL2"), what: "an SPSS file", remedy: asCsv },
  { bytes: ascii("<stata_dta>"), what: "a Stata file", remedy: asCsv },
  { bytes: ascii("GGUF"), what: "a GGUF model", remedy: notData },
  { bytes: [0x7f, ...ascii("ELF")], what: "a program", remedy: notData },
  { bytes: ascii("{\\rtf"), what: "an RTF document", remedy: "Save the table as CSV (UTF-8)." },
];

function ascii(text: string): number[] {
  return [...text].map((character) => character.charCodeAt(0));
}

/** The kind of a file by its first bytes; null where it may be a table. `head` has at least its first 512 bytes. */
export function refusedByBytes(head: Uint8Array): RefusedFormat | null {
  const matches = ({ bytes, at = 0 }: { bytes: readonly (number | null)[]; at?: number }) =>
    bytes.every((byte, index) => byte === null || head[at + index] === byte);
  return signatures.find(matches) ?? null;
}

/** The kind of an OLE file by the names of its streams, in UTF-16. */
export function refusedOle(bytes: Uint8Array): RefusedFormat {
  const names = new TextDecoder("utf-16le").decode(bytes.subarray(0, bytes.length - (bytes.length % 2)));
  if (names.includes("EncryptedPackage")) {
    return {
      what: "a workbook with a password",
      remedy: "Open it, remove the password (save it without encryption), and choose it again.",
    };
  }
  if (names.includes("WordDocument"))
    return { what: "an old Word document (.doc)", remedy: "Save its table as CSV (UTF-8)." };
  return {
    what: "an old Excel workbook (.xls)",
    remedy: "Open it in a spreadsheet program and save it as .xlsx or CSV (UTF-8).",
  };
}

/** The kind of a zip by the paths in it; null where it may be a zip of tables. */
export function refusedZip(paths: readonly string[], mimetype: string): RefusedFormat | null {
  const has = (path: string | RegExp) =>
    paths.some((one) => (typeof path === "string" ? one === path : path.test(one)));
  if (mimetype.includes("opendocument.spreadsheet"))
    return {
      what: "an OpenDocument spreadsheet (.ods)",
      remedy: "Open it and save the sheet as .xlsx or CSV (UTF-8).",
    };
  if (mimetype.includes("opendocument"))
    return { what: "an OpenDocument file", remedy: "Save its table as CSV (UTF-8)." };
  if (mimetype.includes("epub")) return { what: "an e-book (EPUB)", remedy: notData };
  if (has("word/document.xml")) return { what: "a Word document (.docx)", remedy: "Save its table as CSV (UTF-8)." };
  if (has("ppt/presentation.xml")) return { what: "a presentation (.pptx)", remedy: notData };
  if (has("xl/workbook.bin"))
    return { what: "a binary Excel workbook (.xlsb)", remedy: "Open it and save it as .xlsx or CSV (UTF-8)." };
  if (has(/^Index\/.*\.iwa$/)) return { what: "a Numbers document", remedy: "Export it as CSV (UTF-8) from Numbers." };
  if (has(/(^|\/)data\.pkl$/)) return { what: "a PyTorch checkpoint", remedy: notData };
  if (paths.length > 0 && paths.every((path) => path.endsWith(".npy")))
    return { what: "NumPy arrays (.npz)", remedy: "Save texts and labels together as CSV." };
  return null;
}

/** The kind of a text file by its beginning; null where it may be a table. */
export function refusedByText(sample: string): RefusedFormat | null {
  const start = sample.trimStart().slice(0, 2000);
  if (/^version https:\/\/git-lfs\.github\.com\/spec/.test(start)) {
    return {
      what: "a Git LFS pointer: three lines that stand for a file which was not downloaded",
      remedy: "Run “git lfs pull” in the repository, or download the file itself from its page.",
    };
  }
  if (/^(<!--[\s\S]*?-->\s*)?<(!doctype html|html|head|body|meta|title|table)\b/i.test(start)) {
    return {
      what: "a web page (HTML)",
      remedy:
        "Download the file itself (on GitHub and Hugging Face the link “raw” or “download”), not the page that shows it.",
    };
  }
  if (/^<\?xml|^<(svg|Workbook|rss|feed)\b/.test(start)) {
    const isSheet = start.includes("urn:schemas-microsoft-com:office:spreadsheet");
    if (start.includes("<svg")) return { what: "an image (SVG)", remedy: notData };
    return isSheet
      ? { what: "an XML spreadsheet of Excel 2003", remedy: "Open it and save it as .xlsx or CSV (UTF-8)." }
      : {
          what: "an XML file",
          remedy: "Convert it to CSV, for example with pandas.read_xml(FILE).to_csv('data.csv', index=False).",
        };
  }
  if (/^(%.*\s+)*@relation\s/i.test(start) && /^@attribute\s/im.test(start))
    return { what: "an ARFF file of Weka", remedy: "Open it in Weka and save it as CSV." };
  if (isSql(start)) {
    return {
      what: "a file of SQL statements",
      remedy: "Load it into its database and export the table as CSV, with the names of the columns.",
    };
  }
  if (/^\{\\rtf/.test(start)) return { what: "an RTF document", remedy: "Save its table as CSV (UTF-8)." };
  if (/^%!PS/.test(start)) return { what: "a PostScript file", remedy: notData };
  return null;
}

/** Whether the first lines are statements that end with a semicolon. */
function isSql(start: string): boolean {
  const code = start.replace(/^(\s|--.*|\/\*[\s\S]*?\*\/;?)+/, "");
  const isStatement = /^(CREATE|INSERT|COPY|DROP|SET|BEGIN|USE|LOCK|PRAGMA|START)\s/i.test(code);
  return isStatement && /^(CREATE TABLE|INSERT INTO|COPY)\s[^;]*(;\s*$|\()/im.test(code) && /;\s*$/m.test(code);
}
