import { beforeAll, describe, it } from "vitest";
import { startBackend } from "../../src/gpu/backend.ts";
import { blobSource } from "../../src/io/byte-source.ts";
import { openSafetensors } from "../../src/io/safetensors.ts";
import weightsUrl from "../reference/tiny/checkpoint/model.safetensors?url";
import { backendOptions } from "../ops/backends.ts";
import { expectPeftReference, variants } from "./lora.ts";

beforeAll(async () => {
  await startBackend("webgpu", backendOptions);
});

describe("LoRA on webgpu", () => {
  it.each(variants)("has peft's losses, gradients, weights and logits: %s", async (variant) => {
    const file = blobSource("model.safetensors", await (await fetch(weightsUrl)).blob());
    await expectPeftReference(await openSafetensors(file), variant);
  });
});
