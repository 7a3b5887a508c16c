import type { Tensor } from "@tensorflow/tfjs-core";
import { u32 } from "../../gpu/program.ts";
import { computeOnHost } from "../host.ts";
import { defineKernel } from "../kernel.ts";
import type { DeviceBatch } from "../device-batch.ts";
import gatherWgsl from "./gather.wgsl?raw";
import scatterWgsl from "./scatter.wgsl?raw";

const gather = { name: "pool-gather", wgsl: gatherWgsl };
const scatter = { name: "pool-scatter", wgsl: scatterWgsl };

type Attributes = { rows: number; rowStart: Int32Array; rowCapacity: number };

const forwardKernel = defineKernel("TabtunePool", {
  portable: ({ x }: { x: Tensor; starts: Tensor }, { rows, rowStart }: Attributes) => {
    const hidden = x.shape[1] ?? 0;
    const y = computeOnHost([x], [rows, hidden], (out, values) => {
      for (let row = 0; row < rows; row++) {
        const first = (rowStart[row] ?? 0) * hidden;
        out.set(values.subarray(first, first + hidden), row * hidden);
      }
    });
    return { y };
  },
  webgpu: ({ x, starts }, { rows, rowCapacity }, gpu) => {
    const hidden = x.shape[1] ?? 0;
    const y = gpu.output([rowCapacity, hidden]);
    gpu.dispatch(gather, [x, starts, y], [u32(rows), u32(hidden)], [Math.ceil((rows * hidden) / 64)]);
    return { y };
  },
});

type BackwardInputs = { dy: Tensor; tokens: Tensor; bounds: Tensor };

const backwardKernel = defineKernel("TabtunePoolBackward", {
  portable: ({ dy }: BackwardInputs, { tokens, rowStart }: { tokens: number; rowStart: Int32Array }) => {
    const hidden = dy.shape[1] ?? 0;
    const dx = computeOnHost([dy], [tokens, hidden], (out, values) => {
      for (let row = 0; row + 1 < rowStart.length; row++) {
        out.set(values.subarray(row * hidden, (row + 1) * hidden), (rowStart[row] ?? 0) * hidden);
      }
    });
    return { dx };
  },
  webgpu: ({ dy, tokens: tokenTable, bounds }, { tokens }, gpu) => {
    const hidden = dy.shape[1] ?? 0;
    const dx = gpu.output([tokenTable.shape[0] ?? 0, hidden]);
    const groups = Math.ceil((tokens * hidden) / 64);
    gpu.dispatch(scatter, [dy, tokenTable, bounds, dx], [u32(tokens), u32(hidden)], [groups]);
    return { dx };
  },
});

/** y[B, H] = x[T, H] at the first token ([CLS]) of each row. */
export function poolFirst(x: Tensor, batch: DeviceBatch): Tensor {
  const { rows, rowStart, rowCapacity, starts } = batch;
  return forwardKernel({ x, starts }, { rows, rowStart, rowCapacity }).y;
}

/** dx[T, H] from dy[B, H]. */
export function poolFirstGradient(dy: Tensor, batch: DeviceBatch): Tensor {
  const { tokenTable, bounds, tokens, rowStart } = batch;
  return backwardKernel({ dy, tokens: tokenTable, bounds }, { tokens, rowStart }).dx;
}
