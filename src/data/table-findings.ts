import { DOUBTFUL, type ParsedTable } from "../io/read-table.ts";
import { HUGE_CELL, type OddRows, type TableFaults, type FormatOverrides } from "../io/parsed-table.ts";
import type { Finding } from "./summary.ts";
import { counted, percent, quoted } from "../recipe/wording.ts";

type Said = Omit<Finding, "tableRows" | "lines">;

/** Findings on a file itself: how it was read, and rows that could not be read like the others. */
export function describeTable(table: ParsedTable, known: FormatOverrides): Finding[] {
  const { faults, lines } = table;
  const findings = [
    ...encodingFindings(table, known),
    ...tablesFinding(table, known),
    ...quoteFindings(faults),
    ...rowFindings(faults, table.columns),
    ...characterFindings(faults),
    ...sameNames(table.columns),
  ];
  return withLines(findings, lines);
}

/** Findings with the lines of the file beside the rows of the table. */
export function withLines(findings: readonly Finding[], lines: Int32Array | null): Finding[] {
  if (lines === null) return [...findings];
  return findings.map((finding) => ({
    ...finding,
    lines: finding.lines ?? finding.tableRows.map((row) => lines[row - 1] ?? row),
  }));
}

function encodingFindings({ format, encodingConfidence }: ParsedTable, known: FormatOverrides): Finding[] {
  if (encodingConfidence >= DOUBTFUL || known.encoding !== undefined) return [];
  return [
    {
      id: "doubtful-encoding",
      severity: "warning",
      text: `The encoding is taken to be ${format.encoding}, which is a guess (${percent(encodingConfidence)} sure).`,
      remedy: "Look at the first rows; if letters are wrong, choose another encoding.",
      tableRows: [],
    },
  ];
}

function tablesFinding({ sheets, format }: ParsedTable, known: FormatOverrides): Finding[] {
  const others = sheets.filter((name) => name !== format.sheet);
  if (others.length === 0 || known.sheet !== undefined) return [];
  return [
    {
      id: "other-tables",
      severity: "note",
      text: `The file has more tables than "${format.sheet ?? ""}", which was read: ${quoted(others)}.`,
      remedy: "Choose another of them if its rows are meant.",
      tableRows: [],
    },
  ];
}

function quoteFindings({ unclosed, strayQuotes }: TableFaults): Finding[] {
  const open: Finding[] =
    unclosed === null
      ? []
      : [
          {
            id: "unclosed-quote",
            // A quote left open at the end of the file costs one row; further up it swallows all rows below.
            severity: unclosed.lines > 1 ? "blocking" : "warning",
            text: `The quote that opens in row ${unclosed.row} is never closed, so ${counted(unclosed.lines + 1, "line")} became one cell.`,
            remedy: "Close the quote in the file, or set Quotes to none if quotes mean nothing in it.",
            tableRows: [unclosed.row],
            fix: { label: "Read quotes as plain characters", change: { format: { quote: "" } } },
          },
        ];
  const stray = odd(strayQuotes, (rows) => ({
    id: "unclosed-quote",
    severity: "warning",
    text: `${rows("row has", "rows have")} a quote inside a quoted cell that is not doubled; text may have run over from one cell or line into the next.`,
    remedy:
      "Look at these rows; if cells are joined wrongly, double the inner quotes in the file or set Quotes to none.",
    fix: { label: "Read quotes as plain characters", change: { format: { quote: "" } } },
  }));
  return [...open, ...stray];
}

function rowFindings({ short, spilled, huge, repeatedHeaders, broken }: TableFaults, columns: string[]): Finding[] {
  return [
    ...odd(short, (rows) => ({
      id: "ragged-rows",
      severity: "warning",
      text: `${rows("row has", "rows have")} fewer cells than the table has columns; the missing ones count as empty.`,
      remedy: "Look at these rows: a line break inside a text that is not quoted is the usual cause.",
    })),
    ...odd(spilled, (rows) => ({
      id: "ragged-rows",
      severity: "warning",
      text: `${rows("row has", "rows have")} text to the right of the last named column, kept in ${unnamed(columns)}.`,
      remedy: "That text is not trained on: quote the texts that contain the delimiter if it belongs to them.",
    })),
    ...odd(huge, (rows) => ({
      id: "huge-cell",
      severity: "warning",
      text: `${rows("row has", "rows have")} a cell of more than ${HUGE_CELL.toLocaleString("en")} characters.`,
      remedy:
        "Only the beginning of such a text is used; if it is not one text, look for a quote that is missing there.",
    })),
    ...odd(repeatedHeaders, (rows) => ({
      id: "repeated-headers",
      severity: "note",
      text: `The header is repeated in ${rows("row", "rows")} below it, which ${repeatedHeaders.count === 1 ? "is" : "are"} left out.`,
      remedy: "",
    })),
    // The rows of these are lines of the file: what could not be read is no row of the table.
    ...odd(broken, (rows) => ({
      id: "broken-lines",
      severity: "warning",
      text: `${rows("line", "lines")} could not be read as a row and ${broken.count === 1 ? "is" : "are"} left out.`,
      remedy: "Look at these lines: they are often cut short or joined with the next.",
    })).map((finding) => ({ ...finding, tableRows: [], lines: finding.tableRows })),
  ];
}

function characterFindings({ replaced, mixedEncoding, doubleEncoded, nul }: TableFaults): Finding[] {
  return [
    ...odd(replaced, (rows) => ({
      id: "replaced-characters",
      severity: "warning",
      text: `${rows("row has", "rows have")} characters that could not be read and stand as \ufffd.`,
      remedy: "If many texts look wrong, choose another encoding; a few do no harm.",
    })),
    ...odd(mixedEncoding, (rows) => ({
      id: "mixed-encodings",
      severity: "warning",
      text: `${rows("row is", "rows are")} in another encoding than the rest of the file and ${mixedEncoding.count === 1 ? "was" : "were"} read as Windows-1252.`,
      remedy: "Look at the letters with accents in these rows.",
    })),
    ...odd(doubleEncoded, (rows) => ({
      id: "double-encoded",
      severity: "warning",
      text: `${rows("row has", "rows have")} UTF-8 that was encoded twice, such as "caf\u00c3\u00a9" for "caf\u00e9".`,
      remedy: "Export the file again as UTF-8, from where its letters are right.",
    })),
    ...odd(nul, (rows) => ({
      id: "nul-characters",
      severity: "warning",
      text: `${rows("row has", "rows have")} NUL characters, which are left out.`,
      remedy: "Check that the file was copied whole.",
    })),
  ];
}

function sameNames(columns: readonly string[]): Finding[] {
  const firsts = new Map<string, number>();
  columns.forEach((name, place) => firsts.has(name) || firsts.set(name, place));
  const repeated = [...new Set(columns.filter((name, place) => firsts.get(name) !== place))];
  if (repeated.length === 0) return [];
  return [
    {
      id: "same-names",
      severity: "note",
      text: `More than one column is called ${quoted(repeated)}; such columns are told apart by their place.`,
      remedy: "",
      tableRows: [],
    },
  ];
}

/** A finding on odd rows; none where there are no such rows. */
function odd({ count, rows }: OddRows, say: (rows: (one: string, many: string) => string) => Said): Finding[] {
  return count === 0 ? [] : [{ ...say((one, many) => counted(count, one, many)), tableRows: rows }];
}

function unnamed(columns: readonly string[]): string {
  const names = columns.filter((name, column) => name === `column ${column + 1}`);
  const [first] = names;
  return names.length === 1 ? `"${first}"` : `"${first}" to "${names.at(-1)}"`;
}

/** Findings of a second file, marked with its name. */
export function inFile(table: { name: string }, findings: readonly Finding[]): Finding[] {
  return findings.map((finding) => ({ ...finding, text: `In ${table.name}: ${finding.text}` }));
}
