import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runProgram } from "./program.ts";
import { tinyFolder, type TinyFolder } from "./tiny-folder.ts";

let tiny: TinyFolder;
beforeAll(async () => {
  tiny = await tinyFolder();
});
afterAll(() => rm(tiny.folder, { recursive: true }));

interface Printed {
  label: string;
  steps: number;
  sum: number;
  difference: number;
  complete: boolean;
  tokens: { text: string; start: number; end: number; score: number; pair?: true }[];
  words: Printed["tokens"];
}

const explain = (options: string[], input = "") =>
  runProgram(["tabtune", "explain", "--model", tiny.model, "--backend", "cpu", ...options], input);

it("explain prints a line for each text, whose scores add up to the difference of the logits", async () => {
  const pair = JSON.stringify({ text: "the film", pair: "is great" });
  const { code, stdout, stderr } = await explain([], `the film is great\n${pair}\n`);
  expect([code, stderr]).toEqual([0, expect.stringContaining("cpu")]);
  const [alone, ofPair] = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Printed);
  for (const found of [alone, ofPair]) {
    const sum = found?.tokens.reduce((total, { score }) => total + score, 0) ?? NaN;
    expect(sum).toBeCloseTo(found?.sum ?? NaN, 4);
    expect(found?.complete).toBe(true);
    expect(Math.abs(sum - (found?.difference ?? NaN))).toBeLessThan(0.01 * Math.abs(found?.difference ?? 0) + 1e-4);
    expect(found?.steps).toBeGreaterThan(0);
  }
  expect(alone?.words.map(({ text }) => text)).toEqual(["the", "film", "is", "great"]);
  expect(ofPair?.words.map(({ text, start, pair: isPair }) => [text, start, isPair])).toEqual([
    ["the", 0, undefined],
    ["film", 4, undefined],
    ["is", 0, true],
    ["great", 3, true],
  ]);
});

it("explain refuses what it does not know in words", async () => {
  const wrong = await explain(["--text", "the film", "--method", "lime"]);
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("integrated-gradients, gradient-input")]);
  const label = await explain(["--text", "the film", "--label", "nobody", "--method", "leave-one-out"]);
  expect([label.code, label.stderr]).toEqual([2, expect.stringContaining("no label “nobody”")]);
});
