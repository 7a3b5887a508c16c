import type { Tensor } from "@tensorflow/tfjs-core";
import { dispatchNumbers } from "../../gpu/parts.ts";
import { f32 } from "../../gpu/program.ts";
import { defineKernel } from "../kernel.ts";
import pullWgsl from "./pull.wgsl?raw";
import squaresWgsl from "./squares.wgsl?raw";
import { hostView } from "../host.ts";

const squaresProgram = { name: "importance-squares", wgsl: squaresWgsl };
const pullProgram = { name: "importance-pull", wgsl: pullWgsl };

/** A sum of squares, and the gradient whose squares are added to it: tensors of one size. */
interface Squares {
  sum: Tensor;
  x: Tensor;
}

/** What a penalty pulls on, all of one size: a gradient, its weight, where that began, and how important it is. */
interface Pull {
  gradient: Tensor;
  weight: Tensor;
  start: Tensor;
  importance: Tensor;
}

const squaresKernel = defineKernel("TabtuneAddSquares", {
  portable: (_: object, { all, factor }: { all: readonly Squares[]; factor: number }) => {
    for (const { sum, x } of all) {
      const total = hostView(sum);
      hostView(x).forEach((value, i) => (total[i] = (total[i] ?? 0) + factor * value * value));
    }
    return {};
  },
  webgpu: (_, { all, factor }, gpu) => {
    const tensors = all.map(({ sum, x }) => [x, sum]);
    dispatchNumbers(gpu, squaresProgram, tensors, [f32(factor)]);
    return {};
  },
});

const pullKernel = defineKernel("TabtunePullByImportance", {
  portable: (_: object, { all, strength }: { all: readonly Pull[]; strength: number }) => {
    for (const { gradient, weight, start, importance } of all) {
      const [total, w, before, f] = [gradient, weight, start, importance].map(hostView);
      if (!total || !w || !before || !f) throw new Error("The pull was given too few tensors.");
      for (let i = 0; i < total.length; i++) {
        total[i] = (total[i] as number) + strength * (f[i] as number) * ((w[i] as number) - (before[i] as number));
      }
    }
    return {};
  },
  webgpu: (_, { all, strength }, gpu) => {
    const tensors = all.map(({ gradient, weight, start, importance }) => [weight, start, importance, gradient]);
    dispatchNumbers(gpu, pullProgram, tensors, [f32(strength)]);
    return {};
  },
});

/**
 * sum += factor · x ⊙ x in place: gradients' parts of the diagonal Fisher information. `sum` as in `accumulate`. Those
 * whose tensors lie behind one another on a GPU, in this order, are added at once.
 */
export function addSquares(all: readonly Squares[], factor: number): void {
  squaresKernel({}, { all, factor });
}

/**
 * gradient += strength · importance ⊙ (weight - start) in place: the gradient of
 * strength / 2 · Σ importance · (weight - start)² (Kirkpatrick et al. 2017, equation 3). `gradient` as in `accumulate`.
 * Those whose tensors lie behind one another on a GPU, in this order, are pulled at once.
 */
export function pullByImportance(all: readonly Pull[], strength: number): void {
  pullKernel({}, { all, strength });
}
