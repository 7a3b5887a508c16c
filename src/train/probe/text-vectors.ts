import type { Tensor } from "@tensorflow/tfjs-core";
import type { EncodedDataset } from "../../data/rows.ts";
import { rowsOfTexts, WindowMeans } from "../../data/windows.ts";
import type { Capacity, DeviceBatch } from "../../ops/device-batch.ts";
import type { RunControl } from "../control.ts";
import { outputsOf } from "../evaluate.ts";
import type { ProbeEvent } from "../events.ts";
import type { Trainable } from "../trainable.ts";
import { REPORT_EVERY_MS } from "./fit-probe.ts";
import type { Vectors } from "./linear-model.ts";

/** What a probe needs of a model: the mean of a text's hidden states, without dropout [B, H]. */
export interface Encodes extends Pick<Trainable<unknown>, "tables"> {
  meanVectors(batch: DeviceBatch): Tensor;
  readonly vectorWidth: number;
  /** Products per token of a pass through its layers. */
  readonly productsPerToken: number;
}

/**
 * The mean vectors of some texts [texts · width], by the frozen encoder; null where `control` stops it. Yields how far it
 * is.
 *
 * @param progress texts that were done before, and in all
 */
export async function* textVectors(
  model: Encodes,
  { data, texts, capacity }: { data: EncodedDataset; texts: Int32Array; capacity: Capacity },
  progress: { done: number; total: number },
  control: RunControl,
): AsyncGenerator<ProbeEvent, Vectors | null> {
  const width = model.vectorWidth;
  const values = new Float32Array(texts.length * width);
  const means = new WindowMeans(data, texts, width);
  const compute = (batch: DeviceBatch) => model.meanVectors(batch);
  let at = 0;
  let reportedAt = -Infinity;
  for await (const outputs of outputsOf(model, compute, data, rowsOfTexts(data, texts), capacity)) {
    const ofTexts = means.add(outputs);
    values.set(ofTexts, at);
    at += ofTexts.length;
    if (performance.now() - reportedAt > REPORT_EVERY_MS) {
      reportedAt = performance.now();
      yield { type: "probe", of: "baseline", what: "vectors", done: progress.done + at / width, total: progress.total };
    }
    await control.unpaused();
    if (control.stops) return null;
  }
  return { values, width };
}
