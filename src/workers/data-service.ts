import { readerOf } from "../tasks/targets.ts";
import { inspectChoice } from "../data/choice.ts";
import { surveySteps } from "../data/cleaning/survey.ts";
import { augmentedCopies, withCopies } from "../data/augmentation/augmented-rows.ts";
import { prepareData, type PreparedData } from "../data/dataset.ts";
import { editPatchText, parseEditPatch } from "../data/edit-patch.ts";
import { editedTable, type CellEdit, type Edit } from "../data/edits.ts";
import { foldsOf } from "../data/folds.ts";
import { prepareEarlier, refuseUnusable, splitEarlierTexts, type EarlierTexts } from "../data/earlier.ts";
import { labelRows } from "../data/label-rows.ts";
import { histogramOfLengths, joined } from "../data/lengths.ts";
import { labelCellsOf } from "../data/label-rows.ts";
import { ModelRows } from "../data/model-rows.ts";
import { RowView } from "../data/row-view.ts";
import { labelColumns, type Cleaning } from "../data/summary.ts";
import { onlyLabels, type RowLabels } from "../data/row-labels.ts";
import { type LabelledRows, placeOf } from "../data/rows.ts";
import { rowsFingerprint } from "../data/rows-fingerprint.ts";
import { cutAt } from "../data/text-limit.ts";
import { openTable, previewOf, summarizeTable, type Table } from "../data/table.ts";
import { tableCells } from "../data/table-cells.ts";
import { tableCsv } from "../data/table-csv.ts";
import { cleanedLines, linesWithout, openTextFile, summarizeTextFile, type TextFile } from "../data/text-lines.ts";
import { blobSource } from "../io/byte-source.ts";
import type { AugmentationSteps } from "../recipe/augmentation-steps.ts";
import type { CleaningSteps } from "../recipe/cleaning-steps.ts";
import { whyNothingIsKept } from "../saves/browser-folder.ts";
import { Problem } from "../problem/problem.ts";
import type { DataCalls, HeldData, OnProgress, Progress, RowsPart, RowText, TableSlot, TextSlot } from "./protocol.ts";
import { RunSlices } from "./run-slices.ts";
import { TokenizerPool } from "./tokenizer-pool.ts";

type Part = "train" | "validation" | "test";

/** In more rows, near duplicates across the split are not looked for at each change: that takes seconds. */
const MOST_SEARCHED = 20_000;

/** Where only lengths are wanted and ids are thrown away; has room for the special tokens of any tokenizer. */
const shortest = cutAt(16);

/** Rows with the table and columns that they came from. */
interface ReadRows {
  rows: LabelledRows;
  table: Table;
  choice: PreparedData["choice"];
}

type Argument<K extends keyof DataCalls> = Parameters<DataCalls[K]>[0];
type Result<K extends keyof DataCalls> = Awaited<ReturnType<DataCalls[K]>>;

/** The state of the data worker: the tables, and the rows chosen from them, which it feeds to the tokenizers. */
class DataService implements DataCalls {
  private readonly pool = new TokenizerPool();
  private readonly tables: Record<TableSlot, Table | null> = {
    train: null,
    validation: null,
    test: null,
    earlier: null,
  };
  /** Changes of the training table, and the table as they leave it; `tables.train` is as it was read. */
  private edits: readonly Edit[] = [];
  private edited: Table | null = null;
  /** The training table as the page looks at it. */
  private view: RowView | null = null;
  /** The view whose searches are being prepared, or are. */
  private preparing: RowView | null = null;
  private modelRows = new ModelRows();
  private writeLabels: ((labels: readonly string[]) => CellEdit[]) | null = null;
  /** Table rows of the rows without a label that were encoded last. */
  private askedRows: Int32Array = new Int32Array(0);
  private readonly textFiles: Record<TextSlot, TextFile | null> = { pretrain: null, earlier: null };
  private prepared: PreparedData | null = null;
  /** What was done to the texts of `prepared`. */
  private steps: CleaningSteps | null = null;
  /** How training rows are augmented. */
  private augmentation: AugmentationSteps | null = null;
  /** Whether copies of the training rows have masked words. */
  private masks = false;
  private preparedEarlier: PreparedData | null = null;
  private earlierTexts: EarlierTexts | null = null;
  /** Number of surveys that were asked for; the last one alone goes on. */
  private surveys = 0;
  /** The rows of the last run; its results stay readable when other rows are chosen after it. */
  private readonly ofRun: Record<Part, LabelledRows | null> = { train: null, validation: null, test: null };
  /** The rows that were laid into folds last, with the table and columns that they came from. */
  private folded: ReadRows | null = null;
  /** The same of the rows that the last run is trained on. */
  private trained: ReadRows | null = null;
  private readonly runSlices = new RunSlices();
  /** The labels of a row of the table (from 0), as it was selected last, and of that of the last run. */
  private labelsOfTable: (row: number) => readonly string[] = () => [];
  private labelsOfRun: (row: number) => readonly string[] = () => [];
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

  async whyNothingIsKept(): Promise<Result<"whyNothingIsKept">> {
    return { reason: await whyNothingIsKept() };
  }

  editTable({ edits }: Argument<"editTable">): Result<"editTable"> {
    const { train } = this.tables;
    if (train === null) throw noData();
    this.edited = editedTable(train, edits);
    this.edits = edits;
    this.view?.edit(this.edited, edits);
    return { preview: previewOf(this.edited) };
  }

  tableCsv({ neutralize }: Argument<"tableCsv">): Result<"tableCsv"> {
    if (this.edited === null) throw noData();
    return { file: new Blob([...tableCsv(this.edited, { neutralize })], { type: "text/csv" }) };
  }

  editPatch(): Result<"editPatch"> {
    const { train } = this.tables;
    if (train === null) throw noData();
    return { text: editPatchText(train, this.edits) };
  }

  async readEditPatch({ file }: Argument<"readEditPatch">): Promise<Result<"readEditPatch">> {
    const text = await file.text();
    const { train } = this.tables;
    if (train === null) throw noData();
    return { edits: parseEditPatch(text, file.name, train) };
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

  selectRows(argument: Argument<"selectRows">): Result<"selectRows"> {
    const { columns, share, seed, cleaning = {}, steps, augmentation, testShare = 0 } = argument;
    const { validation: validationTable, test: testTable } = this.tables;
    if (this.edited === null) throw noData();
    const rows = this.edited.rowCount + (validationTable?.rowCount ?? 0);
    const apart = { testShare, testTable };
    const split = { ...apart, readerOf, share, seed, validationTable, cleaning, findsLeaks: rows <= MOST_SEARCHED };
    const ofRecipe = { ...(steps && { steps }), ...(augmentation && { augmentation }) };
    this.prepared = prepareData(this.edited, columns, { ...split, ...ofRecipe });
    this.masks = augmentation !== undefined && augmentation.augmentMask > 0;
    this.augmentation = augmentation ?? null;
    this.steps = steps ?? null;
    this.describeRows(this.edited, this.prepared, cleaning);
    return this.prepared.summary;
  }

  async surveyCleaning(
    { columns, cleaning = {}, steps }: Argument<"surveyCleaning">,
    onProgress: OnProgress,
  ): Promise<Result<"surveyCleaning">> {
    const mine = ++this.surveys;
    if (this.edited === null) throw noData();
    const { task } = inspectChoice(this.edited, columns, (one) => readerOf(one) !== null);
    const reader = readerOf(task);
    if (reader === null) return [];
    const { rows } = labelRows(reader, this.edited, columns, null, { cleaning, lines: this.edited.lines });
    const survey = surveySteps(rows, steps, !reader.asksWords);
    for (let next = survey.next(); ; next = survey.next()) {
      if (next.done) return next.value;
      onProgress({ what: "Counting what cleaning would change", ...next.value });
      // Other calls come in between.
      await new Promise((resolve) => setTimeout(resolve));
      if (mine !== this.surveys) return null;
    }
  }

  queryRows({ query }: Argument<"queryRows">): Result<"queryRows"> {
    const view = this.needView();
    const count = view.query(query);
    this.prepareSearch(view);
    return { count };
  }

  rowWindow({ start, end }: Argument<"rowWindow">): Result<"rowWindow"> {
    return { rows: this.needView().window(start, end) };
  }

  rowCells({ row }: Argument<"rowCells">): Result<"rowCells"> {
    return { cells: this.needView().cellsOf(row) };
  }

  labelCells({ labels }: Argument<"labelCells">): Result<"labelCells"> {
    if (this.writeLabels === null) throw noData();
    return { cells: this.writeLabels(labels) };
  }

  setModelColumns({ of, columns }: Argument<"setModelColumns">): null {
    // Rows of a validation file are not in this table.
    const ofFile = of === "validation" && this.tables.validation !== null;
    const rows = of === "unlabelled" ? this.askedRows : this.ofRun.validation?.tableRows;
    this.modelRows.set(of, ofFile || !rows ? null : columns, rows ?? new Int32Array(0));
    this.view?.setModel(this.modelRows.joined());
    return null;
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

  sampleTexts({ most }: Argument<"sampleTexts">): Result<"sampleTexts"> {
    if (this.prepared === null) throw noData();
    const { texts } = this.prepared.train;
    const taken = Math.min(most, texts.length);
    const at = (i: number) => (texts.at(Math.floor((i * texts.length) / taken)) ?? "").slice(0, 20_000);
    return { texts: Array.from({ length: taken }, (_, i) => at(i)) };
  }

  connectTokenizers({ ports }: Argument<"connectTokenizers">): null {
    this.pool.connect(ports);
    return null;
  }

  async measureLengths({ job }: Argument<"measureLengths">, onProgress: OnProgress): Promise<Result<"measureLengths">> {
    if (this.prepared === null) throw noData();
    const { train: rows, copies, validation } = this.prepared;
    const train = withCopies(rows, copies);
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
    const work = { job, texts, pairs, limit, lengthsOnly: false, masks: this.masks && part === "train" };
    await this.pool.run(work, (done) => onProgress(tokenizing(done, texts.length)));
    const copyOf = part === "train" ? this.prepared?.copies?.of : undefined;
    return { labels: onlyLabels(rows), rows: texts.length, ...(copyOf && { copyOf }) };
  }

  async encodeFolds(argument: Argument<"encodeFolds">, onProgress: OnProgress): Promise<Result<"encodeFolds">> {
    const { job, limit, counts, seed, asRun } = argument;
    const { prepared, edited, augmentation } = this;
    if (prepared === null || edited === null) throw noData();
    if (asRun && this.tables.validation !== null) throw ownRowsAlone();
    refuseBlocked(prepared);
    const { all, test, choice, summary } = prepared;
    const reader = readerOf(summary.task);
    if (reader === null) throw noData();
    const folds = foldsOf(reader, all, { ...counts, seed });
    const held = test ? [all, test] : [all];
    // Words of texts are not augmented.
    const copies = augmentation && !reader.asksWords ? augmentedCopies(all, augmentation, { seed, held }) : null;
    this.folded = { rows: all, table: edited, choice };
    if (asRun) {
      this.trained = this.folded;
      this.ofRun.train = this.ofRun.validation = all;
      this.runSlices.take({ validation: all, choice }, edited, null);
    }
    const rows = withCopies(all, copies);
    const { texts, pairs } = rows;
    const work = { job, texts, pairs, limit, lengthsOnly: false, masks: this.masks };
    await this.pool.run(work, (done) => onProgress(tokenizing(done, texts.length)));
    return { labels: onlyLabels(rows), copyOf: copies?.of ?? new Int32Array(0), folds };
  }

  cellsOf({ part }: Argument<"cellsOf">): RowText[] {
    const source = part === "folds" ? this.folded : this.trained;
    if (source === null) throw noData();
    const { rows, table, choice } = source;
    return Array.from(rows.tableRows.keys(), tableCells(table, choice, rows));
  }

  async encodeTextFile(
    { job, limit, ofFolds = false }: Argument<"encodeTextFile">,
    onProgress: OnProgress,
  ): Promise<Result<"encodeTextFile">> {
    const { pretrain } = this.textFiles;
    if (this.prepared === null || pretrain === null) throw noData();
    const { texts: heldOut, pairs: pairsHeldOut } = ofFolds ? this.prepared.all : this.prepared.validation;
    const texts = linesWithout(cleanedLines(pretrain, this.steps), [...heldOut, ...(pairsHeldOut ?? [])]);
    const work = { job, texts, pairs: null, limit, lengthsOnly: false };
    await this.pool.run(work, (done) => onProgress(tokenizing(done, texts.length)));
    return { rows: texts.length };
  }

  trainLabels({ rows }: Argument<"trainLabels">): Result<"trainLabels"> {
    const { train } = this.ofRun;
    if (!train) throw noData();
    return { labels: rows.map((row) => this.labelsOfRun((train.tableRows[row] ?? 0) - 1)) };
  }

  slices(argument: Argument<"slices">): Result<"slices"> {
    return this.runSlices.slices(argument);
  }

  sliceCandidates(argument: Argument<"sliceCandidates">): Result<"sliceCandidates"> {
    return this.runSlices.candidates(argument);
  }

  sliceRows(argument: Argument<"sliceRows">): Result<"sliceRows"> {
    return this.runSlices.rowsOf(argument);
  }

  rowTexts({ part, rows }: Argument<"rowTexts">): RowText[] {
    const source = part === "folds" ? this.folded?.rows : (this.ofRun[part] ?? this.prepared?.[part]);
    if (!source) throw noData();
    return rows.map((row) => rowText(source, row));
  }

  validationFingerprint({ places }: Argument<"validationFingerprint">): Result<"validationFingerprint"> {
    const { validation } = this.ofRun;
    if (!validation) throw noData();
    return { fingerprint: rowsFingerprint(validation, places) };
  }

  private takeOrHold(key: HeldData, hold: boolean | undefined, take: () => void): void {
    if (hold) this.held.set(keyOf(key), take);
    else take();
  }

  /** Prepares searches of the rows a part at a time, so that questions are answered in between. */
  private prepareSearch(view: RowView): void {
    if (this.preparing === view) return;
    this.preparing = view;
    const next = () => {
      if (this.view === view && view.prepare()) setTimeout(next);
    };
    setTimeout(next);
  }

  private needView(): RowView {
    if (this.view === null) throw noData();
    return this.view;
  }

  /** Tells the view of the rows in which part each is, and what its labels are. */
  private describeRows(
    table: Table,
    { train, validation, unlabelled, choice, summary }: PreparedData,
    cleaning: Partial<Cleaning>,
  ): void {
    const parts = new Uint8Array(table.rowCount);
    for (const row of train.tableRows) parts[row - 1] = 1;
    if (this.tables.validation === null) for (const row of validation.tableRows) parts[row - 1] = 2;
    for (const row of unlabelled.tableRows) parts[row - 1] = 3;
    const reader = readerOf(summary.task);
    const labels = reader && labelCellsOf(reader, table, choice, summary.labelNames, cleaning);
    this.view?.describe({ choice, parts, labelsOf: labels?.labelsOf ?? null });
    this.labelsOfTable = (row) => labels?.labelsOf(table.cells, row) ?? [];
    const columns = labelColumns(choice);
    const write = labels?.write;
    this.writeLabels = write
      ? (names) => write(names).map((text, place) => ({ column: columns[place] ?? 0, text }))
      : null;
  }

  /** What was selected from other tables stays. */
  private setTable(slot: TableSlot, table: Table | null): void {
    this.tables[slot] = table;
    if (slot === "train") {
      this.edited = table;
      this.edits = [];
      this.view = table && new RowView(table);
      this.modelRows = new ModelRows();
      this.writeLabels = null;
    }
    if (slot !== "earlier") this.prepared = null;
    else this.preparedEarlier = this.textFiles.earlier = this.earlierTexts = null;
  }

  /** The earlier task has either a table or a text file. */
  private setTextFile(slot: TextSlot, file: TextFile | null): void {
    this.textFiles[slot] = file;
    if (slot === "earlier") this.preparedEarlier = this.tables.earlier = this.earlierTexts = null;
  }

  private rowsToEncode(part: RowsPart): Pick<LabelledRows, "texts" | "pairs" | keyof RowLabels> {
    if (part === "train" || part === "validation" || part === "test") {
      const own = this.prepared?.[part];
      if (!this.prepared || !own) throw noData();
      refuseBlocked(this.prepared);
      if (part === "train") {
        this.labelsOfRun = this.labelsOfTable;
        this.trained = this.edited && { rows: own, table: this.edited, choice: this.prepared.choice };
      }
      if (part === "validation" && this.edited) {
        this.runSlices.take(this.prepared, this.edited, this.tables.validation);
      }
      return (this.ofRun[part] = part === "train" ? withCopies(own, this.prepared.copies) : own);
    }
    if (part === "unlabelled") {
      if (this.prepared === null) throw noData();
      const { texts, pairs, tableRows } = this.prepared.unlabelled;
      this.askedRows = tableRows;
      return { texts, pairs, labels: new Int32Array(0) };
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

function ownRowsAlone(): Problem {
  return new Problem({
    found: "Validation rows come from a second file.",
    expected: "Folds are made of the table's own rows.",
    remedy: "Remove the validation file, or turn cross-validation off.",
  });
}

function noData(): Problem {
  return new Problem({
    found: "There is no data yet.",
    expected: "A table with chosen columns was expected.",
    remedy: "Open a table and choose its text and label columns first.",
  });
}
