import { augmentationSteps, changesOn, type AugmentationSteps } from "../../recipe/augmentation-steps.ts";
import { counted } from "../../recipe/wording.ts";
import { MappedTexts, TextColumn, type Texts } from "../../io/text-column.ts";
import { countLabels, rowKey } from "../groups.ts";
import { takeRows } from "../label-rows.ts";
import { createRandom } from "../random.ts";
import { hasClasses, labelsOfRow } from "../row-labels.ts";
import { placeOf, type LabelledRows } from "../rows.ts";
import type { AugmentedRows, Finding } from "../summary.ts";
import { changedText, withMaskToken } from "./change-text.ts";

/** Changed copies of rows, with their labels. */
export interface Copies {
  rows: LabelledRows;
  /** The row that each is a copy of, ascending [copies]. */
  of: Int32Array;
  /** Number of copies that were not kept, as they came out as their row or as a row that is held out. */
  leftOut: number;
}

const SAMPLES = 5;
const SHOWN_CHARACTERS = 160;

/**
 * Changed copies of training rows, up to `augmentCopies` of each; null where the recipe changes none. The seed, the row's
 * place in its table and the number of the copy decide, so that the same rows and seed give the same copies. A copy that
 * is equal to its row, to an earlier copy of it or to a row of `held` is left out: it would add nothing, or a row of the
 * other side of the split.
 */
export function augmentedCopies(
  rows: LabelledRows,
  steps: AugmentationSteps,
  { seed, held }: { seed: number; held: readonly Pick<LabelledRows, "texts" | "pairs">[] },
): Copies | null {
  if (changesOn(steps).length === 0) return null;
  const heldKeys = new Set<string>();
  for (const part of held) for (let row = 0; row < part.texts.length; row++) heldKeys.add(rowKey(part, row));
  const isCopied = steps.augmentClasses === "rare" ? rareRows(rows) : null;
  const texts = new TextColumn();
  const pairs = rows.pairs && new TextColumn();
  const of: number[] = [];
  let leftOut = 0;
  for (let row = 0; row < rows.texts.length; row++) {
    if (isCopied?.(row) === false) continue;
    const [text, pair] = [rows.texts.at(row) ?? "", rows.pairs?.at(row) ?? ""];
    const own = new Set([rowKey(rows, row)]);
    for (let copy = 0; copy < steps.augmentCopies; copy++) {
      const random = createRandom(seedOf(seed, rows.tableRows[row] ?? 0, copy));
      const changed = [changedText(text, steps, random)];
      const second = pairs && [changedText(pair, steps, random)];
      const key = rowKey({ texts: changed, pairs: second }, 0);
      if (own.has(key) || heldKeys.has(key)) {
        leftOut++;
        continue;
      }
      own.add(key);
      texts.push(changed[0] ?? "");
      pairs?.push(second?.[0] ?? "");
      of.push(row);
    }
  }
  texts.seal();
  pairs?.seal();
  const places = Int32Array.from(of);
  return { rows: { ...takeRows(rows, places), texts, pairs }, of: places, leftOut };
}

/** Rows followed by their copies. */
export function withCopies(rows: LabelledRows, copies: Copies | null): LabelledRows {
  if (copies === null) return rows;
  const count = rows.texts.length;
  const places = new Int32Array(count + copies.of.length);
  for (let row = 0; row < count; row++) places[row] = row;
  places.set(copies.of, count);
  const { texts, pairs } = copies.rows;
  return {
    ...takeRows(rows, places),
    texts: new FollowedTexts(rows.texts, texts),
    pairs: rows.pairs && pairs && new FollowedTexts(rows.pairs, pairs),
  };
}

/** Copies whose masked words are the mask token of a tokenizer. */
export function withMaskTokens(copies: Copies | null, token: string): Copies | null {
  if (copies === null) return null;
  const { texts, pairs } = copies.rows;
  const filled = (all: Texts) => new MappedTexts(all, (text) => withMaskToken(text, token));
  return { ...copies, rows: { ...copies.rows, texts: filled(texts), pairs: pairs && filled(pairs) } };
}

/** What was added to the training rows, with some of them before and after. */
export function augmentedSummary(rows: LabelledRows, copies: Copies): AugmentedRows {
  const shown = (text = "") =>
    Array.from(text.slice(0, 2 * SHOWN_CHARACTERS))
      .slice(0, SHOWN_CHARACTERS)
      .join("");
  const seen = copies.of.subarray(0, SAMPLES * 16).filter((row, i, all) => row !== all[i - 1]);
  const samples = Array.from(seen.subarray(0, SAMPLES), (row) => {
    const copy = copies.of.indexOf(row);
    // Where only the second text is changed, that is shown.
    const part = rows.texts.at(row) === copies.rows.texts.at(copy) ? "pairs" : "texts";
    const after = withMaskToken(shown(copies.rows[part]?.at(copy)), "[MASK]");
    return { row: rows.tableRows[row] ?? 0, line: placeOf(rows, row), before: shown(rows[part]?.at(row)), after };
  });
  return { copies: copies.of.length, rows: new Set(copies.of).size, leftOut: copies.leftOut, samples };
}

/** What was added, in a sentence. */
export function augmentedFinding({ copies, rows, leftOut }: AugmentedRows): Finding {
  const out =
    leftOut === 0
      ? ""
      : `; ${counted(leftOut, "copy", "copies")} without a change, or with a text that is held out, ${leftOut === 1 ? "is" : "are"} left out`;
  return {
    id: "augmented-rows",
    severity: "note",
    text: `${counted(copies, "changed copy", "changed copies")} of ${counted(rows, "training row")} ${copies === 1 ? "is" : "are"} trained on too, as the recipe says (${augmentationGroup})${out}.`,
    remedy: "",
    tableRows: [],
  };
}

const augmentationGroup = "Augmentation";

/** The finding where copies would move words that are labelled by their places; null where none are made. */
export function movedByAugmentation(steps: AugmentationSteps): Finding | null {
  const on = changesOn(augmentationSteps(steps));
  if (on.length === 0) return null;
  return {
    id: "augmentation-moves-words",
    severity: "blocking",
    text: `The recipe changes copies of texts (${on.join(", ")}), and the words of these rows are labelled by their places in them.`,
    remedy: "Set these shares to 0: rows whose words are labelled are not augmented.",
    tableRows: [],
  };
}

function seedOf(seed: number, tableRow: number, copy: number): number {
  return (seed ^ Math.imul(copy + 1, 0x9e3779b1) ^ Math.imul(tableRow + 1, 0x85ebca6b)) >>> 0;
}

/** Whether a row is of a class, or has a label, with fewer rows than the mean of all; true where there are no names. */
function rareRows(rows: LabelledRows): (row: number) => boolean {
  const names = rows.labelNames.length;
  if (names === 0 || rows.labelStart) return () => true;
  const isMarked = rows.labelWidth !== undefined || !hasClasses(rows);
  const counts = isMarked ? marksOf(rows, names) : countLabels(rows.labels, names);
  const filled = counts.filter((count) => count > 0);
  const mean = filled.reduce((sum, count) => sum + count, 0) / Math.max(1, filled.length);
  const isRare = counts.map((count) => count > 0 && count < mean);
  return (row) =>
    isMarked
      ? labelsOfRow(rows, row).some((mark, label) => mark > 0 && isRare[label])
      : isRare[rows.labels[row] ?? -1] === true;
}

function marksOf(rows: LabelledRows, names: number): number[] {
  const counts = new Array<number>(names).fill(0);
  rows.labels.forEach((mark, i) => (counts[i % names] = (counts[i % names] ?? 0) + (mark > 0 ? 1 : 0)));
  return counts;
}

/** Texts followed by others. */
class FollowedTexts implements Texts {
  constructor(
    private readonly first: Texts,
    private readonly then: Texts,
  ) {}

  get length(): number {
    return this.first.length + this.then.length;
  }

  at(row: number): string | undefined {
    return row < this.first.length ? this.first.at(row) : this.then.at(row - this.first.length);
  }

  *[Symbol.iterator](): Generator<string> {
    yield* this.first;
    yield* this.then;
  }
}
