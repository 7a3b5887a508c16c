import type { Tensor } from "@tensorflow/tfjs-core";
import { dispatchNumbers } from "../../gpu/parts.ts";
import { f32 } from "../../gpu/program.ts";
import { runningDevice } from "../../gpu/running.ts";
import { defineKernel } from "../kernel.ts";
import accumulateWgsl from "./accumulate.wgsl?raw";
import { hostView } from "../host.ts";
import { callAll, threadParts, wasmPointer } from "../wasm-kernels.ts";

const program = { name: "accumulate", wgsl: accumulateWgsl };

interface Factors {
  /** Multiplies the sum so far; 1 by default. */
  keep?: number;
  /** Multiplies what is added; 1 by default. */
  factor?: number;
}

/** A sum, and what is added to it: tensors of one size. */
type Addition = readonly [sum: Tensor, x: Tensor];

const kernel = defineKernel("TabtuneAccumulate", {
  portable: (_: object, { pairs, keep, factor }: { pairs: readonly Addition[] } & Required<Factors>) => {
    for (const [sum, x] of pairs) {
      const total = hostView(sum);
      hostView(x).forEach((value, i) => (total[i] = keep * (total[i] ?? 0) + factor * value));
    }
    return {};
  },
  wasm: (_, { pairs, keep, factor }) => {
    for (const [sum, x] of pairs) {
      const calls = threadParts(sum.size, 4, 2 * sum.size).map(({ from, to }) => {
        return [wasmPointer(sum) + 4 * from, wasmPointer(x) + 4 * from, to - from, keep, factor];
      });
      callAll("addScaled", calls);
    }
    return {};
  },
  webgpu: (_, { pairs, keep, factor }, gpu) => {
    dispatchNumbers(gpu, program, pairs, [f32(keep), f32(factor)]);
    return {};
  },
});

/**
 * sum = keep · sum + factor · x in place: gradients of micro-batches, pulls on gradients, moving averages. `sum` must
 * not have been an operand of tfjs's own matmul, which keeps packed weights by tensor.
 */
export function accumulate(sum: Tensor, x: Tensor, factors: Factors = {}): void {
  accumulateAll([[sum, x]], factors);
}

/** The same for several pairs: those whose tensors lie behind one another on a GPU, in this order, are added at once. */
export function accumulateAll(pairs: readonly Addition[], { keep = 1, factor = 1 }: Factors = {}): void {
  kernel({}, { pairs, keep, factor });
}

/** New tensors with the values that some float tensors have now, copied on the device, side by side in this order. */
export function copiesOf(sources: readonly Tensor[]): Tensor[] {
  const copies = runningDevice().together(sources.map(({ shape }) => shape));
  accumulateAll(copies.map((copy, i) => [copy, sources[i] as Tensor]));
  return copies;
}
