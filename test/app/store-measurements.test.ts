import { beforeEach, describe, expect, it, vi } from "vitest";
import { machineBlocker } from "../../src/app/actions/machine-actions.ts";
import { blockers } from "../../src/app/blockers.ts";
import type { MeasuredMachine, Progress, TextFileSummary, TextSlot, TileSpeed } from "../../src/workers/protocol.ts";
import { runPlan, textFileSummary, type fakeSession } from "./fake-session.ts";
import { machineMeasurement } from "../run/machine/measurement.ts";
import { csv, refusal, setUp } from "./set-up.ts";

beforeEach(() => {
  vi.stubGlobal("window", { requestAnimationFrame: () => 0, document: { hidden: false } });
  return () => vi.unstubAllGlobals();
});

describe("the estimate of memory and time", () => {
  const ready = async () => {
    const app = setUp();
    await app.actions.openTable(csv("a.csv"));
    await app.actions.openModel([new File([], "config.json")]);
    return app;
  };

  it("shows its progress, keeps Start away meanwhile, and leaves the plan with what it is of", async () => {
    const { actions, state, session } = await ready();
    const estimate = actions.estimateRun();
    expect(state().estimate.progress).not.toBeNull();
    expect(blockers(state())).toMatchObject([{ card: "recipe" }]);
    await actions.stopEstimate();
    await estimate;
    expect(session.calls.map(([name]) => name)).toContain("stop");
    expect(blockers(state())).toEqual([]);
    expect(state().estimate.plan).toEqual(runPlan());
    expect(state().estimate.of?.recipe).toBe(state().recipe);
    await actions.setRecipe({ batchSize: 32 });
    expect(state().estimate.of?.recipe).not.toBe(state().recipe);
  });

  it("says why it failed, and does not begin without data", async () => {
    const { actions, state, session } = await ready();
    session.failNext("plan", refusal);
    await actions.estimateRun();
    expect(state().estimate).toMatchObject({ progress: null, plan: null, problem: { found: "Bad." } });
    const empty = setUp();
    await empty.actions.estimateRun();
    expect(empty.names()).not.toContain("plan");
  });
});

describe("a text file to pretrain on", () => {
  const txt = (name: string) => new File(["one\ntwo"], name);

  it("is opened, keeps Start away meanwhile, and is closed again", async () => {
    let read: () => void = () => undefined;
    const openTextFile = (_: TextSlot, { name }: File) =>
      new Promise<TextFileSummary>((resolve) => (read = () => resolve(textFileSummary({ name }))));
    const { actions, state, names } = setUp({ openTextFile });
    await actions.openTable(csv("a.csv"));
    await actions.openModel([new File([], "config.json")]);
    const opening = actions.openTextFile(txt("own.txt"));
    await vi.waitFor(() => expect(state().textFile.busy).not.toBeNull());
    expect(blockers(state())).toMatchObject([{ card: "data", text: expect.stringContaining("text file") as string }]);
    read();
    await opening;
    expect(blockers(state())).toEqual([]);
    expect(state().textFile).toMatchObject({ summary: { name: "own.txt", lines: 1600 }, busy: null, problem: null });
    await actions.closeTextFile();
    expect(state().textFile.summary).toBeNull();
    expect(names().at(-1)).toBe("closeTextFile");
  });

  it("stays when another cannot be read, and says why", async () => {
    const { session, actions, state } = setUp();
    await actions.openTextFile(txt("own.txt"));
    session.failNext("openTextFile", refusal);
    await actions.openTextFile(txt("other.txt"));
    expect(state().textFile).toMatchObject({ summary: { name: "own.txt" }, busy: null, problem: { found: "Bad." } });
    actions.dismissTextFileProblem();
    expect(state().textFile.problem).toBeNull();
  });

  it("does not change while a run goes on, and asks before unsaved weights are lost", async () => {
    const { session, actions, state, names } = setUp();
    await actions.trySample();
    await actions.openTextFile(txt("own.txt"));
    expect(names()).not.toContain("openTextFile");
    session.tell({ type: "end", reason: "finished", step: 3, wallMs: 1, trainingMs: 1 });
    const opening = actions.openTextFile(txt("own.txt"));
    await vi.waitFor(() => expect(state().question).not.toBeNull());
    state().question?.answer(true);
    await opening;
    expect(state()).toMatchObject({ run: { status: "idle" }, textFile: { summary: { name: "own.txt" } } });
  });
});

describe("the sweep over learning rates", () => {
  const ready = async (answers: Parameters<typeof fakeSession>[0] = {}) => {
    const app = setUp(answers);
    await app.actions.openTable(csv("a.csv"));
    await app.actions.openModel([new File([], "config.json")]);
    return app;
  };

  it("shows its progress, keeps Start away meanwhile, and leaves its curve", async () => {
    const { actions, state, session } = await ready();
    const search = actions.findRate();
    expect(state().rateSearch.progress).not.toBeNull();
    expect(blockers(state())).toMatchObject([{ card: "recipe" }]);
    await actions.stopRateSearch();
    await search;
    expect(session.calls.map(([name]) => name)).toContain("stop");
    expect(state().rateSearch).toMatchObject({ progress: null, problem: null, curve: { suggestion: 5e-5 } });
    expect(blockers(state())).toEqual([]);
    actions.dismissRateSearch();
    expect(state().rateSearch.curve).toBeNull();
  });

  it("says why it failed, and does not begin without data", async () => {
    const { actions, state, session } = await ready();
    session.failNext("findRate", refusal);
    await actions.findRate();
    expect(state().rateSearch).toMatchObject({ progress: null, problem: { found: "Bad." } });
    const empty = setUp();
    await empty.actions.findRate();
    expect(empty.names()).not.toContain("findRate");
  });
});

describe("the GPU's speeds", () => {
  it("come with a start, are measured anew when asked, and go with the backend", async () => {
    const { session, actions, state } = setUp();
    const told: TileSpeed[] = [{ tile: "direct 8×16", product: "FORWARD", size: "large", gflops: 5 }];
    session.notify({ type: "tuned", speeds: told });
    expect(state().backend.speeds).toBe(told);
    await actions.measureGpu();
    expect(state().backend).toMatchObject({ measuring: null, speeds: [{ gflops: 870.4 }, { gflops: 2310.2 }] });
    session.failNext("tune", refusal);
    await actions.measureGpu();
    expect(state().backend).toMatchObject({ measuring: null, problem: { found: "Bad." } });
    await actions.chooseBackend("wasm");
    expect(state().backend.speeds).toBeNull();
  });
});

describe("a measurement of this machine", () => {
  it("shows its progress, keeps Start away meanwhile, can be stopped, and leaves its figures", async () => {
    let ended: (measured: MeasuredMachine) => void = () => undefined;
    const measureMachine = (onProgress: (progress: Progress) => void = () => undefined) => {
      onProgress({ what: "Arithmetic and memory", done: 10, total: 120 });
      return new Promise<MeasuredMachine>((resolve) => (ended = resolve));
    };
    const { actions, state, names } = setUp({ measureMachine });
    const measuring = actions.measureMachine();
    expect(state().machine.progress).toMatchObject({ what: "Arithmetic and memory", done: 10 });
    expect(blockers(state()).map(({ text }) => text)).toContain("This machine is being measured.");
    await actions.stopMeasuring();
    expect(names()).toContain("stop");
    ended({ measurement: machineMeasurement(), summary: [{ what: "Adapter", value: "Apple M2" }] });
    await measuring;
    expect(state().machine).toMatchObject({
      progress: null,
      problem: null,
      measured: { summary: [{ value: "Apple M2" }] },
    });
    actions.dismissMachine();
    expect(state().machine.measured).toBeNull();
  });

  it("does not begin beside a run or on the processor, and says why", async () => {
    const { actions, state, names } = setUp();
    expect(machineBlocker(state())).toBeNull();
    await actions.trySample();
    expect(machineBlocker(state())).toContain("Wait until the run has ended");
    await actions.measureMachine();
    expect(names()).not.toContain("measureMachine");
    const other = setUp();
    await other.actions.chooseBackend("wasm");
    expect(machineBlocker(other.state())).toContain("Choose the backend WebGPU");
    await other.actions.measureMachine();
    expect(other.names()).not.toContain("measureMachine");
  });

  it("says why it failed", async () => {
    const { actions, state, session } = setUp();
    session.failNext("measureMachine", refusal);
    await actions.measureMachine();
    expect(state().machine).toMatchObject({ progress: null, measured: null, problem: { found: "Bad." } });
  });
});
