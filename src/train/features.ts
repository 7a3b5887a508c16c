import { rowCount } from "../data/batches.ts";
import type { EncodedDataset } from "../data/rows.ts";
import type { Capacity, DeviceBatch } from "../ops/device-batch.ts";
import type { Parameter } from "../ops/parameter.ts";
import type { RunControl } from "./control.ts";
import { outputsOf } from "./evaluate.ts";
import type { FeaturesEvent } from "./events.ts";
import type { Trainable } from "./trainable.ts";

const REPORT_EVERY_MS = 500;
/** Beyond this the rows go through the encoder again and again: main memory has to hold the text as well. */
const MOST_BYTES = 2 ** 30;

/** Whether main memory can keep what the head reads of `rows` rows, `width` numbers each. */
export function featuresFit(rows: number, width: number): boolean {
  return 4 * rows * width <= MOST_BYTES;
}

/** Rows whose features would be kept: no number of them where the head reads words, of which a row has many. */
export function featureRows({ train, validation }: Sets): number {
  return train.wordOf ? Infinity : rowCount(train) + rowCount(validation);
}

/**
 * Whether what the head reads of a row stays as it is through a whole run: nothing below the head is among the
 * parameters that ever train (and the features fit in memory).
 */
export function trainsHeadAlone<Pass>(model: Trainable<Pass>, trainable: Iterable<Parameter>, rows: number): boolean {
  const { featureWidth = 0 } = model;
  if (!model.features || !featuresFit(rows, featureWidth)) return false;
  return [...trainable].every(({ ofHead }) => ofHead);
}

interface Sets {
  train: EncodedDataset;
  validation: EncodedDataset;
}

/**
 * Feature extraction: the data sets with what the head reads of each row, for which the rest of the model runs once a
 * row and without dropout (as `model.eval()` for a frozen encoder in PyTorch). Yields how far it is; null comes back
 * when `control` stops it.
 */
export async function* extractFeatures<Pass>(
  model: Trainable<Pass>,
  { train, validation }: Sets,
  capacity: Capacity,
  control: RunControl,
  wallMs: () => number,
): AsyncGenerator<FeaturesEvent, Sets | null> {
  const total = rowCount(train) + rowCount(validation);
  const width = model.featureWidth ?? 0;
  const compute = (batch: DeviceBatch) => {
    if (!model.features) throw new Error("The model's head does not stand apart.");
    return model.features(batch);
  };
  let done = 0;
  let reportedAt = -Infinity;
  async function* extracted(data: EncodedDataset): AsyncGenerator<FeaturesEvent, EncodedDataset | null> {
    const features = new Float32Array(rowCount(data) * width);
    const all = Int32Array.from({ length: rowCount(data) }, (_, row) => row);
    let at = 0;
    for await (const values of outputsOf(model, compute, data, all, capacity)) {
      features.set(values, at);
      at += values.length;
      done += values.length / width;
      if (done === total || performance.now() - reportedAt > REPORT_EVERY_MS) {
        reportedAt = performance.now();
        yield { type: "features", done, total, wallMs: wallMs() };
      }
      await control.unpaused();
      if (control.stops) return null;
    }
    return { ...data, features };
  }
  const trainFeatures = yield* extracted(train);
  const validationFeatures = trainFeatures && (yield* extracted(validation));
  return trainFeatures && validationFeatures && { train: trainFeatures, validation: validationFeatures };
}
