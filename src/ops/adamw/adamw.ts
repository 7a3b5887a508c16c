import type { Tensor } from "@tensorflow/tfjs-core";
import { defineKernel } from "../kernel.ts";
import type { AdamWOptions, Update } from "./options.ts";
import * as portable from "./portable.ts";
import * as wasm from "./wasm.ts";
import * as webgpu from "./webgpu.ts";

type Attributes = { updates: readonly Update[]; options: AdamWOptions };

const kernel = defineKernel("TabtuneAdamW", {
  portable: ({ clip }: { clip: Tensor }, { updates, options }: Attributes) => {
    for (const update of updates) portable.step(update, clip, options);
    return {};
  },
  wasm: ({ clip }, { updates, options }) => {
    for (const update of updates) wasm.step(update, clip, options);
    return {};
  },
  webgpu: ({ clip }, { updates, options }, gpu) => {
    webgpu.step(gpu, updates, clip, options);
    return {};
  },
});

/**
 * One AdamW step, with `clip` [4] as `gradientNorm` gives it: a step that is not finite changes nothing. Weights and
 * moments are updated in place. On a GPU, updates are given in the order in which their tensors lie in shared buffers:
 * what lies behind one another and has the same rates takes one dispatch.
 */
export function adamw(updates: readonly Update[], clip: Tensor, options: AdamWOptions): void {
  kernel({ clip }, { updates, options });
}
