import { takeLabels } from "../data/row-labels.ts";
import type { EncodedDataset } from "../data/rows.ts";
import { rowsOfTexts, textLabels, WindowMeans } from "../data/windows.ts";
import type { Capacity } from "../ops/device-batch.ts";
import type { GivenLabels, LearnedTask } from "../tasks/task.ts";
import type { RunControl } from "./control.ts";
import { outputsOf } from "./evaluate.ts";
import type { TrainEvent } from "./events.ts";
import type { Trainable } from "./trainable.ts";

/** Texts whose outputs are held at once: rows of thousands of classes are many numbers. */
const TEXTS_AT_ONCE = 256;
const REPORT_EVERY_MS = 500;

/** Rows that train, of which the first `rows` texts are scored. */
interface TrainedRows {
  task: Pick<LearnedTask, "givenLabels" | "outputs">;
  data: EncodedDataset;
  labelNames: readonly string[];
  /** The epoch that has ended, from 1. */
  epoch: number;
}

/** What a model says of the labels of its training rows, epoch by epoch (Swayamdipta et al. 2020, Dataset Cartography). */
export class RowDynamics {
  /** One entry for each epoch that is complete [epochs]. */
  readonly epochs: GivenLabels[] = [];

  /** @param rows texts that are scored: the first ones, without changed copies */
  constructor(readonly rows: number) {}

  /**
   * Scores the rows without dropout by the weights as they train, and keeps the result. Yields how far it is; waits where
   * the run is paused, and keeps nothing of the epoch where it is stopped meanwhile.
   */
  async *scoreEpoch<Pass>(
    model: Trainable<Pass>,
    { task, data, labelNames, epoch }: TrainedRows,
    capacity: Capacity,
    control: RunControl,
  ): AsyncGenerator<TrainEvent<never>> {
    const { rows } = this;
    if (!task.givenLabels) return;
    const all = textLabels(data);
    const width = task.outputs(labelNames);
    const whole: GivenLabels = { probabilities: new Float32Array(rows), isRight: new Uint8Array(rows) };
    let reportedAt = performance.now();
    // Where the epoch was to be the last one, it counts all the same.
    const { stops } = control;
    for (let from = 0; from < rows; from += TEXTS_AT_ONCE) {
      const texts = Int32Array.from({ length: Math.min(TEXTS_AT_ONCE, rows - from) }, (_, i) => from + i);
      const means = new WindowMeans(data, texts, width);
      const outputs: number[] = [];
      const infer = (batch: Parameters<typeof model.infer>[0]) => model.infer(batch);
      for await (const values of outputsOf(model, infer, data, rowsOfTexts(data, texts), capacity)) {
        for (const value of data.wordOf ? values : means.add(values)) outputs.push(value);
        await control.unpaused();
        if (control.stops !== stops || control.skipsEvaluation) return;
      }
      const asked = { data, texts, truth: takeLabels(all, texts) };
      const given = task.givenLabels(asked, Float32Array.from(outputs), labelNames);
      whole.probabilities.set(given.probabilities, from);
      whole.isRight.set(given.isRight, from);
      if (performance.now() - reportedAt < REPORT_EVERY_MS && from + texts.length < rows) continue;
      reportedAt = performance.now();
      yield { type: "dataMap", epoch, done: from + texts.length, total: rows };
    }
    this.epochs.push(whole);
  }
}
