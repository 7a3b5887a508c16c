import { beforeAll, describe, expect, it } from "vitest";
import { mostDeviceBytes } from "../../src/plan/page-limit.ts";
import { Problem } from "../../src/problem/problem.ts";
import { defaultRecipe, type Recipe } from "../../src/recipe/recipe.ts";
import { memoryOf } from "../../src/run/memory.ts";
import { randomConfig } from "../model/random-model.ts";
import { useNodeBackend } from "../node-backend.ts";
import { learnableRows } from "../train/learnable-rows.ts";
import { listedCheckpoint } from "./listed-checkpoint.ts";

const apple = (device: string, version: string) =>
  `Mozilla/5.0 (${device}) AppleWebKit/605.1.15 (KHTML, like Gecko) ${version} Safari/604.1`;
const mac = apple("Macintosh; Intel Mac OS X 10_15_7", "Version/26.0");

describe("what the system lets a page have", () => {
  it.each([
    ["an iPhone", apple("iPhone; CPU iPhone OS 18_7 like Mac OS X", "Version/26.0 Mobile/15E148"), 5],
    ["Chrome on an iPhone", apple("iPhone; CPU iPhone OS 18_7 like Mac OS X", "CriOS/142.0 Mobile/15E148"), 5],
    ["an iPad that says so", apple("iPad; CPU OS 18_7 like Mac OS X", "Version/26.0 Mobile/15E148"), 5],
    ["an iPad that says that it is a Mac", mac, 5],
  ])("is less than 1.5 GB on %s", (_, userAgent, maxTouchPoints) => {
    expect(mostDeviceBytes({ userAgent, maxTouchPoints })).toBe(1.2e9);
  });

  it.each([
    ["a Mac", mac, 0],
    ["a Mac that counts its pad as one point", mac, 1],
    ["Chrome on a Mac", `${mac} Chrome/142.0.0.0`, 0],
    ["a laptop with Windows and a touch screen", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0.0.0", 10],
    ["a telephone with Android", "Mozilla/5.0 (Linux; Android 10; K) Chrome/142.0.0.0 Mobile Safari/537.36", 5],
  ])("has no limit on %s", (_, userAgent, maxTouchPoints) => {
    expect(mostDeviceBytes({ userAgent, maxTouchPoints })).toBe(Infinity);
  });
});

describe("a run on a device that ends a page for its memory", () => {
  const config = randomConfig({ vocab_size: 30522, hidden_size: 768, intermediate_size: 3072, num_hidden_layers: 12 });
  const opened = { ...listedCheckpoint(config), tokenizer: { tokenizerJson: "", tokenizerConfigJson: "" } };
  const [train, validation] = [learnableRows(32, 1), learnableRows(8, 2)];

  const planned = (changes: Partial<Recipe>, mostBytes?: number) => {
    const recipe = { ...defaultRecipe, memoryLimit: 64, ...changes };
    return memoryOf({ opened, recipe, labelNames: ["a", "b", "c"], train, validation, mostBytes });
  };

  beforeAll(() => useNodeBackend("wasm"));

  it("is refused in words where not even its smallest parts stay below, with what would", async () => {
    expect((await planned({})).prediction.total).toBeGreaterThan(1.5e9);
    const refused: unknown = await planned({}, 1.2e9).catch((error: unknown) => error);
    if (!(refused instanceof Problem)) throw refused;
    expect(refused.found).toMatch(/would take 2\.\d GB\.$/);
    expect(refused.expected).toContain("At most 1.2 GB");
    expect(refused.remedy).toContain("train with a LoRA rank of 8");
    expect(refused.remedy).toContain("train on a computer");
  });

  it("goes on where it fits", async () => {
    const fit = await planned({ loraRank: 8 }, 1.2e9);
    expect(fit).toMatchObject({ fits: true, limit: 1.2e9 });
  });
});
