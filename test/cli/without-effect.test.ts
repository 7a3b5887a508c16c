import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { recipeOf } from "../../src/cli/recipe-options.ts";
import { linesWithoutEffect } from "../../src/cli/without-effect.ts";
import { fieldNames } from "../../src/recipe/fields.ts";
import { taskNamed } from "../../src/tasks/registry.ts";
import { runProgram } from "./program.ts";
import { tinyFolder } from "./tiny-folder.ts";

type Options = Partial<Parameters<typeof linesWithoutEffect>[0]> & { preset?: string };

const linesOf = async (task: string, options: Options) => {
  const given = { set: [], ...options };
  return linesWithoutEffect(given, await recipeOf(given), taskNamed(task));
};
const named = async (task: string, options: Options) =>
  (await linesOf(task, options)).map((line) => /^note: (\w+) has no effect/.exec(line)?.[1]);

const ofClasses = ["sampling=oversample", "focalGamma=2", "labelSmoothing=0.1", "classWeights=balanced"];
const ofTasks = [...ofClasses, "thresholds=bestF1", "huber=1", "pooling=mean", "longTexts=windows"];

describe("fields without effect", () => {
  it.each<[task: string, set: string[], silent: string[]]>([
    ["single-label", ofTasks, ["thresholds", "huber", "labelSmoothing"]],
    ["multi-label", ofTasks, ["huber", "labelSmoothing", "focalGamma", "sampling"]],
    ["regression", ofTasks, ["thresholds", "labelSmoothing", "classWeights", "focalGamma", "sampling"]],
    ["token-classification", ofTasks, ["longTexts", "thresholds", "huber", "pooling", "labelSmoothing", "sampling"]],
    ["single-label", ["labelSmoothing=0.1"], []],
    ["single-label", ["effectiveBeta=0.9"], ["effectiveBeta"]],
    ["multi-label", ["effectiveBeta=0.9", "classWeights=effective"], []],
    ["single-label", ["headStart=probe", "loraRank=8"], ["headStart"]],
    ["regression", ["headStart=probe", "start=random", "reinitializeLayers=1"], ["headStart", "reinitializeLayers"]],
    ["single-label", ["loraAlpha=32", "timeBudget=2"], ["timeBudget", "loraAlpha"]],
    ["single-label", ["loraAlpha=32", "loraRank=4", "timeBudget=2", "effort=time"], []],
    ["regression", ["warmupShare=0.2", "warmupSteps=5"], ["warmupShare"]],
    ["single-label", ["maxGradientValue=0.1", "leastGain=0.1"], ["maxGradientValue", "leastGain"]],
    ["single-label", ["windowOverlap=16"], ["windowOverlap"]],
    ["token-classification", ["windowOverlap=16"], []],
    ["single-label", ["bestBy=rmse"], ["bestBy"]],
    ["regression", ["bestBy=rmse"], []],
    ["single-label", ["effort=quick", "epochs=5", "loraRank=8", "baseline=false"], ["epochs", "loraRank", "baseline"]],
    ["single-label", ["effort=quick", "maxLength=32", "seed=3", "timeBudget=2"], ["timeBudget"]],
    ["multi-label", ["effort=quick", "thresholds=bestF1", "validationShare=0.1"], []],
    ["single-label", ["averageCount=4", "learningRate=1e-4", "seed=3"], ["averageCount"]],
  ])("of %s with %j are named: %j", async (task, set, silent) => {
    expect(await named(task, { set })).toEqual(silent);
  });

  it("are explained: what keeps the field from doing anything, and what to change", async () => {
    expect(await linesOf("regression", { set: ["sampling=oversample"] })).toEqual([
      `note: sampling has no effect while task is "regression": it matters where task is "single-label". ` +
        "Change task, or leave sampling out.",
    ]);
    expect(await linesOf("single-label", { set: ["loraAlpha=8", "bestBy=mae"] })).toEqual([
      "note: loraAlpha has no effect while loraRank is 0: it matters where loraRank is above 0. " +
        "Change loraRank, or leave loraAlpha out.",
      `note: bestBy has no effect while it is "mae": single-label does not have this metric, and is judged by accuracy. ` +
        "Take one of accuracy, macroF1, weightedF1, matthews, balancedAccuracy, kappa, logLoss, or leave bestBy out.",
    ]);
  });

  it("depend on the files that are given", async () => {
    const set = ["validationShare=0.3", "maskShare=0.2", "task=regression"];
    expect(await named("single-label", { set: set.slice(0, 2) })).toEqual(["maskShare"]);
    expect(await named("regression", { set, valid: "v.csv", task: "regression" })).toEqual([
      "task",
      "maskShare",
      "validationShare",
    ]);
    expect(await named("single-label", { set: set.slice(0, 2), valid: "v.csv", "earlier-corpus": "c.txt" })).toEqual(
      [],
    );
    expect(await named("single-label", { set: set.slice(0, 1), valid: "v.csv", earlier: "e.csv" })).toEqual([]);
  });

  it("of a file are named where they differ from the default, those of a preset and automatic ones are not", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tabtune-recipe-"));
    const recipe = join(folder, "recipe.json");
    await writeFile(
      recipe,
      JSON.stringify({ automatic: ["classWeights"], classWeights: "balanced", huber: 1, focalGamma: 0 }),
    );
    expect(await named("single-label", { recipe })).toEqual(["huber"]);
    expect(await named("regression", { recipe })).toEqual([]);
    expect(await named("regression", { recipe, set: ["focalGamma=0"] })).toEqual(["focalGamma"]);
    for (const preset of ["lora", "gentle", "few-rows"]) {
      expect(await named("token-classification", { preset, set: ["sampling=oversample"] })).toEqual(["sampling"]);
    }
    await rm(folder, { recursive: true });
  });

  it("are none in a run that nobody touched", async () => {
    for (const task of ["single-label", "multi-label", "regression", "token-classification"]) {
      expect(await named(task, {})).toEqual([]);
    }
    expect(fieldNames.length).toBeGreaterThan(40);
  });

  it("are named by the commands that read a recipe", async () => {
    const tiny = await tinyFolder();
    const given = ["--data", tiny.data, "--model", tiny.model, "--set", "huber=1", "--set", "epochs=2"];
    const line = /^note: huber has no effect while task is "single-label": .*\.$/m;
    for (const command of ["plan", "find-rate", "fit"]) {
      const out = command === "fit" ? ["--out", join(tiny.folder, "out")] : [];
      const { stderr } = await runProgram(["tabtune", command, ...given, ...out, "--backend", "nonsense"]);
      expect(stderr.match(new RegExp(line, "gm"))).toHaveLength(1);
      expect(stderr).not.toContain("epochs has no effect");
    }
    const { code, stderr } = await runProgram(["tabtune", "inspect", ...given, "--set", "task=regression"]);
    expect(code).toBe(0);
    expect(stderr.match(/^note: (huber|epochs) has no effect here: inspect reads task, .*$/gm)).toHaveLength(2);
    await rm(tiny.folder, { recursive: true });
  });
});
