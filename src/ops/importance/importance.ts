import type { Tensor } from "@tensorflow/tfjs-core";
import { dispatchNumbers } from "../../gpu/parts.ts";
import { f32 } from "../../gpu/program.ts";
import { defineKernel } from "../kernel.ts";
import pullWgsl from "./pull.wgsl?raw";
import squaresWgsl from "./squares.wgsl?raw";
import { hostView } from "../host.ts";

const squaresProgram = { name: "importance-squares", wgsl: squaresWgsl };
const pullProgram = { name: "importance-pull", wgsl: pullWgsl };

const squaresKernel = defineKernel("TabtuneAddSquares", {
  portable: ({ sum, x }: { sum: Tensor; x: Tensor }, { factor }: { factor: number }) => {
    const total = hostView(sum);
    hostView(x).forEach((value, i) => (total[i] = (total[i] ?? 0) + factor * value * value));
    return {};
  },
  webgpu: ({ sum, x }, { factor }, gpu) => {
    dispatchNumbers(gpu, squaresProgram, [[x, sum]], [f32(factor)]);
    return {};
  },
});

type Pull = { gradient: Tensor; weight: Tensor; start: Tensor; importance: Tensor };

const pullKernel = defineKernel("TabtunePullByImportance", {
  portable: ({ gradient, weight, start, importance }: Pull, { strength }: { strength: number }) => {
    const [total, w, before, f] = [gradient, weight, start, importance].map(hostView);
    if (!total || !w || !before || !f) throw new Error("The pull was given too few tensors.");
    for (let i = 0; i < total.length; i++) {
      total[i] = (total[i] as number) + strength * (f[i] as number) * ((w[i] as number) - (before[i] as number));
    }
    return {};
  },
  webgpu: ({ gradient, weight, start, importance }, { strength }, gpu) => {
    dispatchNumbers(gpu, pullProgram, [[weight, start, importance, gradient]], [f32(strength)]);
    return {};
  },
});

/** sum += factor · x ⊙ x in place: a gradient's part of the diagonal Fisher information. `sum` as in `accumulate`. */
export function addSquares(sum: Tensor, x: Tensor, factor: number): void {
  squaresKernel({ sum, x }, { factor });
}

/**
 * gradient += strength · importance ⊙ (weight - start) in place, all of one shape: the gradient of
 * strength / 2 · Σ importance · (weight - start)² (Kirkpatrick et al. 2017, equation 3). `gradient` as in `accumulate`.
 */
export function pullByImportance(gradient: Tensor, pull: Omit<Pull, "gradient">, strength: number): void {
  pullKernel({ gradient, ...pull }, { strength });
}
