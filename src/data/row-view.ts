import { emptiness } from "./empty-cells.ts";
import { netEdits, type Edit, type NetEdits } from "./edits.ts";
import { type ModelColumns, type RowPart, type RowQuery, type SortKey, type ViewedRow } from "./row-query.ts";
import { SearchIndex } from "./search-index.ts";
import { sortRanks } from "./sort-ranks.ts";
import type { ColumnChoice } from "./summary.ts";
import { labelColumns } from "./summary.ts";
import type { Table } from "./table.ts";

const SHOWN_CHARACTERS = 300;
const noLabels: readonly string[] = [];
const partNames: readonly RowPart[] = ["left out", "train", "validation", "unlabelled"];

/** What is known of the rows of a table beside their cells. */
interface RowFacts {
  choice: ColumnChoice | null;
  /** The part of each row, a place in `partNames` [rows]; null before the rows were split. */
  parts: Uint8Array | null;
  /** The labels that the label cells of a row say; none where they say nothing. */
  labelsOf: ((cells: Table["cells"], row: number) => readonly string[]) | null;
}

/**
 * The rows of a table as a person looks at them: searched, filtered and sorted, and read in windows. What takes time for a
 * long table (duplicates, the order of a column) is computed when it is first asked for, and kept until its cells change.
 */
export class RowView {
  private order: Int32Array<ArrayBuffer>;
  private facts: RowFacts = { choice: null, parts: null, labelsOf: null };
  private model: ModelColumns | null = null;
  private readonly ranks = new Map<number, Int32Array>();
  private readonly indexes: SearchIndex[];
  private net: NetEdits = netEdits([]);
  private repeated: Uint8Array | null = null;

  /**
   * @param read the table as it was read
   * @param table the same with its edits
   */
  constructor(
    private readonly read: Table,
    private table: Table = read,
  ) {
    this.order = Int32Array.from({ length: table.rowCount }, (_, row) => row);
    this.indexes = read.cells.map((cells) => new SearchIndex(cells));
  }

  /** Prepares a part of what searches need; returns whether there is more. Searches do the rest themselves. */
  prepare(): boolean {
    if (this.indexes.some((index) => index.extend())) return true;
    if (this.facts.choice) this.repeated ??= this.repeatedRows();
    return false;
  }

  /** Takes other edits of the same table. The order of the rows stays as it was until the next query. */
  edit(table: Table, edits: readonly Edit[]): void {
    this.net = netEdits(edits);
    table.cells.forEach((cells, column) => {
      if (cells !== this.table.cells[column]) this.ranks.delete(column);
    });
    this.table = table;
    this.repeated = null;
  }

  describe(facts: RowFacts): void {
    this.facts = facts;
    this.repeated = null;
  }

  setModel(model: ModelColumns | null): void {
    this.model = model;
  }

  /** Searches, filters and sorts; returns the number of rows found. */
  query({ search, column, show, label, sort, descending }: RowQuery): number {
    const isShown = this.shownBy(show);
    const hasLabel = label === null ? null : this.labelTest(label);
    let rows = new Int32Array(this.table.rowCount);
    let count = 0;
    for (let row = 0; row < rows.length; row++) {
      if (isShown(row) && (hasLabel?.(row) ?? true)) rows[count++] = row;
    }
    rows = rows.slice(0, count);
    const wanted = search.trim().toLowerCase();
    if (wanted !== "") rows = this.found(rows, wanted, column);
    this.order = this.sorted(rows, sort, descending);
    return this.order.length;
  }

  /** Rows of the last query from `start` to `end`, not included. */
  window(start: number, end: number): ViewedRow[] {
    return Array.from(this.order.subarray(start, end), (row) => this.viewed(row));
  }

  /** All cells of a row in full. @param row from 1 */
  cellsOf(row: number): string[] {
    return this.cellsAt(row - 1);
  }

  private viewed(row: number): ViewedRow {
    const { dropped, lines } = this.table;
    const isDropped = dropped?.has(row) ?? false;
    const cells = this.cellsAt(row);
    const place = this.model?.placeOf.get(row + 1);
    const { model } = this;
    return {
      row: row + 1,
      line: lines?.[row] ?? row + 1,
      cells: cells.map((cell) => (cell.length > SHOWN_CHARACTERS ? `${cell.slice(0, SHOWN_CHARACTERS)}…` : cell)),
      changed: cells.flatMap((cell, column) => (cell === (this.read.cells[column]?.at(row) ?? "") ? [] : [column])),
      isDropped,
      part: partNames[this.facts.parts?.[row] ?? 0] ?? "left out",
      labels: isDropped ? noLabels : (this.facts.labelsOf?.(this.table.cells, row) ?? noLabels),
      ...(model &&
        place !== undefined && {
          predicted: model.predicted[place] ?? "",
          confidence: model.confidence[place] ?? NaN,
          isWrong: model.isWrong[place] === 1,
        }),
    };
  }

  /** The cells of a row; those of a dropped row are as they were read, so that one sees what was dropped. */
  private cellsAt(row: number): string[] {
    const { cells } = this.table.dropped?.has(row) ? this.read : this.table;
    return cells.map((column) => column.at(row) ?? "");
  }

  private shownBy(show: RowQuery["show"]): (row: number) => boolean {
    const { dropped, cells } = this.table;
    const isIn = (part: RowPart) => {
      const place = partNames.indexOf(part);
      return (row: number) => this.facts.parts?.[row] === place;
    };
    const isDropped = (row: number) => dropped?.has(row) ?? false;
    switch (show) {
      case "all":
        return () => true;
      case "changed": {
        const { cells: changed, dropped: left } = this.net;
        const differs = (row: number) =>
          [...changed].some(([place, texts]) => texts.has(row) && texts.get(row) !== this.read.cells[place]?.at(row));
        return (row) => left.has(row) || differs(row);
      }
      case "dropped":
        return isDropped;
      case "empty": {
        const isEmpty = emptiness({ mergeLabels: false, missingWords: false });
        const { choice } = this.facts;
        const read = choice
          ? [choice.text, ...(choice.pair === null ? [] : [choice.pair]), ...labelColumns(choice)]
          : [];
        const asked = choice ? read : [...cells.keys()];
        return (row) => !isDropped(row) && asked.some((column) => isEmpty(cells[column]?.at(row)));
      }
      case "duplicates": {
        const repeated = (this.repeated ??= this.repeatedRows());
        return (row) => repeated[row] === 1;
      }
      case "wrong":
        return (row) => {
          const place = this.model?.placeOf.get(row + 1);
          return place !== undefined && this.model?.isWrong[place] === 1;
        };
      case "train":
      case "validation":
      case "unlabelled":
        return isIn(show);
    }
  }

  private labelTest(label: string): (row: number) => boolean {
    const { labelsOf } = this.facts;
    const { dropped, cells } = this.table;
    return (row) => !dropped?.has(row) && (labelsOf?.(cells, row).includes(label) ?? false);
  }

  /** 1 for each row whose texts another row has too [rows]. */
  private repeatedRows(): Uint8Array {
    const repeated = new Uint8Array(this.table.rowCount);
    const { choice } = this.facts;
    const texts = choice && this.table.cells[choice.text];
    if (!texts) return repeated;
    const pairs = choice.pair === null ? null : (this.table.cells[choice.pair] ?? null);
    const isEmpty = emptiness({ mergeLabels: false, missingWords: false });
    const firsts = new Map<string, number>();
    for (let row = 0; row < repeated.length; row++) {
      const text = texts.at(row) ?? "";
      if (isEmpty(text)) continue;
      const key = pairs ? `${text.length}:${text}${pairs.at(row) ?? ""}` : text;
      const first = firsts.get(key);
      if (first === undefined) firsts.set(key, row);
      else repeated[first] = repeated[row] = 1;
    }
    return repeated;
  }

  /** The rows some cell of which has the text, in either case. */
  private found(rows: Int32Array<ArrayBuffer>, wanted: string, column: number | null): Int32Array<ArrayBuffer> {
    const isFound = new Uint8Array(this.table.rowCount);
    const columns = column === null ? [...this.indexes.keys()] : [column];
    for (const place of columns) {
      const inColumn = new Uint8Array(isFound.length);
      this.indexes[place]?.mark(wanted, inColumn);
      // The index has the cells as they were read.
      for (const [row, text] of this.net.cells.get(place) ?? []) {
        if (!this.net.dropped.has(row)) inColumn[row] = text.toLowerCase().includes(wanted) ? 1 : 0;
      }
      inColumn.forEach((found, row) => {
        if (found === 1) isFound[row] = 1;
      });
    }
    return rows.filter((row) => isFound[row] === 1);
  }

  private sorted(rows: Int32Array<ArrayBuffer>, sort: SortKey, descending: boolean): Int32Array<ArrayBuffer> {
    if (sort === "row") return descending ? rows.toReversed() : rows;
    const ranks = this.ranksBy(sort);
    const { rowCount } = this.table;
    // One number for rank and row: numbers in typed arrays are sorted far faster than by a comparison. Rows without a
    // rank are last in both directions.
    const keys = Float64Array.from(rows, (row) => {
      const rank = ranks(row);
      const own = rank < 0 ? rowCount : descending ? rowCount - 1 - rank : rank;
      return own * rowCount + row;
    }).sort();
    return Int32Array.from(keys, (key) => key % rowCount);
  }

  /** The rank of a row by what is sorted, below the number of rows; −1 where it has none. */
  private ranksBy(sort: SortKey): (row: number) => number {
    if (typeof sort === "number") {
      const known = this.ranks.get(sort) ?? sortRanks(this.table.cells[sort] ?? []);
      this.ranks.set(sort, known);
      return (row) => known[row] ?? -1;
    }
    const { model } = this;
    if (model === null) return () => -1;
    const ranks = sort === "predicted" ? sortRanks(model.predicted) : sort === "order" ? model.order : ranksOf(model);
    return (row) => ranks?.[model.placeOf.get(row + 1) ?? -1] ?? -1;
  }
}

/** Ranks by confidence, the least first. */
function ranksOf({ confidence }: ModelColumns): Int32Array {
  const order = Int32Array.from(confidence.keys()).sort((a, b) => (confidence[a] ?? 0) - (confidence[b] ?? 0) || a - b);
  const ranks = new Int32Array(order.length);
  order.forEach((place, rank) => (ranks[place] = rank));
  return ranks;
}
