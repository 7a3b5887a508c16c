import { guessColumns } from "../data/columns.ts";
import type { Table } from "../data/table.ts";
import { csvLine } from "../io/csv-cells.ts";
import { Problem } from "../problem/problem.ts";
import { columnNamed } from "./columns.ts";
import { openOutput } from "./output-file.ts";
import {
  predictedCells,
  predictedHeader,
  predictedJson,
  type PredictedRow,
  type PredictedTable,
} from "./predicted-lines.ts";
import { openPredictor, type Predictor } from "./predictor.ts";
import { StopSignals } from "./stop-signals.ts";
import { type OptionValues, openTableOf } from "./table-options.ts";

interface PredictTableOptions extends OptionValues {
  model: string;
  data: string;
  text?: string | undefined;
  pair?: string | undefined;
  out?: string | undefined;
  neutralize: boolean;
  backend: string;
}

const ROWS_AT_ONCE = 256;
const SHOW_EVERY_MS = 2000;

/**
 * Predicts every row of a table. The file appears when it is whole; rows without a text stay in it without a
 * prediction. Throws a Problem where a file cannot be read or written, or no column holds texts.
 */
export async function predictTable(options: PredictTableOptions): Promise<void> {
  const { model, data, out } = options;
  const table = await openTableOf(data, options);
  const columns = textColumns(table, options);
  const names = columns.map((place) => table.columns[place] ?? "").join("” and “");
  console.error(`${table.rowCount} rows of ${table.name}, texts of “${names}”`);
  const sink = openOutput(out, data);
  if (out !== undefined) new StopSignals({ stop: () => false, abandon: () => sink.discard() });
  try {
    const predictor = await openPredictor(model, options.backend);
    const asJson = out === undefined || /\.(jsonl|ndjson)$/i.test(out);
    const style = { neutralize: options.neutralize };
    const { labelNames } = predictor;
    const written: PredictedTable = { place: table.lines ? "line" : "row", texts: columns.length, labelNames };
    if (!asJson) await sink.write(csvLine(predictedHeader(written), style));
    let shownAt = performance.now();
    for (let start = 0; start < table.rowCount; start += ROWS_AT_ONCE) {
      const end = Math.min(table.rowCount, start + ROWS_AT_ONCE);
      const rows = await predictRows(table, columns, predictor, start, end);
      const lines = rows.map((row) =>
        asJson ? predictedJson(row, written) : csvLine(predictedCells(row, written), style),
      );
      await sink.write(lines.join(""));
      if (performance.now() - shownAt < SHOW_EVERY_MS && end < table.rowCount) continue;
      shownAt = performance.now();
      console.error(`${end} of ${table.rowCount} rows`);
    }
    sink.finish();
  } finally {
    sink.discard();
  }
}

/** The place of the text column, and of the second one where there is one. */
function textColumns(table: Table, { text, pair }: PredictTableOptions): number[] {
  const { detected, problem } = guessColumns(table.columns, table.cells);
  const only = table.columns.length === 1 ? 0 : null;
  const first = text === undefined ? (detected.text ?? only) : columnNamed(table, text);
  // A detected pair goes only with a detected text.
  const second = pair === undefined ? (text === undefined ? detected.pair : null) : columnNamed(table, pair);
  if (first !== null && first !== second) return second === null ? [first] : [first, second];
  throw new Problem({
    found: first === null ? problem : `“${table.columns[first] ?? ""}” is both the text and the second text.`,
    expected: `A column of texts was expected among ${table.columns.join(", ")}.`,
    remedy: "Name it with --text, and a second one with --pair.",
  });
}

async function predictRows(
  table: Table,
  columns: readonly number[],
  predictor: Predictor,
  start: number,
  end: number,
): Promise<PredictedRow[]> {
  const rows = Array.from({ length: end - start }, (_, i): PredictedRow => {
    const texts = columns.map((place) => table.cells[place]?.at(start + i) ?? "");
    return { line: table.lines?.[start + i] ?? start + i + 1, texts, label: null, probabilities: [] };
  });
  const full = rows.filter(({ texts }) => texts.every((text) => text.trim() !== ""));
  if (full.length === 0) return rows;
  const pairs = columns.length > 1 ? full.map(({ texts }) => texts[1] ?? "") : null;
  const predictions = await predictor.predict(
    full.map(({ texts }) => texts[0] ?? ""),
    pairs,
  );
  for (const [i, row] of full.entries()) Object.assign(row, predictions[i]);
  return rows;
}
