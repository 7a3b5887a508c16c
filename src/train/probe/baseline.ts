import type { Tensor } from "@tensorflow/tfjs-core";
import { labelledCount, takeLabels, type RowLabels } from "../../data/row-labels.ts";
import type { EncodedDataset } from "../../data/rows.ts";
import { rowsOfTexts, textLabels, WindowMeans } from "../../data/windows.ts";
import type { Capacity, DeviceBatch } from "../../ops/device-batch.ts";
import type { AnyReport, AnyScores, LearnedTask } from "../../tasks/task.ts";
import type { RunControl } from "../control.ts";
import { outputsOf } from "../evaluate.ts";
import type { BaselineEvent, ProbeEvent } from "../events.ts";
import type { Trainable } from "../trainable.ts";
import { fitProbe, inTurns, REPORT_EVERY_MS, type FittedProbe } from "./fit-probe.ts";
import { apply, type Vectors } from "./linear-model.ts";
import { probedTexts, probeLimit } from "./rows.ts";

/** What a probe needs of a model: the mean of a text's hidden states, without dropout [B, H]. */
interface Encodes extends Pick<Trainable<unknown>, "tables"> {
  meanVectors(batch: DeviceBatch): Tensor;
  readonly vectorWidth: number;
  /** Products per token of a pass through its layers. */
  readonly productsPerToken: number;
}

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
  let reportedAt = -Infinity;
  async function* vectorsOf(
    data: EncodedDataset,
    some: Int32Array,
    before: number,
  ): AsyncGenerator<ProbeEvent, Vectors | null> {
    const width = model.vectorWidth;
    const values = new Float32Array(some.length * width);
    const means = new WindowMeans(data, some, width);
    let at = 0;
    const compute = (batch: DeviceBatch) => model.meanVectors(batch);
    for await (const outputs of outputsOf(model, compute, data, rowsOfTexts(data, some), capacity)) {
      const ofTexts = means.add(outputs);
      values.set(ofTexts, at);
      at += ofTexts.length;
      if (performance.now() - reportedAt > REPORT_EVERY_MS) {
        reportedAt = performance.now();
        yield { type: "probe", of: "baseline", what: "vectors", done: before + at / width, total };
      }
      await control.unpaused();
      if (control.stops) return null;
    }
    return { values, width };
  }
  const trainVectors = yield* vectorsOf(train, texts.train, 0);
  const heldVectors = trainVectors && (yield* vectorsOf(validation, texts.validation, texts.train.length));
  if (!heldVectors) return null;
  const labelsOf = (data: EncodedDataset, some: Int32Array) => takeLabels(textLabels(data), some);
  const trained = labelsOf(train, texts.train);
  const { labels, labelWidth = 1 } = trained;
  const fit = fitProbe({ ...trainVectors, labels }, { outputs, loss, labelWidth, seed });
  const probe = yield* inTurns(fit, "baseline", control);
  if (!probe) return null;
  const scored = ({ scoring }: LearnedTask, truth: RowLabels, vectors: Vectors) => {
    if (scoring.reads !== "outputs") throw new Error(`The task “${task.name}” scores no outputs of texts.`);
    const scorer = scoring.scorer(truth, labelNames, true);
    scorer.add(apply(probe, vectors, new Float32Array(labelledCount(truth) * outputs)));
    return { report: scorer.report(), scores: scorer.scores() };
  };
  const truth = labelsOf(validation, texts.validation);
  const plain = scored(task, truth, heldVectors);
  const tuned = tune && scored(tune(trained, scored(task, trained, trainVectors).scores), truth, heldVectors);
  const trainRows = texts.train.length;
  const wallMs = performance.now() - startedAt;
  const { report } = plain;
  const ofTuned = tuned && { tuned: tuned.report };
  yield { type: "baseline", task: task.name, report, ...ofTuned, trainRows, l2: probe.l2, wallMs };
  return { probe, trainRows, validation: texts.validation, ...(tuned ?? plain) };
}
