import { beforeAll, describe, expect, it } from "vitest";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { openModel, type OpenedModel } from "../../src/run/open-model.ts";
import { Run } from "../../src/run/run.ts";
import { checkBaseline } from "../../src/run/check-baseline.ts";
import { planRun } from "../../src/run/plan.ts";
import { mostWithin } from "../../src/run/time-budget.ts";
import { trainedTasks } from "../../src/tasks/trained-tasks.ts";
import { RunControl } from "../../src/train/control.ts";
import { checkpointFiles, tinyTensors } from "../model/tiny-checkpoint.ts";
import { useNodeBackend } from "../node-backend.ts";
import { smallTokenizer } from "../tokenize/starter-tokenizer.ts";
import { learnableRows } from "../train/learnable-rows.ts";
import { tinyRecipe } from "../train/tiny-run.ts";

let opened: OpenedModel;

beforeAll(async () => {
  await useNodeBackend("wasm");
  const words = Array.from({ length: 990 }, (_, i) => `w${i}`);
  opened = await openModel(
    await checkpointFiles(await tinyTensors(), { tokenizer: smallTokenizer(words).tokenizerJson }),
  );
});

async function trained(changes: Partial<Recipe>) {
  const recipe = { ...tinyRecipe, epochs: 4, ...changes };
  const rows = { train: learnableRows(64, 1), validation: learnableRows(24, 2) };
  const run = await Run.load({ opened, recipe, labelNames: ["a", "b", "c"], ...rows }, new RunControl());
  for await (const event of run.events()) void event;
  return run;
}

describe("effort", () => {
  it("quick is the baseline alone, which can be used", async () => {
    const run = await trained({ effort: "quick", baseline: false });
    // How far the probe is comes as often as the clock says.
    const types = new Set(run.history.map(({ type }) => type));
    expect([...types]).toEqual(["plan", "probe", "baseline", "end"]);
    expect(run.history.at(-1)).toMatchObject({ reason: "finished", step: 0 });
    expect(run.isTrained).toBe(false);
    expect((await run.results("baseline")).report.rows).toBe(24);
    run.dispose();
  });

  it("quick needs a baseline: a task of whole texts, and the checkpoint's weights", async () => {
    const quick = { ...tinyRecipe, effort: "quick" } as const;
    for (const task of trainedTasks) {
      const check = () => checkBaseline(quick, task);
      if (task.linearLoss) expect(check).not.toThrow();
      else expect(check).toThrow(`the task ${task.name} has none`);
    }
    await expect(trained({ effort: "quick", start: "random" })).rejects.toThrow("the weights start at random");
  });

  it("a time budget makes all steps where they fit, and few where they do not", async () => {
    const whole = await trained({ effort: "time", timeBudget: 60 });
    expect(whole.history.find((event) => event.type === "plan")).toMatchObject({ steps: 32, budget: 60 });
    expect(whole.history.at(-1)).toMatchObject({ reason: "finished", step: 32 });
    whole.dispose();
    const cut = await trained({ effort: "time", timeBudget: 1e-5 });
    expect(cut.history.find((event) => event.type === "plan")).toMatchObject({ steps: 1 });
    cut.dispose();
  });

  it("is in the plan, with the baseline's time", async () => {
    const rows = { train: learnableRows(64, 1), validation: learnableRows(24, 2) };
    const planned = async (changes: Partial<Recipe>) => {
      const recipe = { ...tinyRecipe, epochs: 4, ...changes };
      const { time } = await planRun({ opened, recipe, labelNames: ["a", "b", "c"], ...rows }, new RunControl());
      if (!time) throw new Error("The plan has no time.");
      return time;
    };
    const whole = await planned({});
    expect(whole).toMatchObject({ steps: 32, isLimit: false });
    expect(whole.probeMs).toBeGreaterThan(0);
    expect(whole.ms).toBeGreaterThan(whole.probeMs + whole.steps * whole.msPerStep - 1e-6);
    expect(await planned({ baseline: false })).toMatchObject({ probeMs: 0 });
    expect((await planned({ headStart: "probe", baseline: false })).probeMs).toBeGreaterThan(0);
    const quick = await planned({ effort: "quick" });
    expect(quick).toMatchObject({ steps: 0, msPerStep: 0, ms: quick.probeMs });
    expect(await planned({ effort: "time", timeBudget: 1e-5 })).toMatchObject({ steps: 1, ms: 60_000 * 1e-5 });
    expect(await planned({ effort: "time", timeBudget: 60 })).toMatchObject({ steps: 32 });
    expect(await planned({ effort: "plateau", earlyStopping: 2 })).toMatchObject({ steps: 32, isLimit: true });
  });

  it("the largest number that fits is found, and one where none does", () => {
    expect(mostWithin(100, (count) => count <= 37)).toBe(37);
    expect(mostWithin(100, () => true)).toBe(100);
    expect(mostWithin(100, () => false)).toBe(1);
  });
});
