import { describe, expect, it } from "vitest";
import { blockers } from "../../src/app/blockers.ts";
import { curvesOf, foldLines, foldFrame } from "../../src/app/folds/fold-lines.ts";
import { hasModel, taskOf } from "../../src/app/run-outcome.ts";
import { chartTable } from "../../src/app/run/ChartTable.tsx";
import { previewLines } from "../../src/app/run/plan-preview.ts";
import { shareDone, statusText } from "../../src/app/run/run-facts.ts";
import { closedReason } from "../../src/app/run/tab-reasons.ts";
import { defaultRecipe } from "../../src/recipe/recipe.ts";
import type { FoldPlace, TrainNotice } from "../../src/workers/protocol.ts";
import { dataSummary, foldsSummary, modelSummary, report, runEvents } from "./fake-session.ts";
import { csv, setUp } from "./set-up.ts";

/** A page with data and model on which a cross-validation of two folds has begun. */
async function begun() {
  const made = setUp();
  await made.actions.openTable(csv("a.csv"));
  await made.actions.openModel([csv("config.json")]);
  made.actions.setFolds({ isOn: true, folds: 2 });
  await made.actions.start();
  const notify = (notice: TrainNotice) => made.session.notify(notice);
  const train = (of: FoldPlace) => {
    for (const event of runEvents(30)) notify({ type: "event", event, of });
  };
  const complete = (fold: number, f1: number) =>
    notify({
      type: "fold",
      scores: { repeat: 1, fold, trainRows: 20, rows: 20, step: 30, epoch: 3, report: report(f1) },
    });
  return { ...made, notify, train, complete };
}

describe("a cross-validation on the page", () => {
  it("records one model after the other, and keeps the curves and scores of the folds", async () => {
    const { session, state, notify, train, complete } = await begun();
    expect(session.calls).toContainEqual(["startFolds", state().run.recipe, { folds: 2, repeats: 1 }]);
    train({ repeat: 1, fold: 1 });
    expect(state().run).toMatchObject({ status: "training", end: null, folds: { current: { fold: 1 } } });
    expect(statusText(state().run)).toMatch(/^Fold 1 of 2 · /);
    complete(1, 0.8);
    expect(shareDone(state().run)).toBeCloseTo(1 / 3);
    notify({ type: "event", event: { type: "memory", bytes: 5 }, of: { repeat: 1, fold: 2 } });
    expect(state().run).toMatchObject({ steps: [], evaluations: [], plan: null });
    expect(taskOf(state().run).name).toBe("single-label");
    train({ repeat: 1, fold: 2 });
    expect(curvesOf(state().run).map(({ fold }) => fold)).toEqual([1, 2]);
    complete(2, 0.9);
    expect(curvesOf(state().run).map(({ fold }) => fold)).toEqual([1, 2]);
    train("final");
    expect(state().run.status).toBe("training");
    expect(statusText(state().run)).toMatch(/^Final model · /);
    notify({ type: "foldsEnd", summary: foldsSummary() });
    const { run } = state();
    expect(run.status).toBe("done");
    expect(hasModel(run)).toBe(true);
    expect(run.folds?.curves).toHaveLength(2);
    expect(run.folds?.done.map(({ fold }) => fold)).toEqual([1, 2]);
    expect(statusText(run)).toContain("over 2 folds");
    expect(shareDone(run)).toBe(1);
  });

  it("has no model where it is stopped in a fold, but shows the folds that are complete", async () => {
    const { actions, session, state, notify, train, complete } = await begun();
    train({ repeat: 1, fold: 1 });
    complete(1, 0.8);
    train({ repeat: 1, fold: 2 });
    await actions.stop();
    expect(session.calls.at(-1)).toEqual(["stop"]);
    notify({ type: "foldsEnd", summary: foldsSummary() });
    const { run, model } = state();
    expect(run).toMatchObject({ status: "done", steps: [], end: null });
    expect(hasModel(run)).toBe(false);
    expect(statusText(run)).toMatch(/^Stopped after 1 of 2 folds: /);
    const facts = { status: run.status, trained: false, model: model.summary, hasFolds: true };
    expect(closedReason("results", facts)).toBeNull();
    expect(closedReason("download", facts)).not.toBeNull();
  });

  it("draws a line of each fold over epochs, with one table of all", async () => {
    const { state, train, complete } = await begun();
    train({ repeat: 1, fold: 1 });
    complete(1, 0.8);
    train({ repeat: 1, fold: 2 });
    complete(2, 0.9);
    const { run } = state();
    const { loss } = taskOf(run);
    const lines = foldLines(run, loss, Infinity);
    expect(lines.map(({ name }) => name)).toEqual(["fold 1", "fold 2"]);
    expect(foldFrame(run).end).toBe(3);
    expect(Math.max(...lines.flatMap(({ points }) => points.map(({ x }) => x)))).toBeGreaterThan(2.8);
    const { header, rows } = chartTable(lines, "epoch");
    expect(header).toEqual(["epoch", "fold 1", "fold 2"]);
    expect(rows).toHaveLength(lines[0]?.points.length ?? 0);
    expect(rows.every((row) => row.length === 3 && row.every(Number.isFinite))).toBe(true);
  });

  it("cannot start beside a validation file, nor by time in repeats", async () => {
    const { actions, state } = await begun();
    await actions.stop();
    const ofFolds = (change: object) => blockers({ ...state(), ...change }).filter(({ field }) => field === "folds");
    const { data, folds } = state();
    expect(ofFolds({})).toEqual([]);
    expect(ofFolds({ data: { ...data, validationTable: data.table } })).toHaveLength(1);
    const timed = { ...data, columns: { text: 1, pair: null, label: 0, time: 2 } };
    expect(ofFolds({ data: timed })).toEqual([]);
    expect(ofFolds({ data: timed, folds: { ...folds, repeats: 3 } })).toHaveLength(1);
  });

  it("is said before the start, with the rows of one fold and the number of models", () => {
    const lines = previewLines(defaultRecipe, dataSummary(), modelSummary(), { folds: { folds: 5, repeats: 2 } });
    const text = (name: string) => lines.find((line) => line.name === name)?.value;
    expect(text("Folds")).toBe("5, 2 times, each as below, then a final model on all 5,574 rows");
    expect(text("Rows")).toBe("4,459 to train, 1,115 to validate");
  });
});
