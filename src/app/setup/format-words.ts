import type { TableFormat, TableSummary, Task } from "../../workers/protocol.ts";
import { encodings } from "./encodings.ts";

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

/** What the labels are for, for the folded card. */
export const taskNames: Record<Task, string> = {
  "single-label": "single-label",
  "multi-label": "multi-label",
  regression: "regression",
  "token-classification": "token classification",
};

/** What is shown for a value; one that is not among the options stands for itself. */
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
