import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { askedThresholds, withThresholds } from "../../src/cli/threshold-options.ts";
import { trainedRegression } from "../../src/tasks/regression/regression.ts";
import { trainedSingleLabel } from "../../src/tasks/single-label/single-label.ts";
import { runProgram } from "./program.ts";
import { tinyFolder } from "./tiny-folder.ts";

interface Decided {
  accuracy: number;
  logLoss: number;
  confusion: [number, number, number][];
  decision: { thresholds: Record<string, number>; costs?: Record<string, { cost: number; before: number }> };
}

it("fit writes thresholds that evaluate and predict obey, and finds the one of the least cost", async () => {
  const { folder, data, model, valid } = await tinyFolder();
  const out = join(folder, "out");
  const given = ["--data", data, "--valid", valid, "--model", model, "--out", out, "--backend", "cpu"];
  const asked = ["--set", "effort=quick", "--cost", "good=1:50"];
  const { stderr, code } = await runProgram(["tabtune", "fit", ...given, ...asked]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const filed = JSON.parse(await readFile(join(out, "report.json"), "utf8")) as Decided;
  const { good = NaN } = filed.decision.thresholds;
  const { cost = NaN, before = NaN } = filed.decision.costs?.["good"] ?? {};
  expect(cost).toBeLessThanOrEqual(before);
  expect(filed.decision.costs?.["good"]).toMatchObject({ miss: 50, tunedOn: "the rows of this report" });
  const config = JSON.parse(await readFile(join(out, "model", "config.json"), "utf8")) as { tabtune: object };
  expect(config.tabtune).toMatchObject({ thresholds: { good }, thresholdsByHand: true });
  expect(await readFile(join(out, "model", "README.md"), "utf8")).toContain("def decide(scores):");

  const scored = ["tabtune", "evaluate", "--model", join(out, "model"), "--data", valid, "--backend", "cpu"];
  const [own, all] = (await Promise.all([runProgram(scored), runProgram([...scored, "--threshold", "good=1e-9"])])).map(
    ({ stdout }) => JSON.parse(stdout) as Decided,
  );
  expect(own).toMatchObject({ confusion: filed.confusion });
  // Every row reaches it, and the probabilities are the same.
  expect(all?.confusion.every(([, predicted]) => predicted === 1)).toBe(true);
  expect(all).toMatchObject({ logLoss: own?.logLoss, decision: { thresholds: { good: 1e-9 } } });
  const texts = ["her book is awful", "this phone is the worst"].join("\n");
  const predicted = ["tabtune", "predict", "--model", join(out, "model"), "--backend", "cpu"];
  const { stdout } = await runProgram([...predicted, "--threshold", "good=1e-9"], texts);
  expect(stdout.trim().split("\n")).toHaveLength(2);
  for (const line of stdout.trim().split("\n")) expect(JSON.parse(line)).toMatchObject({ label: "good" });
  await rm(folder, { recursive: true });
});

describe("the options", () => {
  it("name a label, which may have “=” in it", () => {
    const { thresholds, costs } = askedThresholds({ threshold: ["a=b=0.3"], cost: ["x=0:2.5"] });
    expect([...thresholds]).toEqual([["a=b", 0.3]]);
    expect([...costs]).toEqual([["x", { falseAlarm: 0, miss: 2.5 }]]);
  });

  it.each(["spam", "=0.3", "spam=", "spam=0", "spam=1.2", "spam=x"])("are refused: --threshold %s", (option) => {
    expect(() => askedThresholds({ threshold: [option] })).toThrow(option);
  });

  it.each(["spam", "spam=1", "spam=1:", "spam=-1:2", "spam=0:0", "spam=1:2:3"])("are refused: --cost %s", (option) => {
    expect(() => askedThresholds({ cost: [option] })).toThrow(option);
  });

  it("are refused where no such label is, and where a task has none", () => {
    const asked = askedThresholds({ threshold: ["spam=0.3"] });
    expect(() => withThresholds(trainedSingleLabel, ["ham", "eggs"], asked)).toThrow("“spam”");
    expect(() => withThresholds(trainedRegression, ["spam"], asked)).toThrow("regression");
    expect(withThresholds(trainedRegression, [], askedThresholds({}))).toBe(trainedRegression);
  });
});
