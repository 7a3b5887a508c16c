/** The kinds of tables that can be read. */
export type TableKind =
  "delimited" | "json-lines" | "json" | "fasttext" | "label-first" | "parallel" | "conll" | "parquet" | "xlsx";

/** How a table is read; detected, parts of it can be overridden. */
export interface TableFormat {
  kind: TableKind;
  /** WHATWG name, lower case ("utf-8", "gbk", "windows-1251"); "utf-8" for Parquet and workbooks. */
  encoding: string;
  /** One character, or null where the kind has none. */
  delimiter: string | null;
  /** One character, or "" where quotes mean nothing; null where the kind has none. */
  quote: string | null;
  header: boolean;
  /** Lines above the header (or first row) that are not part of the table, such as "sep=;" and titles. */
  skippedLines: number;
  /** Name of the sheet of a workbook, or of the member of a zip or split of a JSON object, that was read; null where there is one table only and none was named. */
  sheet: string | null;
}

/** What a person may override. */
export type FormatOverrides = Partial<Pick<TableFormat, "encoding" | "delimiter" | "quote" | "header" | "sheet">>;
