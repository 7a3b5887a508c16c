import type { Tensor } from "@tensorflow/tfjs-core";
import { defineKernel } from "../kernel.ts";
import type { AdamWOptions, Update } from "./options.ts";
import * as portable from "./portable.ts";
import * as wasm from "./wasm.ts";
import * as webgpu from "./webgpu.ts";

type Attributes = { updates: readonly Update[]; options: AdamWOptions };

const kernel = defineKernel("TabtuneAdamW", {
  portable: ({ clip }: { clip: Tensor }, { updates, options }: Attributes) =>
    named(updates.map((update) => portable.step(update, clip, options))),
  wasm: ({ clip }, { updates, options }) => named(updates.map((update) => wasm.step(update, clip, options))),
  webgpu: ({ clip }, { updates, options }, gpu) => named(webgpu.step(gpu, updates, clip, options)),
});

/**
 * One AdamW step of parameters that belong together (`groupsOf`), with `clip` [4] as `gradientNorm` gives it: a step
 * that is not finite changes nothing. Moments are updated in place; the weights come back in their order as tensors to
 * use from now on, and those given must be disposed (webgpu and wasm update in place, under another tensor).
 */
export function adamw(group: readonly Update[], clip: Tensor, options: AdamWOptions): Tensor[] {
  return Object.values(kernel({ clip }, { updates: group, options }));
}

const named = <T>(tensors: readonly T[]) => Object.fromEntries(tensors.map((tensor, i) => [`weight ${i}`, tensor]));
