import { prepareData, type PreparedData } from "../data/dataset.ts";
import { prepareEarlier, refuseUnusable } from "../data/earlier-rows.ts";
import { splitEarlierTexts, type EarlierTexts } from "../data/earlier-texts.ts";
import { histogramOfLengths, joined } from "../data/lengths.ts";
import { type LabelledRows, placeOf } from "../data/rows.ts";
import { openTable, summarizeTable, type Table } from "../data/table.ts";
import { linesWithout, openTextFile, summarizeTextFile, type TextFile } from "../data/text-lines.ts";
import { blobSource } from "../io/byte-source.ts";
import { Problem } from "../problem/problem.ts";
import type {
  DataRequest,
  DataResults,
  HeldData,
  Progress,
  RowsPart,
  RowText,
  TableSlot,
  TextSlot,
} from "./protocol.ts";
import type { Handlers } from "./request.ts";
import { TokenizerPool } from "./tokenizer-pool.ts";

type Part = "train" | "validation";

/** Room for any tokenizer's special tokens; where only lengths are wanted the ids are thrown away. */
const shortest = 16;

/**
 * What the data worker does: holds the tables and the rows chosen from them, and feeds texts to the tokenizers.
 * A table that cannot be read, or columns that cannot be chosen, leave what was there before.
 */
export function createDataService(): Handlers<DataRequest, DataResults> {
  const pool = new TokenizerPool();
  const tables: Record<TableSlot, Table | null> = { train: null, validation: null, earlier: null };
  let prepared: PreparedData | null = null;
  let preparedEarlier: PreparedData | null = null;
  let earlierTexts: EarlierTexts | null = null;
  const textFiles: Record<TextSlot, TextFile | null> = { pretrain: null, earlier: null };
  /** The rows of the last run; its results stay readable when other rows are chosen after it. */
  const ofRun: Record<Part, LabelledRows | null> = { train: null, validation: null };

  /** What was opened and waits for "settle"; a later one of the same kind takes its place. */
  const held = new Map<string, () => void>();
  const keyOf = ({ what, slot }: HeldData) => `${what} ${slot}`;
  const takeOrHold = (key: HeldData, hold: boolean | undefined, take: () => void) => {
    if (hold) held.set(keyOf(key), take);
    else take();
  };

  /** What was chosen from another table stays. */
  const setTable = (slot: TableSlot, table: Table | null) => {
    tables[slot] = table;
    if (slot !== "earlier") prepared = null;
    else preparedEarlier = textFiles.earlier = earlierTexts = null;
  };

  /** The earlier task has a table or a text file. */
  const setTextFile = (slot: TextSlot, file: TextFile | null) => {
    textFiles[slot] = file;
    if (slot === "earlier") preparedEarlier = tables.earlier = earlierTexts = null;
  };

  const rowsToEncode = (part: RowsPart): Pick<LabelledRows, "texts" | "pairs" | "labels"> => {
    if (part === "train" || part === "validation") {
      if (prepared === null) throw noData();
      refuseBlocked(prepared);
      return (ofRun[part] = prepared[part]);
    }
    const which = part === "earlierTrain" ? "train" : "validation";
    if (earlierTexts) return { texts: earlierTexts[which], pairs: null, labels: new Int32Array(0) };
    if (preparedEarlier === null) throw noData();
    refuseUnusable(preparedEarlier.summary);
    return preparedEarlier[which];
  };

  return {
    async openTable({ slot, file, beside = [], format, hold }) {
      const sources = [file, ...beside].map((one) => blobSource(one.name, one));
      const table = await openTable(sources, format);
      takeOrHold({ what: "table", slot }, hold, () => setTable(slot, table));
      return summarizeTable(table);
    },

    settle(request) {
      const key = keyOf(request);
      if (request.take) held.get(key)?.();
      held.delete(key);
      return null;
    },

    closeTable({ slot }) {
      setTable(slot, null);
      return null;
    },

    selectRows({ columns, share, seed, cleaning = {} }) {
      if (tables.train === null) throw noData();
      const { train, validation: validationTable } = tables;
      prepared = prepareData(train, columns, { share, seed, validationTable, cleaning });
      return prepared.summary;
    },

    selectEarlier({ columns, labelNames, share, seed }) {
      if (tables.earlier === null) throw noData();
      preparedEarlier = prepareEarlier(tables.earlier, columns, { share, seed, labelNames, validationTable: null });
      return preparedEarlier.summary;
    },

    selectEarlierTexts({ share, seed }) {
      if (textFiles.earlier === null) throw noData();
      const { train, validation } = (earlierTexts = splitEarlierTexts(textFiles.earlier, { share, seed }));
      return { trainRows: train.length, validationRows: validation.length };
    },

    connectTokenizers({ ports }) {
      pool.connect(ports);
      return null;
    },

    async measureLengths({ job }, onProgress) {
      if (prepared === null) throw noData();
      const { train, validation } = prepared;
      const total = train.texts.length + validation.texts.length;
      const lengthsOf = ({ texts, pairs }: LabelledRows, doneBefore: number) => {
        const work = { job: `${job}-${doneBefore}`, texts, pairs, maxLength: shortest, lengthsOnly: true };
        return pool.run(work, (done) => onProgress(tokenizing(doneBefore + done, total)));
      };
      const ofTrain = await lengthsOf(train, 0);
      const ofValidation = await lengthsOf(validation, train.texts.length);
      return histogramOfLengths(joined(ofTrain, ofValidation), "tokens");
    },

    async encode({ job, part, maxLength }, onProgress) {
      const { texts, pairs, labels } = rowsToEncode(part);
      const work = { job, texts, pairs, maxLength, lengthsOnly: false };
      await pool.run(work, (done) => onProgress(tokenizing(done, texts.length)));
      return { labels, rows: texts.length };
    },

    async openTextFile({ slot, file, hold }) {
      const opened = await openTextFile(blobSource(file.name, file));
      takeOrHold({ what: "text", slot }, hold, () => setTextFile(slot, opened));
      return summarizeTextFile(opened);
    },

    closeTextFile({ slot }) {
      setTextFile(slot, null);
      return null;
    },

    async encodeTextFile({ job, maxLength }, onProgress) {
      if (prepared === null || textFiles.pretrain === null) throw noData();
      const { texts: heldOut, pairs: pairsHeldOut } = prepared.validation;
      const texts = linesWithout(textFiles.pretrain, [...heldOut, ...(pairsHeldOut ?? [])]);
      const work = { job, texts, pairs: null, maxLength, lengthsOnly: false };
      await pool.run(work, (done) => onProgress(tokenizing(done, texts.length)));
      return { rows: texts.length };
    },

    rowTexts({ part, rows }) {
      const source = ofRun[part] ?? prepared?.[part];
      if (source === undefined) throw noData();
      return rows.map((row) => rowText(source, row));
    },
  };
}

function rowText(rows: LabelledRows, row: number): RowText {
  const pair = rows.pairs === null ? null : (rows.pairs.at(row) ?? "");
  return { tableRow: rows.tableRows[row] ?? 0, line: placeOf(rows, row), text: rows.texts.at(row) ?? "", pair };
}

function tokenizing(done: number, total: number): Progress {
  return { what: "Tokenizing", done, total };
}

/** What the page shows as blocking must not be trained on by another way either. */
function refuseBlocked({ summary }: PreparedData): void {
  const blocking = summary.findings.find((finding) => finding.severity === "blocking");
  if (blocking === undefined) return;
  throw new Problem({
    found: blocking.text,
    expected: "Data without such faults is expected before training.",
    remedy: blocking.remedy,
  });
}

function noData(): Problem {
  return new Problem({
    found: "There is no data yet.",
    expected: "A table whose columns are chosen is expected.",
    remedy: "Open a table and choose its text and label columns first.",
  });
}
