import { fileURLToPath } from "node:url";
import { beforeAll, describe, it } from "vitest";
import { fileSource } from "../../src/io/node-file.ts";
import { openSafetensors } from "../../src/io/safetensors.ts";
import { useNodeBackend } from "../node-backend.ts";
import { expectPeftReference, variants } from "./lora.ts";

const path = fileURLToPath(new URL("../reference/tiny/checkpoint/model.safetensors", import.meta.url));

beforeAll(async () => {
  await useNodeBackend("wasm");
});

describe("LoRA on wasm", () => {
  it.each(variants)("has peft's losses, gradients, weights and logits: %s", async (variant) => {
    await expectPeftReference(await openSafetensors(await fileSource(path)), variant);
  });
});
