import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { useNodeBackend } from "../node-backend.ts";
import { expectFisher, expectRun, movesByImportance, runNames } from "./ewc.ts";

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

  it("hold the weights that the earlier task needs most more than those it needs least", async () => {
    const [free, held] = [await movesByImportance(0, weights()), await movesByImportance(1e4, weights())];
    expect(held.most / held.least).toBeLessThan(0.7 * (free.most / free.least));
    expect(held.most).toBeLessThan(0.7 * free.most);
  });
});
