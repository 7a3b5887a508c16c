import { Problem } from "../problem/problem.ts";
import { isObject } from "./json-object.ts";
import { recordOf } from "./json-records.ts";
import { note, type ParsedTable } from "./parsed-table.ts";
import { RecordColumns } from "./record-columns.ts";
import { emptyTable, linesOf, type TextFile } from "./table-text.ts";

/** Reads JSON Lines: an object or a list on each line. Lines that are not JSON are skipped and counted. */
export async function readJsonLines(file: TextFile): Promise<ParsedTable> {
  const columns = new RecordColumns();
  let firstBroken = 0;
  let skippedLines = 0;
  for await (const { text, number } of linesOf(file, columns.faults)) {
    if (text.trim() === "") continue;
    if (columns.rowCount === 0 && firstBroken === 0 && isComment(text)) {
      skippedLines = number;
      continue;
    }
    const value = parseLine(text);
    if (isObject(value) || Array.isArray(value)) columns.add(recordOf(value), number);
    else {
      note(columns.faults.broken, number);
      firstBroken ||= number;
    }
  }
  if (columns.rowCount === 0 && firstBroken > 0) {
    throw new Problem({
      found: `${file.name} looks like JSON Lines, but line ${firstBroken} and all others are no JSON objects.`,
      expected: "An object with quoted keys on each line was expected.",
      remedy: "Write the file again with json.dumps or to_json(orient='records', lines=True).",
    });
  }
  if (columns.rowCount === 0) throw emptyTable(file.name, "holds nothing but blank lines");
  const { encoding, encodingConfidence } = file;
  const format = {
    kind: "json-lines",
    encoding,
    delimiter: null,
    quote: null,
    header: true,
    skippedLines,
    sheet: null,
  } as const;
  return columns.table(format, encodingConfidence);
}

const isComment = (line: string) => /^\s*(#|\/\/)/.test(line);

/** Whether the first lines of a text are JSON values, one per line, below optional comments. */
export function looksLikeJsonLines(sample: string, isCut: boolean): boolean {
  const lines = sample.split(/\r\n|\n|\r/);
  if (isCut) lines.pop();
  const filled = lines.filter((line) => line.trim() !== "" && !isComment(line)).slice(0, 20);
  const [first = ""] = filled;
  // One long line is cut off within the sample.
  if (filled.length === 0) return isCut && /^\s*\{"[^"]+":\s*["\d]/.test(sample) && !/^[^\n\r]{65000}/.test(sample);
  if (!/^\s*[[{]/.test(first)) return false;
  if (filled.length === 1 && !isCut) {
    const value = parseLine(first);
    return isObject(value) && Object.values(value).every((one) => typeof one !== "object" || one === null);
  }
  const sound = filled.filter((line) => typeof parseLine(line) === "object").length;
  return sound > 0 && sound >= 0.5 * filled.length;
}

function parseLine(text: string): unknown {
  const line = text.trim().replace(/^\ufeff/, "");
  try {
    return JSON.parse(line) as unknown;
  } catch {
    if (!line.endsWith(",")) return undefined;
  }
  try {
    return JSON.parse(line.slice(0, -1)) as unknown;
  } catch {
    return undefined;
  }
}
