import { labelledCount, takeLabels, type RowLabels } from "../../data/row-labels.ts";
import type { EncodedDataset } from "../../data/rows.ts";
import { textLabels } from "../../data/windows.ts";
import type { Capacity } from "../../ops/device-batch.ts";
import type { AnyReport, AnyScores, LearnedTask } from "../../tasks/task.ts";
import type { RunControl } from "../control.ts";
import type { BaselineEvent, ProbeEvent } from "../events.ts";
import { fitProbe, inTurns, taken, type FittedProbe } from "./fit-probe.ts";
import { nestedShares } from "./learning-curve.ts";
import { apply, type LinearModel, type Vectors } from "./linear-model.ts";
import { probedTexts, probeLimit } from "./rows.ts";
import { textVectors, type Encodes } from "./text-vectors.ts";

/** The probe of a run, scored on validation texts. */
export interface Baseline {
  probe: FittedProbe;
  /** Texts that it was fitted to. */
  trainRows: number;
  /** Places of the validation texts that it was scored on; all, or a share by the seed. */
  validation: Int32Array;
  report: AnyReport;
  scores: AnyScores;
}

interface BaselineData {
  task: LearnedTask;
  /** The task with what is tuned by the probe's scores of the rows that it was fitted to; null where nothing is. */
  tune: ((truth: RowLabels, scores: AnyScores) => LearnedTask) | null;
  train: EncodedDataset;
  validation: EncodedDataset;
  labelNames: readonly string[];
  seed: number;
  capacity: Capacity;
}

/**
 * The first answer of a run: a linear model on the mean vectors of the frozen encoder (linear probing; Alain and Bengio
 * 2017), fitted to convergence. Yields how far it is, and the scores; null comes back where the task has no such model or
 * `control` stops it.
 */
export async function* fitBaseline(
  model: Encodes,
  { task, tune, train, validation, labelNames, seed, capacity }: BaselineData,
  control: RunControl,
): AsyncGenerator<ProbeEvent | BaselineEvent, Baseline | null> {
  const { linearLoss: loss } = task;
  if (!loss) return null;
  const startedAt = performance.now();
  const outputs = task.outputs(labelNames);
  const limit = probeLimit(model.productsPerToken, outputs * model.vectorWidth, seed);
  const texts = probedTexts({ train, validation }, limit);
  const total = texts.train.length + texts.validation.length;
  const vectorsOf = (data: EncodedDataset, some: Int32Array, done: number) =>
    textVectors(model, { data, texts: some, capacity }, { done, total }, control);
  const trainVectors = yield* vectorsOf(train, texts.train, 0);
  const heldVectors = trainVectors && (yield* vectorsOf(validation, texts.validation, texts.train.length));
  if (!heldVectors) return null;
  const labelsOf = (data: EncodedDataset, some: Int32Array) => takeLabels(textLabels(data), some);
  const trained = labelsOf(train, texts.train);
  const { labels, labelWidth = 1 } = trained;
  const fit = fitProbe({ ...trainVectors, labels }, { outputs, loss, labelWidth, seed });
  const probe = yield* inTurns(fit, "baseline", control);
  if (!probe) return null;
  const scored = ({ scoring }: LearnedTask, truth: RowLabels, vectors: Vectors, model: LinearModel = probe) => {
    if (scoring.reads !== "outputs") throw new Error(`The task “${task.name}” scores no outputs of texts.`);
    const scorer = scoring.scorer(truth, labelNames, true);
    scorer.add(apply(model, vectors, new Float32Array(labelledCount(truth) * outputs)));
    return { report: scorer.report(), scores: scorer.scores() };
  };
  const truth = labelsOf(validation, texts.validation);
  const plain = scored(task, truth, heldVectors);
  const tuned = tune && scored(tune(trained, scored(task, trained, trainVectors).scores), truth, heldVectors);
  const trainRows = texts.train.length;
  const curve: NonNullable<BaselineEvent["learningCurve"]> = [];
  const valuesOf = (report: AnyReport) => Object.fromEntries(task.metrics.map(({ key, of }) => [key, of(report)]));
  const rows = { ...trainVectors, labels };
  for (const some of nestedShares(trainRows, outputs * trainVectors.width, seed)) {
    const part = taken(rows, some, labelWidth);
    const own = yield* inTurns(fitProbe(part, { outputs, loss, labelWidth, seed, l2: probe.l2 }), "baseline", control);
    if (!own) return null;
    curve.push({ rows: some.length, values: valuesOf(scored(task, truth, heldVectors, own).report) });
  }
  if (curve.length > 0) curve.push({ rows: trainRows, values: valuesOf(plain.report) });
  const wallMs = performance.now() - startedAt;
  const { report } = plain;
  const ofTuned = tuned && { tuned: tuned.report };
  yield {
    type: "baseline",
    task: task.name,
    report,
    ...ofTuned,
    trainRows,
    l2: probe.l2,
    wallMs,
    ...(curve.length > 0 && { learningCurve: curve }),
  };
  return { probe, trainRows, validation: texts.validation, ...(tuned ?? plain) };
}
