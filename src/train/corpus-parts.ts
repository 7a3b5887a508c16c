import { fittingRows, lengthOf, rowCount } from "../data/batches.ts";
import {
  FIXED_ROUND,
  maskableRows,
  maskedBatch,
  mostPlaces,
  type MaskedBatch,
  type MaskingOptions,
  type MaskingVocabulary,
} from "../data/masking.ts";
import { createRandom, shuffledIndices } from "../data/random.ts";
import type { EncodedRows } from "../data/rows.ts";
import type { Capacity } from "../ops/device-batch.ts";
import { Problem } from "../problem/problem.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { METER_ROWS } from "./earlier.ts";
import { rowsOfMasked } from "./place-limit.ts";

/** Texts of the kind that a language model was trained on before; none is in both parts. */
export interface CorpusData {
  /** Texts that tell which weights the language model needs. */
  train: EncodedRows;
  /** Texts on which forgetting is measured. */
  validation: EncodedRows;
  vocabulary: MaskingVocabulary;
}

/** What a run does with the texts of an earlier task, and the room that it takes. */
export interface CorpusParts {
  /** Those of `train` that have a token to mask. */
  train: EncodedRows;
  masking: MaskingOptions;
  /** Rows of `train` for the Fisher information; none where the recipe consolidates nothing. */
  chosen: Int32Array;
  /** Of one of them. */
  single: Required<Capacity>;
  /** What the forgetting meter scores. */
  meter: { rows: number; batches: MaskedBatch[]; capacity: Required<Capacity> };
}

/** Rows and tokens of a batch that is scored. */
const BATCH = { rows: 16, tokens: 1024 };

/**
 * Throws a Problem when no text of a part has a token to mask.
 *
 * @param most texts that the meter scores, at most
 */
export function corpusParts(data: CorpusData, recipe: Recipe, most = METER_ROWS): CorpusParts {
  const { maskShare: share, wholeWordMasking: wholeWords, seed, ewc, ewcRows } = recipe;
  const { vocabulary } = data;
  const masking = { share, wholeWords, seed };
  const train = maskableRows(data.train, vocabulary);
  const heldOut = maskableRows(data.validation, vocabulary);
  if (rowCount(train) === 0 || rowCount(heldOut) === 0) throw nothingToMask();
  const drawn = (rows: number, count: number) => shuffledIndices(rows, createRandom(seed)).slice(0, count);
  const chosen = drawn(rowCount(train), ewc > 0 ? ewcRows : 0);
  const single = {
    tokens: largest(chosen, (row) => lengthOf(train, row)),
    rows: 1,
    places: largest(chosen, (row) => mostPlaces(train, row, vocabulary, masking)),
  };
  const scored = drawn(rowCount(heldOut), most).sort();
  const places = largest(scored, (row) => mostPlaces(heldOut, row, vocabulary, masking));
  const held = rowsOfMasked(Math.max(places, single.places), vocabulary.special.length);
  const rows = Math.min(BATCH.rows, held);
  const batches = Array.from(fittingRows(heldOut, scored, { ...BATCH, rows }), (some) =>
    maskedBatch(heldOut, some, vocabulary, masking, FIXED_ROUND),
  );
  const capacity = {
    tokens: largest(batches, ({ ids }) => ids.length),
    rows,
    places: largest(batches, (batch) => batch.places.length),
  };
  return { train, masking, chosen, single, meter: { rows: scored.length, batches, capacity } };
}

/** The largest number of some, at least 1. */
function largest<Item>(items: Iterable<Item>, numberOf: (item: Item) => number): number {
  let most = 1;
  for (const item of items) most = Math.max(most, numberOf(item));
  return most;
}

function nothingToMask(): Problem {
  return new Problem({
    found: "The texts of the earlier task, or those held out of them, have no token that could be hidden.",
    expected: "Words are hidden in both parts and asked of the language model.",
    remedy: "Take a file of more texts, one a line.",
  });
}
