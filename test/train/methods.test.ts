import { readFileSync } from "node:fs";
import { beforeAll, describe, it } from "vitest";
import { useNodeBackend } from "../node-backend.ts";
import { expectMethod, methodNames } from "./methods.ts";

beforeAll(async () => {
  await useNodeBackend("wasm");
});

const file = new URL("../reference/tiny/checkpoint/model.safetensors", import.meta.url);

describe("methods of training on wasm", () => {
  it.each(methodNames)("have PyTorch's losses and weights: %s", async (name) => {
    await expectMethod(name, new Blob([readFileSync(file)]));
  });
});
