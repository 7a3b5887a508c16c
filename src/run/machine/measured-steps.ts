import { gatherBatch, type Batch } from "../../data/batches.ts";
import { createRandom } from "../../data/random.ts";
import { measuredConfig, type MeasuredModel } from "../../families/measured-models.ts";
import { loadParameters } from "../../model/checkpoint.ts";
import { Classifier } from "../../model/classifier.ts";
import { defaultTrainedTask } from "../../tasks/trained-tasks.ts";
import { readSteps } from "../../train/read-steps.ts";
import { plainSettings, type TrainerSettings } from "../../train/settings.ts";
import { Trainer } from "../../train/trainer.ts";

/** A training step of a model and of rows. */
export interface MeasuredStep {
  model: MeasuredModel;
  /** Tokens of each row. */
  lengths: readonly number[];
}

const LABELS = ["0", "1"];
const LEARNING_RATE = 1e-4;

/** 16 sentences of SST-2 as the starter model's tokenizer cuts them, special tokens included. */
export const SENTENCE_LENGTHS = [53, 25, 25, 33, 22, 18, 24, 36, 27, 33, 18, 25, 17, 20, 25, 8];

/** Rows of one length. */
export const rowsOf = (count: number, length: number) => new Array<number>(count).fill(length);

/** Operations of a step's products and attention, forward and backward: a multiplication and an addition count as two. */
export function flopsOf({ model, lengths }: MeasuredStep): number {
  const { layers, hiddenSize, intermediateSize } = measuredConfig(model);
  const weights = layers * (4 * hiddenSize ** 2 + 2 * hiddenSize * intermediateSize);
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  const pairs = lengths.reduce((sum, length) => sum + length ** 2, 0);
  return 6 * weights * tokens + 14 * layers * hiddenSize * pairs;
}

/**
 * A model with random weights on the running backend, and the trainer of every run, with the recipe's decay and clipping.
 * Equal seeds give equal weights on every backend.
 */
export class StepRunner {
  private constructor(
    private readonly classifier: Classifier,
    private readonly trainer: Trainer<ReturnType<Classifier["forward"]>["pass"]>,
    private readonly batch: Batch,
  ) {}

  static async load(step: MeasuredStep, dropout = 0.1): Promise<StepRunner> {
    const config = measuredConfig(step.model);
    const none = { tensors: new Map(), read: () => Promise.reject(new Error("A measured model has no checkpoint.")) };
    const options = { classes: LABELS.length, classifierRows: null, seed: 1 };
    const { parameters } = await loadParameters(config, none, options);
    const classifier = new Classifier(config, parameters);
    const batch = batchOf(step.lengths, config.vocabularySize);
    const stepTokens = batch.ids.length;
    const capacity = { tokens: Math.ceil(stepTokens / 64) * 64, rows: step.lengths.length, stepTokens };
    const settings: TrainerSettings = {
      ...plainSettings(LEARNING_RATE),
      weightDecay: 0.01,
      maxGradientNorm: 1,
      rates: { hidden: dropout, attention: dropout, classifier: dropout },
    };
    const trainer = new Trainer(classifier, () => defaultTrainedTask.plainLoss(LABELS), settings, capacity);
    return new StepRunner(classifier, trainer, batch);
  }

  get parameters() {
    return this.classifier.parameters;
  }

  /** Records a step; `loss` resolves once it is computed. */
  step(): { loss: () => Promise<number> } {
    const pending = this.trainer.step([this.batch]);
    return {
      async loss() {
        const [numbers] = await readSteps([pending]);
        return numbers?.finite ? numbers.loss : NaN;
      },
    };
  }

  dispose(): void {
    this.trainer.dispose();
    this.classifier.dispose();
  }
}

/** Random tokens and labels, the same each time. */
function batchOf(lengths: readonly number[], vocabulary: number): Batch {
  const random = createRandom(2);
  const rowStart = Int32Array.from([0, ...lengths]);
  for (let row = 1; row < rowStart.length; row++) rowStart[row] = (rowStart[row] ?? 0) + (rowStart[row - 1] ?? 0);
  const tokens = rowStart[lengths.length] ?? 0;
  const dataset = {
    ids: Int32Array.from({ length: tokens }, () => Math.floor(random() * vocabulary)),
    types: new Int32Array(tokens),
    rowStart,
    fullLengths: Int32Array.from(lengths),
    labels: Int32Array.from(lengths, (_, row) => row % LABELS.length),
  };
  return gatherBatch(dataset, Int32Array.from(lengths.keys()));
}
