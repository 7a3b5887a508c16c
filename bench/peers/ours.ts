import { gatherBatch, type Batch } from "../../src/data/batches.ts";
import { Classifier } from "../../src/model/classifier.ts";
import { loadParameters, type WeightSource } from "../../src/model/checkpoint.ts";
import { readConfig } from "../../src/families/registry.ts";
import type { ModelConfig } from "../../src/model/config.ts";
import { defaultTrainedTask } from "../../src/tasks/trained-tasks.ts";
import { ratesOf } from "../../src/run/open-model.ts";
import { score } from "../../src/run/score.ts";
import { readSteps } from "../../src/train/read-steps.ts";
import { plainSettings, type TrainerSettings } from "../../src/train/settings.ts";
import { Trainer } from "../../src/train/trainer.ts";
import { configFile, endToEnd, type ModelShape, type Rows, type Weights } from "../inputs/model-shape.ts";
import { LEARNING_RATE, WEIGHT_DECAY, type Peer, type PeerSettings } from "./peer.ts";

/**
 * The model, loss, trainer and optimizer of every run, without the pipeline around them.
 *
 * @param checkpointing keeps of each layer its input alone, see `Encoder`
 */
export async function ourPeer(settings: PeerSettings, checkpointing = false): Promise<Peer> {
  const model = await modelOf(settings);
  model.checkpointing = checkpointing;
  return peerOf(model, settings.shape.classes, trainerSettings(settings), settings);
}

/** The same of a model of any family, from random weights: AdamW with decay and clipping, dropout as its config has it. */
export async function randomPeer(config: ModelConfig, classes: number, room: Room): Promise<Peer> {
  const none = { tensors: new Map(), read: () => Promise.reject(new Error("A random model has no checkpoint.")) };
  const options = { classes, classifierRows: null, reinitializeFrom: 0, seed: 1 };
  const { parameters } = await loadParameters(config, none, options);
  const settings = { ...plainSettings(LEARNING_RATE), ...regularization, rates: ratesOf(config) };
  return peerOf(new Classifier(config, parameters), classes, settings, room);
}

/** Room for the largest batch. */
type Room = Pick<PeerSettings, "rows" | "tokens">;

/** Takes the model. */
function peerOf(model: Classifier, classes: number, settings: TrainerSettings, { rows, tokens }: Room): Peer {
  const labels = Array.from({ length: classes }, (_, i) => `${i}`);
  const capacity = { tokens: Math.ceil(tokens / 64) * 64, rows, stepTokens: tokens };
  const trainer = new Trainer(model, () => defaultTrainedTask.plainLoss(labels), settings, capacity);
  return {
    step(rows) {
      const pending = trainer.step([batchOf(rows)]);
      return {
        async loss() {
          const [numbers] = await readSteps([pending]);
          if (!numbers?.finite) throw new Error("A step of ours was not finite.");
          return numbers.loss;
        },
      };
    },
    dispose() {
      trainer.dispose();
      model.dispose();
    },
  };
}

/** Scores rows as `evaluate` does, on the backend that is set. */
export async function ourScorer(settings: Pick<PeerSettings, "shape" | "weights">, rows: Rows) {
  const model = await modelOf(settings);
  const encoded = endToEnd(rows);
  return {
    /** Logits [rows · classes]. */
    score: () => score(model, encoded, settings.shape.classes),
    dispose: () => model.dispose(),
  };
}

async function modelOf({ shape, weights }: Pick<PeerSettings, "shape" | "weights">): Promise<Classifier> {
  const config = configOf(shape);
  const classifierRows = Array.from({ length: shape.classes }, (_, row) => row);
  const options = { classes: shape.classes, classifierRows, seed: 0 };
  const { parameters } = await loadParameters(config, sourceOf(weights), options);
  return new Classifier(config, parameters);
}

const regularization = { weightDecay: WEIGHT_DECAY, maxGradientNorm: 1 };

/** The recipe's defaults with a rate that stays as it is; or Adam alone. */
function trainerSettings({ dropout, plainAdam }: PeerSettings): TrainerSettings {
  return {
    ...plainSettings(LEARNING_RATE),
    ...(!plainAdam && regularization),
    rates: { hidden: dropout, attention: dropout, classifier: dropout },
    seed: 42,
  };
}

function configOf(shape: ModelShape): ModelConfig {
  return readConfig({ ...configFile(shape), hidden_dropout_prob: 0, attention_probs_dropout_prob: 0 });
}

function sourceOf(weights: Weights): WeightSource {
  return {
    tensors: new Map([...weights].map(([name, { shape }]) => [name, { shape, dtype: "F32" }])),
    async read(name) {
      const weight = weights.get(name);
      if (!weight) throw new Error(`The weights have no ${name}.`);
      return weight.values;
    },
  };
}

/** Rows as a run's batches have them: end to end. */
export function batchOf(rows: Rows): Batch {
  return gatherBatch(endToEnd(rows), Int32Array.from(rows.ids.keys()));
}
