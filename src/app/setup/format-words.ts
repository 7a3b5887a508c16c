import type { TableFormat, TableSummary, Task } from "../../workers/protocol.ts";

export interface Option<Value> {
  value: Value;
  label: string;
}

export const delimiters: readonly Option<string>[] = [
  { value: ",", label: "Comma" },
  { value: ";", label: "Semicolon" },
  { value: "\t", label: "Tab" },
  { value: "|", label: "Bar |" },
  { value: ":", label: "Colon" },
  { value: " ", label: "Space" },
];

export const quotes: readonly Option<string>[] = [
  { value: '"', label: 'Double "' },
  { value: "'", label: "Single '" },
  { value: "", label: "None" },
];

const kinds: Record<TableFormat["kind"], string> = {
  delimited: "",
  "json-lines": "JSON Lines",
  json: "JSON",
  fasttext: "fastText lines",
  "label-first": "lines that begin with their label",
  parallel: "parallel files",
  conll: "CoNLL",
  parquet: "Parquet",
  xlsx: "Excel workbook",
};

/** The name of a task on the folded card: "multi-label", "token classification". */
export const taskText = (task: Task): string => (task.endsWith("-label") ? task : task.replace("-", " "));

/** The label of a value; a value that is not among the options is its own label. */
function labelOf(options: readonly Option<string>[], value: string): string {
  return options.find((option) => option.value === value)?.label ?? value;
}

/** How a table was read, for the folded card: "UTF-8, comma, header" or "GBK (uncertain), tab, no header". */
export function formatText({ format, findings }: Pick<TableSummary, "format" | "findings">): string {
  const { kind, encoding, delimiter, header, sheet } = format;
  const isDoubtful = findings.some(({ id }) => id === "doubtful-encoding");
  const name = labelOf(encodings, encoding).replace(/ [(].*/, "");
  const isBinary = kind === "parquet" || kind === "xlsx";
  return [
    kinds[kind],
    isBinary ? "" : name + (isDoubtful ? " (uncertain)" : ""),
    delimiter === null ? "" : labelOf(delimiters, delimiter).toLowerCase(),
    kind === "delimited" || kind === "xlsx" ? (header ? "header" : "no header") : "",
    sheet === null ? "" : `“${sheet}”`,
  ]
    .filter(Boolean)
    .join(", ");
}

/** The encodings of the WHATWG Encoding Standard that a table can have, with their scripts or languages. */
export const encodings: readonly { value: string; label: string }[] = [
  { value: "utf-8", label: "UTF-8" },
  { value: "utf-16le", label: "UTF-16 LE" },
  { value: "utf-16be", label: "UTF-16 BE" },
  { value: "windows-1252", label: "Windows-1252 (Western)" },
  { value: "iso-8859-15", label: "ISO-8859-15 (Western)" },
  { value: "macintosh", label: "Macintosh (Western)" },
  { value: "windows-1250", label: "Windows-1250 (Central European)" },
  { value: "iso-8859-2", label: "ISO-8859-2 (Central European)" },
  { value: "iso-8859-16", label: "ISO-8859-16 (Romanian)" },
  { value: "windows-1251", label: "Windows-1251 (Cyrillic)" },
  { value: "koi8-r", label: "KOI8-R (Russian)" },
  { value: "koi8-u", label: "KOI8-U (Ukrainian)" },
  { value: "iso-8859-5", label: "ISO-8859-5 (Cyrillic)" },
  { value: "ibm866", label: "IBM866 (Cyrillic)" },
  { value: "x-mac-cyrillic", label: "Mac (Cyrillic)" },
  { value: "gbk", label: "GBK (simplified Chinese)" },
  { value: "gb18030", label: "GB18030 (Chinese)" },
  { value: "big5", label: "Big5 (traditional Chinese)" },
  { value: "shift_jis", label: "Shift-JIS (Japanese)" },
  { value: "euc-jp", label: "EUC-JP (Japanese)" },
  { value: "iso-2022-jp", label: "ISO-2022-JP (Japanese)" },
  { value: "euc-kr", label: "EUC-KR (Korean)" },
  { value: "windows-1253", label: "Windows-1253 (Greek)" },
  { value: "iso-8859-7", label: "ISO-8859-7 (Greek)" },
  { value: "windows-1254", label: "Windows-1254 (Turkish)" },
  { value: "iso-8859-3", label: "ISO-8859-3 (Maltese)" },
  { value: "windows-1255", label: "Windows-1255 (Hebrew)" },
  { value: "iso-8859-8", label: "ISO-8859-8 (Hebrew, visual)" },
  { value: "iso-8859-8-i", label: "ISO-8859-8-I (Hebrew)" },
  { value: "windows-1256", label: "Windows-1256 (Arabic)" },
  { value: "iso-8859-6", label: "ISO-8859-6 (Arabic)" },
  { value: "windows-1257", label: "Windows-1257 (Baltic)" },
  { value: "iso-8859-4", label: "ISO-8859-4 (Baltic)" },
  { value: "iso-8859-13", label: "ISO-8859-13 (Baltic)" },
  { value: "windows-1258", label: "Windows-1258 (Vietnamese)" },
  { value: "windows-874", label: "Windows-874 (Thai)" },
  { value: "iso-8859-10", label: "ISO-8859-10 (Nordic)" },
  { value: "iso-8859-14", label: "ISO-8859-14 (Celtic)" },
];
