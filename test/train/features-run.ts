import type { Report } from "../../src/metrics/report.ts";
import { expect } from "vitest";
import type { EncodedDataset } from "../../src/data/rows.ts";
import { readTensor } from "../../src/gpu/read-back.ts";
import type { Classifier, ClassifierPass } from "../../src/model/classifier.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { RunControl } from "../../src/train/control.ts";
import type { TrainEvent } from "../../src/train/events.ts";
import { TrainingRun } from "../../src/train/loop.ts";
import type { Trainable } from "../../src/train/trainable.ts";
import { learnableRows } from "./learnable-rows.ts";
import { defaultTrainedTask } from "../../src/tasks/trained-tasks.ts";

/** Events of a run of the default task. */
type OwnEvent = TrainEvent<Report>;

export const rows: { train: EncodedDataset; validation: EncodedDataset } = {
  train: learnableRows(40, 1),
  validation: learnableRows(21, 2),
};

/** What a run has left behind: events, weights by name, and through what its rows have gone. */
interface Trained {
  events: OwnEvent[];
  losses: number[];
  logLosses: number[];
  weights: Map<string, Float32Array>;
  /** Rows that went through the encoder alone, and those that came to the head with and without what it reads. */
  extracted: number;
  withFeatures: number;
  withoutFeatures: number;
}

/** A run over `rows` that uses the model up; `hides` keeps from it that its head stands apart. */
export async function trained(
  model: Classifier,
  recipe: Recipe,
  { hides = false, watch }: { hides?: boolean; watch?: (event: TrainEvent, control: RunControl) => void } = {},
): Promise<Trained> {
  const seen = { extracted: 0, withFeatures: 0, withoutFeatures: 0 };
  const count = (batch: Parameters<Classifier["infer"]>[0]) =>
    (seen[batch.features ? "withFeatures" : "withoutFeatures"] += batch.rows);
  const counted: Trainable<ClassifierPass> = {
    parameters: model.parameters,
    tables: model.tables,
    checkpointing: false,
    forward(batch, rates, key) {
      count(batch);
      const { logits, pass } = model.forward(batch, rates, key);
      expect(pass.encoder === null, "a batch of features goes through the head alone").toBe(batch.features !== null);
      return { logits, pass };
    },
    backward: (dLogits, pass, trains) => model.backward(dLogits, pass, trains),
    infer(batch) {
      count(batch);
      return model.infer(batch);
    },
    ...(!hides && {
      featureWidth: model.featureWidth,
      features(batch) {
        seen.extracted += batch.rows;
        return model.features(batch);
      },
    }),
  };
  const control = new RunControl();
  const rates = { hidden: 0, attention: 0, classifier: 0 };
  const data = { task: defaultTrainedTask, ...rows, labelNames: ["a", "b", "c"], rates };
  const events: OwnEvent[] = [];
  for await (const event of new TrainingRun(counted, data, recipe, control).events()) {
    events.push(event as OwnEvent);
    watch?.(event, control);
  }
  const weights = await weightsOf(model);
  model.dispose();
  const losses = events.flatMap((event) => (event.type === "step" ? [event.loss] : []));
  const logLosses = events.flatMap((event) => (event.type === "evaluation" ? [event.report.logLoss] : []));
  return { events, losses, logLosses, weights, ...seen };
}

/** All weights by name, as plain numbers. */
export async function weightsOf(model: Classifier): Promise<Map<string, Float32Array>> {
  const weights = new Map<string, Float32Array>();
  for (const { name, value } of model.parameters) weights.set(name, await readTensor(value));
  return weights;
}
