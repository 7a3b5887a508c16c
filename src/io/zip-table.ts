import { Problem } from "../problem/problem.ts";
import type { ByteSource } from "./byte-source.ts";
import type { ParsedTable, FormatOverrides } from "./parsed-table.ts";
import { refusedZip } from "./refused-formats.ts";
import { noSheet } from "./table-text.ts";
import { LARGEST_FILE, largestUnpacked } from "./size-limits.ts";
import { refusal } from "./text-check.ts";
import { readWorkbook } from "./xlsx.ts";
import { openZip } from "./zip-in.ts";

/** Number of members of a zip to try where the first has no table. */
const MOST_TRIED = 5;

/** Reads a workbook, or a table in a zip; `read` reads a member. Throws a `Problem` where there is none. */
export async function readZip(
  zip: ByteSource,
  overrides: FormatOverrides,
  read: (member: ByteSource, overrides: FormatOverrides) => Promise<ParsedTable>,
): Promise<ParsedTable> {
  const members = await openZip(zip);
  const paths = members.map(({ name }) => name);
  const mimetype = members.find(({ name, size }) => name === "mimetype" && size < 200);
  const type = mimetype === undefined ? "" : new TextDecoder().decode(await mimetype.slice(0, mimetype.size));
  const refused = refusedZip(paths, type);
  if (refused !== null) throw refusal(zip.name, refused);
  for (const { name, size } of members) {
    if (size > largestUnpacked(zip.size)) throw tooLarge(zip, name);
  }
  if (paths.includes("[Content_Types].xml") && paths.some((path) => /^\/?xl\/workbook\.xml$/i.test(path))) {
    const total = members.reduce((sum, { size }) => sum + size, 0);
    if (total > LARGEST_FILE) throw tooLarge(zip, "its sheets");
    return readWorkbook(zip, members, overrides);
  }
  return readMember(zip, members, overrides, read);
}

async function readMember(
  zip: ByteSource,
  members: readonly ByteSource[],
  overrides: FormatOverrides,
  read: (member: ByteSource, overrides: FormatOverrides) => Promise<ParsedTable>,
): Promise<ParsedTable> {
  const tables = members.filter(({ name, size }) => size > 0 && rank(name) < 9);
  tables.sort((a, b) => rank(a.name) - rank(b.name) || b.size - a.size);
  if (tables.length === 0) throw noTable(zip, members);
  const folders = foldersOfTexts(tables);
  if (folders.length > 1 && !overrides.sheet) throw textFiles(zip, tables.length, folders);
  const { sheet = null, ...others } = overrides;
  const named = sheet === null ? undefined : tables.find(({ name }) => name === sheet || name.endsWith(`/${sheet}`));
  if (sheet !== null && named === undefined && tables.length > 1)
    throw noSheet(
      zip.name,
      sheet,
      tables.map(({ name }) => name),
    );
  let firstProblem: unknown = null;
  for (const member of named === undefined ? tables.slice(0, MOST_TRIED) : [named]) {
    try {
      const table = await read(member, named === undefined && sheet !== null ? overrides : others);
      const names = tables.map(({ name }) => name).filter((name) => name !== member.name);
      if (tables.length === 1 && named === undefined) return table;
      return { ...table, format: { ...table.format, sheet: member.name }, sheets: names };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      firstProblem ??= error;
    }
  }
  throw firstProblem;
}

/** Rank of a member by how likely it is the table, 0 for the most likely; 9 for a member that is no table. */
function rank(path: string): number {
  const name = path.split("/").at(-1) ?? path;
  if (/(^|\/)(__MACOSX|\.)/.test(path) || /^(read ?me|licen[cs]e|copying|changelog|metadata)/i.test(name)) return 9;
  const plain = name.replace(/\.gz$/i, "");
  const isTraining = /train/i.test(name) ? 0 : 1;
  if (/\.(csv|tsv|tab|jsonl|ndjson|parquet|xlsx)$/i.test(plain)) return isTraining;
  if (/\.json$/i.test(plain)) return 2 + isTraining;
  if (/\.(txt|data|dat|label|all)$/i.test(plain) || !plain.includes(".")) return 4 + isTraining;
  return 9;
}

/** The folders of a zip with one file per text in folders by class; empty for other zips. */
function foldersOfTexts(tables: readonly ByteSource[]): string[] {
  const files = tables.map(({ name }) => name.split("/"));
  const folders = [...new Set(files.map((path) => path.at(-2) ?? ""))].filter((folder) => folder !== "");
  const areTexts = files.every((path) => path.length > 1 && /(\.txt|^[^.]+)$/i.test(path.at(-1) ?? ""));
  return areTexts && files.length >= 3 * folders.length ? folders.sort() : [];
}

function textFiles(zip: ByteSource, count: number, folders: readonly string[]): Problem {
  return new Problem({
    found: `${zip.name} holds ${count.toLocaleString("en")} text files in folders (${folders.slice(0, 5).join(", ")}${folders.length > 5 ? " …" : ""}), each a text, it seems, with its folder as label.`,
    expected: "A table was expected, with a row for each text.",
    remedy: "Write the texts into one CSV or JSON Lines file, with the folder's name as label in a column of its own.",
  });
}

function noTable(zip: ByteSource, members: readonly ByteSource[]): Problem {
  const names = members.slice(0, 5).map(({ name }) => name);
  const isLocked = members.length > 0;
  return new Problem({
    found: isLocked
      ? `${zip.name} has no table in it, but ${names.join(", ")}${members.length > 5 ? " …" : ""}.`
      : `${zip.name} is an empty zip.`,
    expected: "A zip with a CSV, TSV, JSON, JSON Lines, Parquet or XLSX file was expected.",
    remedy: "Choose a zip with a table, or the table itself.",
  });
}

function tooLarge(zip: ByteSource, what: string): Problem {
  return new Problem({
    found: `In ${zip.name} ${what} unpacks to far more bytes than a table has.`,
    expected: `A table of at most ${LARGEST_FILE / 1e6} MB was expected.`,
    remedy: "Unpack it and take a part of the rows.",
  });
}
