import { describe, expect, it } from "vitest";
import { keepRun, keepTests } from "../../../src/app/history/keep-runs.ts";
import { keptRunFrom } from "../../../src/app/history/kept-run.ts";
import { createHistory } from "../../../src/app/history/run-history.ts";
import { startFromSettings } from "../../../src/app/history/start-settings.ts";
import { defaultRecipe } from "../../../src/recipe/recipe.ts";
import { report } from "../fake-session.ts";
import { csv, setUp } from "../set-up.ts";
import { memoryRuns } from "./memory-runs.ts";

/** A page whose run of `count` steps has ended. */
async function ended(count = 3, answers: Parameters<typeof setUp>[0] = {}) {
  const page = setUp(answers);
  await page.actions.openTable(csv("sms.csv"));
  await page.actions.openModel([csv("model.safetensors")]);
  await page.actions.start();
  const moment = { epoch: 1, wallMs: 5, trainingMs: 4 };
  const tell = (event: Parameters<typeof page.session.tell>[0]) => page.session.tell(event);
  tell({
    type: "plan",
    task: "single-label",
    steps: count,
    stepsPerEpoch: count,
    epochs: 1,
    trainRows: 80,
    validationRows: 20,
    tokensPerEpoch: 9,
    trainableParameters: 1,
    parameters: 1,
  });
  for (let step = 1; step <= count; step++) {
    tell({ type: "step", step, ...moment, loss: 1 / step, gradientNorm: 1, learningRate: 1e-4, rows: 4, tokens: 9 });
  }
  tell({ type: "evaluation", scope: "full", step: count, ...moment, report: report(0.75) });
  tell({ type: "best", step: count, epoch: 1, metric: "accuracy", value: 0.75 });
  tell({ type: "end", reason: "finished", step: count, wallMs: 5, trainingMs: 4 });
  const { database, kept } = memoryRuns();
  return { ...page, kept, history: createHistory(database) };
}

describe("a run that has ended", () => {
  it("is kept once, with scores and right rows, and without texts", async () => {
    const { state, history, kept } = await ended();
    await keepRun(state(), history, 7);
    await keepRun(state(), history, 8);
    expect(kept).toHaveLength(1);
    const run = keptRunFrom(kept[0], "it");
    expect(run).toMatchObject({ endedAt: 7, task: "single-label", ending: { reason: "finished", step: 3 } });
    expect(run.data).toMatchObject({ trainRows: 80, validationRows: 20 });
    // Those of the results, which are of the weights as they are used from now on.
    expect(run.best?.step).toBe(30);
    expect(run.last).toMatchObject({ step: 3, values: { accuracy: 0.75 } });
    expect(run.answers).toEqual({ fingerprint: "0123456789abcdef", rows: 4, right: "Bw==" });
    expect(run.steps.loss).toEqual([1, 0.5, 0.3333333]);
    expect(run.evaluations).toHaveLength(1);
  });

  it("is kept with at most 500 of its steps", async () => {
    const { state, history, kept } = await ended(3000);
    await keepRun(state(), history);
    const { steps } = keptRunFrom(kept[0], "it");
    expect(steps.step.length).toBeLessThanOrEqual(500);
    expect([steps.step[0], steps.step.at(-1)]).toEqual([1, 3000]);
  });

  it("is kept without right rows where these cannot be asked for", async () => {
    const { state, history } = await ended(3, { rowAnswers: () => Promise.reject(new Error("lost")) });
    await keepRun(state(), history);
    expect(history.getState().runs).toMatchObject([{ answers: null, best: { step: 3 } }]);
  });

  it("gets the scores of its test rows", async () => {
    const { session, state, history, actions } = await ended();
    await keepRun(state(), history);
    actions.recordTest(await session.testResults("best"));
    await keepTests(state(), history);
    expect(history.getState().runs[0]?.tests).toMatchObject([{ weights: "best", uses: 1 }]);
  });

  it("is not kept where nothing was trained", async () => {
    const { state, history } = await ended(0);
    await keepRun(state(), history);
    expect(history.getState().runs).toEqual([]);
  });
});

describe("the settings of a run", () => {
  const run = { name: "A", recipe: { ...defaultRecipe, epochs: 9 }, task: "single-label", folds: null };

  it("are put into the recipe as one step of undo", async () => {
    const { store, state, actions } = await ended();
    const before = state().recipe;
    const steps = state().past.length;
    const [says] = await startFromSettings(run, store);
    expect(says).toBe("The recipe now has the settings of “A”. Undo takes them back.");
    expect(state().recipe).toEqual(run.recipe);
    expect(state().past).toHaveLength(steps + 1);
    expect((await startFromSettings(run, store))[0]).toMatch(/has the settings of “A” already/);
    await actions.undo();
    expect(state().recipe).toEqual(before);
  });

  it("are said where they do not fit what is open", async () => {
    const { store } = await ended();
    const recipe = { ...run.recipe, maxLength: 4096, automatic: ["learningRate" as const], learningRate: 0.5 };
    const folds = { folds: 5, repeats: 1, complete: 5, mean: {}, deviation: {} };
    const says = (await startFromSettings({ ...run, task: "regression", recipe, folds }, store)).join("\n");
    expect(says).toContain("That run was of the task regression; the open rows are of single-label.");
    expect(says).toContain("a cross-validation of 5 folds");
    expect(says).toMatch(/Learning rate is automatic: .* for what is open now, 0.5 in that run/);
    expect(says).toMatch(/4,?096/);
  });

  it("are not taken while a run is going on", async () => {
    const { store, state, actions } = await ended();
    void actions.start();
    store.setState({ run: { ...state().run, status: "training" } });
    const before = state().recipe;
    expect((await startFromSettings(run, store))[0]).toMatch(/a run is going on/);
    expect(state().recipe).toBe(before);
  });
});
