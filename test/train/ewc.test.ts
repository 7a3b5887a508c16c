import { readFileSync } from "node:fs";
import { beforeAll, describe, it } from "vitest";
import { useNodeBackend } from "../node-backend.ts";
import { expectFisher, expectRun, runNames } from "./ewc.ts";

beforeAll(async () => {
  await useNodeBackend("wasm");
});

const weights = () =>
  new Blob([readFileSync(new URL("../reference/tiny/checkpoint/model.safetensors", import.meta.url))]);

describe("elastic weight consolidation and rehearsal on wasm", () => {
  it("measure PyTorch's Fisher information", async () => {
    await expectFisher(weights());
  });

  it.each(runNames)("have PyTorch's losses and weights: %s", async (name) => {
    await expectRun(name, weights());
  });
});
