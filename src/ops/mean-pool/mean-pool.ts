import type { Tensor } from "@tensorflow/tfjs-core";
import { f32, u32 } from "../../gpu/program.ts";
import { computeOnHost } from "../host.ts";
import { defineKernel } from "../kernel.ts";
import type { DeviceBatch } from "../device-batch.ts";
import meanWgsl from "./mean.wgsl?raw";
import spreadWgsl from "./spread.wgsl?raw";

const mean = { name: "mean-pool", wgsl: meanWgsl };
const spread = { name: "mean-pool-spread", wgsl: spreadWgsl };

type Attributes = { rows: number; rowStart: Int32Array; rowCapacity: number; scale: number };

const forwardKernel = defineKernel("TabtuneMeanPool", {
  portable: ({ x }: { x: Tensor; starts: Tensor }, { rows, rowStart, scale }: Attributes) => {
    const hidden = x.shape[1] ?? 0;
    const y = computeOnHost([x], [rows, hidden], (out, values) => {
      const sums = new Float64Array(hidden);
      for (let row = 0; row < rows; row++) {
        const [start, end] = [rowStart[row] ?? 0, rowStart[row + 1] ?? 0];
        sums.fill(0);
        for (let at = start * hidden; at < end * hidden; at += hidden) {
          for (let k = 0; k < hidden; k++) sums[k] = (sums[k] as number) + (values[at + k] as number);
        }
        const factor = scale / (end - start);
        for (let k = 0; k < hidden; k++) out[row * hidden + k] = (sums[k] as number) * factor;
      }
    });
    return { y };
  },
  webgpu: ({ x, starts }, { rows, rowCapacity, scale }, gpu) => {
    const hidden = x.shape[1] ?? 0;
    const y = gpu.output([rowCapacity, hidden]);
    gpu.dispatch(mean, [x, starts, y], [u32(rows), u32(hidden), f32(scale)], [Math.ceil((rows * hidden) / 64)]);
    return { y };
  },
});

type BackwardInputs = { dy: Tensor; tokens: Tensor; bounds: Tensor };
type BackwardAttributes = { tokens: number; rowStart: Int32Array; scale: number };

const backwardKernel = defineKernel("TabtuneMeanPoolBackward", {
  portable: ({ dy }: BackwardInputs, { tokens, rowStart, scale }: BackwardAttributes) => {
    const hidden = dy.shape[1] ?? 0;
    const dx = computeOnHost([dy], [tokens, hidden], (out, values) => {
      for (let row = 0; row + 1 < rowStart.length; row++) {
        const [start, end] = [rowStart[row] ?? 0, rowStart[row + 1] ?? 0];
        const factor = scale / (end - start);
        const share = values.subarray(row * hidden, (row + 1) * hidden).map((value) => value * factor);
        for (let token = start; token < end; token++) out.set(share, token * hidden);
      }
    });
    return { dx };
  },
  webgpu: ({ dy, tokens: tokenTable, bounds }, { tokens, scale }, gpu) => {
    const hidden = dy.shape[1] ?? 0;
    const dx = gpu.output([tokenTable.shape[0] ?? 0, hidden]);
    const groups = Math.ceil((tokens * hidden) / 64);
    gpu.dispatch(spread, [dy, tokenTable, bounds, dx], [u32(tokens), u32(hidden), f32(scale)], [groups]);
    return { dx };
  },
});

/**
 * y[B, H] = scale · mean of x[T, H] over the tokens of each row, [CLS] and [SEP] among them, as Sentence-BERT's mean
 * pooling (Reimers and Gurevych 2019).
 */
export function poolMean(x: Tensor, batch: DeviceBatch, scale: number): Tensor {
  const { rows, rowStart, rowCapacity, starts } = batch;
  return forwardKernel({ x, starts }, { rows, rowStart, rowCapacity, scale }).y;
}

/** dx[T, H] from dy[B, H]. */
export function poolMeanGradient(dy: Tensor, batch: DeviceBatch, scale: number): Tensor {
  const { tokenTable, bounds, tokens, rowStart } = batch;
  return backwardKernel({ dy, tokens: tokenTable, bounds }, { tokens, rowStart, scale }).dx;
}
