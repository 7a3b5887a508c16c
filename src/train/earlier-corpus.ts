import { fittingRows, lengthOf, rowCount, type Batch } from "../data/batches.ts";
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
import type { Parameter } from "../ops/parameter.ts";
import { Problem } from "../problem/problem.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { Consolidation } from "./consolidation.ts";
import type { RunControl } from "./control.ts";
import { METER_ROWS, type Earlier, type EvaluationPlace } from "./earlier.ts";
import type { ConsolidationEvent, EarlierCorpusEvent } from "./events.ts";
import { drawLabel, measureFisher } from "./fisher.ts";
import { maskedLoss } from "./masked-loss.ts";
import { rowsOfMasked } from "./place-limit.ts";
import type { Trainable } from "./trainable.ts";

/** Texts of the kind that a language model was trained on before; none is in both parts. */
export interface CorpusData {
  /** Texts that tell which weights the language model needs. */
  train: EncodedRows;
  /** Texts on which forgetting is measured. */
  validation: EncodedRows;
  vocabulary: MaskingVocabulary;
}

/** Rows and tokens of a batch that is scored. */
const BATCH = { rows: 16, tokens: 1024 };

/**
 * Masked language modelling as the earlier task. Its model is the run's encoder under a head that stays as it is: the
 * head is no part of what trains, and of no export.
 */
export class EarlierCorpus<Pass> implements Earlier {
  private readonly train: EncodedRows;
  private readonly vocabulary: MaskingVocabulary;
  private readonly masking: MaskingOptions;
  /** Texts for the Fisher information; none where the recipe consolidates nothing. */
  private readonly chosen: Int32Array;
  /** Of one of them. */
  private readonly single: Required<Capacity>;
  private readonly meter: { rows: number; batches: MaskedBatch[]; capacity: Capacity };

  /** Throws a Problem when no text of a part has a token to mask. */
  constructor(
    private readonly model: Trainable<Pass>,
    { train, validation, vocabulary }: CorpusData,
    private readonly recipe: Recipe,
    private readonly control: RunControl,
  ) {
    const { maskShare: share, wholeWordMasking: wholeWords, seed, ewc, ewcRows } = recipe;
    this.vocabulary = vocabulary;
    this.masking = { share, wholeWords, seed };
    this.train = maskableRows(train, vocabulary);
    const heldOut = maskableRows(validation, vocabulary);
    if (rowCount(this.train) === 0 || rowCount(heldOut) === 0) throw nothingToMask();
    const drawn = (rows: number, count: number) => shuffledIndices(rows, createRandom(seed)).slice(0, count);
    this.chosen = drawn(rowCount(this.train), ewc > 0 ? ewcRows : 0);
    this.single = {
      tokens: most(this.chosen, (row) => lengthOf(this.train, row)),
      rows: 1,
      places: most(this.chosen, (row) => mostPlaces(this.train, row, vocabulary, this.masking)),
    };
    const scored = drawn(rowCount(heldOut), METER_ROWS).sort();
    const places = most(scored, (row) => mostPlaces(heldOut, row, vocabulary, this.masking));
    const held = rowsOfMasked(Math.max(places, this.single.places), vocabulary.special.length);
    const rows = Math.min(BATCH.rows, held);
    const batches = Array.from(fittingRows(heldOut, scored, { ...BATCH, rows }), (some) =>
      maskedBatch(heldOut, some, vocabulary, this.masking, FIXED_ROUND),
    );
    this.meter = {
      rows: scored.length,
      batches,
      capacity: {
        tokens: most(batches, ({ ids }) => ids.length),
        rows,
        places: most(batches, (batch) => batch.places.length),
      },
    };
  }

  /** The loss of the held-out texts, at most 256, masked in the same way each time. */
  async score(at: EvaluationPlace): Promise<EarlierCorpusEvent | null> {
    const { model, control } = this;
    const { rows, batches, capacity } = this.meter;
    const scored = await maskedLoss(model, batches, capacity, () => !control.skipsEvaluation);
    if (!scored) return null;
    const { loss, masked } = scored;
    const guessing = Math.log(this.vocabulary.special.length);
    return { type: "earlierCorpus", ...at, loss, perplexity: Math.exp(loss), guessing, rows, masked };
  }

  /** None: texts are not rehearsed. */
  batchesOf(): Batch[] {
    return [];
  }

  /**
   * The diagonal Fisher information of the mean loss over masked tokens, on seeded texts; what stands at the places is
   * drawn from the model's prediction by the seed.
   */
  async *consolidation(
    trains: (parameter: Parameter) => boolean,
  ): AsyncGenerator<ConsolidationEvent, Consolidation | null> {
    const { model, train, vocabulary, masking, single: capacity, control, chosen } = this;
    const { ewc, seed } = this.recipe;
    if (ewc === 0) return null;
    const sampleOf = (row: number) => maskedBatch(train, Int32Array.of(row), vocabulary, masking, FIXED_ROUND);
    const masked = chosen.reduce((sum, row) => sum + sampleOf(row).places.length, 0);
    const random = createRandom(seed);
    const labelOf = (probabilities: Float32Array) => drawLabel(probabilities, random());
    const options = { classes: vocabulary.special.length, capacity, share: 1 / masked, trains, labelOf };
    return new Consolidation(yield* measureFisher(model, chosen, sampleOf, options, control), ewc);
  }
}

/** The largest number of some, at least 1. */
function most<Item>(items: Iterable<Item>, numberOf: (item: Item) => number): number {
  let largest = 1;
  for (const item of items) largest = Math.max(largest, numberOf(item));
  return largest;
}

function nothingToMask(): Problem {
  return new Problem({
    found: "The texts of the earlier task, or those held out of them, have no token that could be hidden.",
    expected: "Words are hidden in both parts and asked of the language model.",
    remedy: "Take a file of more texts, one a line.",
  });
}
