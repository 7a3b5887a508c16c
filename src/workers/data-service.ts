import { readerOf } from "../tasks/targets.ts";
import { prepareData, type PreparedData } from "../data/dataset.ts";
import { prepareEarlier, refuseUnusable, splitEarlierTexts, type EarlierTexts } from "../data/earlier.ts";
import { histogramOfLengths, joined } from "../data/lengths.ts";
import { onlyLabels, type RowLabels } from "../data/row-labels.ts";
import { type LabelledRows, placeOf } from "../data/rows.ts";
import { cutAt } from "../data/text-limit.ts";
import { openTable, summarizeTable, type Table } from "../data/table.ts";
import { linesWithout, openTextFile, summarizeTextFile, type TextFile } from "../data/text-lines.ts";
import { blobSource } from "../io/byte-source.ts";
import { Problem } from "../problem/problem.ts";
import type { DataCalls, HeldData, OnProgress, Progress, RowsPart, RowText, TableSlot, TextSlot } from "./protocol.ts";
import { TokenizerPool } from "./tokenizer-pool.ts";

type Part = "train" | "validation";

/** Where only lengths are wanted and ids are thrown away; has room for the special tokens of any tokenizer. */
const shortest = cutAt(16);

type Argument<K extends keyof DataCalls> = Parameters<DataCalls[K]>[0];
type Result<K extends keyof DataCalls> = Awaited<ReturnType<DataCalls[K]>>;

/** The state of the data worker: the tables, and the rows chosen from them, which it feeds to the tokenizers. */
class DataService implements DataCalls {
  private readonly pool = new TokenizerPool();
  private readonly tables: Record<TableSlot, Table | null> = { train: null, validation: null, earlier: null };
  private readonly textFiles: Record<TextSlot, TextFile | null> = { pretrain: null, earlier: null };
  private prepared: PreparedData | null = null;
  private preparedEarlier: PreparedData | null = null;
  private earlierTexts: EarlierTexts | null = null;
  /** The rows of the last run; its results stay readable when other rows are chosen after it. */
  private readonly ofRun: Record<Part, LabelledRows | null> = { train: null, validation: null };
  /** Opened files that wait for `settle`; a later one of the same kind replaces an earlier one. */
  private readonly held = new Map<string, () => void>();

  async openTable({ slot, file, beside = [], format, hold }: Argument<"openTable">): Promise<Result<"openTable">> {
    const sources = [file, ...beside].map((one) => blobSource(one.name, one));
    const table = await openTable(sources, format);
    this.takeOrHold({ what: "table", slot }, hold, () => this.setTable(slot, table));
    return summarizeTable(table);
  }

  closeTable({ slot }: Argument<"closeTable">): null {
    this.setTable(slot, null);
    return null;
  }

  async openTextFile({ slot, file, hold }: Argument<"openTextFile">): Promise<Result<"openTextFile">> {
    const opened = await openTextFile(blobSource(file.name, file));
    this.takeOrHold({ what: "text", slot }, hold, () => this.setTextFile(slot, opened));
    return summarizeTextFile(opened);
  }

  closeTextFile({ slot }: Argument<"closeTextFile">): null {
    this.setTextFile(slot, null);
    return null;
  }

  settle(argument: Argument<"settle">): null {
    const key = keyOf(argument);
    if (argument.take) this.held.get(key)?.();
    this.held.delete(key);
    return null;
  }

  selectRows({ columns, share, seed, cleaning = {} }: Argument<"selectRows">): Result<"selectRows"> {
    const { train, validation: validationTable } = this.tables;
    if (train === null) throw noData();
    this.prepared = prepareData(train, columns, { readerOf, share, seed, validationTable, cleaning });
    return this.prepared.summary;
  }

  selectEarlier({ columns, labelNames, share, seed }: Argument<"selectEarlier">): Result<"selectEarlier"> {
    const { earlier } = this.tables;
    if (earlier === null) throw noData();
    this.preparedEarlier = prepareEarlier(earlier, columns, {
      readerOf,
      share,
      seed,
      labelNames,
      validationTable: null,
    });
    return this.preparedEarlier.summary;
  }

  selectEarlierTexts({ share, seed }: Argument<"selectEarlierTexts">): Result<"selectEarlierTexts"> {
    const { earlier } = this.textFiles;
    if (earlier === null) throw noData();
    const { train, validation } = (this.earlierTexts = splitEarlierTexts(earlier, { share, seed }));
    return { trainRows: train.length, validationRows: validation.length };
  }

  connectTokenizers({ ports }: Argument<"connectTokenizers">): null {
    this.pool.connect(ports);
    return null;
  }

  async measureLengths({ job }: Argument<"measureLengths">, onProgress: OnProgress): Promise<Result<"measureLengths">> {
    if (this.prepared === null) throw noData();
    const { train, validation } = this.prepared;
    const total = train.texts.length + validation.texts.length;
    const lengthsOf = ({ texts, pairs }: LabelledRows, doneBefore: number) => {
      const work = { job: `${job}-${doneBefore}`, texts, pairs, limit: shortest, lengthsOnly: true };
      return this.pool.run(work, (done) => onProgress(tokenizing(doneBefore + done, total)));
    };
    const ofTrain = await lengthsOf(train, 0);
    const ofValidation = await lengthsOf(validation, train.texts.length);
    return histogramOfLengths(joined(ofTrain, ofValidation), "tokens");
  }

  async encode({ job, part, limit }: Argument<"encode">, onProgress: OnProgress): Promise<Result<"encode">> {
    const rows = this.rowsToEncode(part);
    const { texts, pairs } = rows;
    const work = { job, texts, pairs, limit, lengthsOnly: false };
    await this.pool.run(work, (done) => onProgress(tokenizing(done, texts.length)));
    return { labels: onlyLabels(rows), rows: texts.length };
  }

  async encodeTextFile(
    { job, limit }: Argument<"encodeTextFile">,
    onProgress: OnProgress,
  ): Promise<Result<"encodeTextFile">> {
    const { pretrain } = this.textFiles;
    if (this.prepared === null || pretrain === null) throw noData();
    const { texts: heldOut, pairs: pairsHeldOut } = this.prepared.validation;
    const texts = linesWithout(pretrain, [...heldOut, ...(pairsHeldOut ?? [])]);
    const work = { job, texts, pairs: null, limit, lengthsOnly: false };
    await this.pool.run(work, (done) => onProgress(tokenizing(done, texts.length)));
    return { rows: texts.length };
  }

  rowTexts({ part, rows }: Argument<"rowTexts">): RowText[] {
    const source = this.ofRun[part] ?? this.prepared?.[part];
    if (source === undefined) throw noData();
    return rows.map((row) => rowText(source, row));
  }

  private takeOrHold(key: HeldData, hold: boolean | undefined, take: () => void): void {
    if (hold) this.held.set(keyOf(key), take);
    else take();
  }

  /** What was selected from other tables stays. */
  private setTable(slot: TableSlot, table: Table | null): void {
    this.tables[slot] = table;
    if (slot !== "earlier") this.prepared = null;
    else this.preparedEarlier = this.textFiles.earlier = this.earlierTexts = null;
  }

  /** The earlier task has either a table or a text file. */
  private setTextFile(slot: TextSlot, file: TextFile | null): void {
    this.textFiles[slot] = file;
    if (slot === "earlier") this.preparedEarlier = this.tables.earlier = this.earlierTexts = null;
  }

  private rowsToEncode(part: RowsPart): Pick<LabelledRows, "texts" | "pairs" | keyof RowLabels> {
    if (part === "train" || part === "validation") {
      if (this.prepared === null) throw noData();
      refuseBlocked(this.prepared);
      return (this.ofRun[part] = this.prepared[part]);
    }
    const which = part === "earlierTrain" ? "train" : "validation";
    if (this.earlierTexts) return { texts: this.earlierTexts[which], pairs: null, labels: new Int32Array(0) };
    if (this.preparedEarlier === null) throw noData();
    refuseUnusable(this.preparedEarlier.summary);
    return this.preparedEarlier[which];
  }
}

/** The service of the data worker. A table that cannot be read, or columns that cannot be used, change nothing. */
export function createDataService(): DataCalls {
  return new DataService();
}

function keyOf({ what, slot }: HeldData): string {
  return `${what} ${slot}`;
}

function rowText(rows: LabelledRows, row: number): RowText {
  const pair = rows.pairs === null ? null : (rows.pairs.at(row) ?? "");
  return { tableRow: rows.tableRows[row] ?? 0, line: placeOf(rows, row), text: rows.texts.at(row) ?? "", pair };
}

function tokenizing(done: number, total: number): Progress {
  return { what: "Tokenizing", done, total };
}

/** Refuses data with a blocking finding, whichever way training is started. */
function refuseBlocked({ summary }: PreparedData): void {
  const blocking = summary.findings.find((finding) => finding.severity === "blocking");
  if (blocking === undefined) return;
  throw new Problem({
    found: blocking.text,
    expected: "Training needs data without such faults.",
    remedy: blocking.remedy,
  });
}

function noData(): Problem {
  return new Problem({
    found: "There is no data yet.",
    expected: "A table with chosen columns was expected.",
    remedy: "Open a table and choose its text and label columns first.",
  });
}
