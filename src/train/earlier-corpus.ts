import type { Batch } from "../data/batches.ts";
import { FIXED_ROUND, maskedBatch, type MaskingVocabulary } from "../data/masking.ts";
import { createRandom } from "../data/random.ts";
import type { Parameter } from "../ops/parameter.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { TextTask } from "../tasks/task.ts";
import { Consolidation } from "./consolidation.ts";
import type { RunControl } from "./control.ts";
import { corpusParts, type CorpusData, type CorpusParts } from "./corpus-parts.ts";
import type { Earlier, EvaluationPlace } from "./earlier.ts";
import type { ConsolidationEvent, EarlierCorpusEvent } from "./events.ts";
import { measureFisher } from "./fisher.ts";
import { meanLoss } from "./mean-loss.ts";
import type { Trainable } from "./trainable.ts";

/**
 * Masked language modelling as the earlier task. Its model is the run's encoder under a head that stays as it is: the
 * head is no part of what trains, and of no export.
 */
export class EarlierCorpus<Pass> implements Earlier {
  private readonly vocabulary: MaskingVocabulary;
  private readonly parts: CorpusParts;

  /**
   * Throws a Problem when no text of a part has a token to mask.
   *
   * @param mostScored texts that the meter scores, at most
   */
  constructor(
    private readonly model: Trainable<Pass>,
    private readonly data: CorpusData & { task: TextTask },
    private readonly recipe: Recipe,
    private readonly control: RunControl,
    mostScored?: number,
  ) {
    this.vocabulary = data.vocabulary;
    this.parts = corpusParts(data, recipe, mostScored);
  }

  /** The loss of the held-out texts, at most 256, masked in the same way each time. */
  async score(at: EvaluationPlace): Promise<EarlierCorpusEvent | null> {
    const { model, control } = this;
    const { rows, batches, capacity } = this.parts.meter;
    const task = this.data.task.plainLoss(model.tables.word);
    const scored = await meanLoss(model, task, batches, capacity, () => !control.skipsEvaluation).finally(() =>
      task.dispose(),
    );
    if (!scored) return null;
    const { mean: loss, labels: masked } = scored;
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
    const { model, vocabulary, control } = this;
    const { train, masking, single: capacity, chosen } = this.parts;
    const { ewc, seed } = this.recipe;
    if (ewc === 0) return null;
    const sampleOf = (row: number) => maskedBatch(train, Int32Array.of(row), vocabulary, masking, FIXED_ROUND);
    const masked = chosen.reduce((sum, row) => sum + sampleOf(row).places.length, 0);
    const random = createRandom(seed);
    const { task } = this.data;
    const words = vocabulary.special.length;
    const labelsOf = (outputs: Float32Array) => task.drawnLabels(outputs, words, random);
    const loss = task.plainLoss(words);
    try {
      const options = { loss, capacity, share: 1 / masked, trains, labelsOf };
      return new Consolidation(yield* measureFisher(model, chosen, sampleOf, options, control), ewc);
    } finally {
      loss.dispose();
    }
  }
}
