import { describe, expect, it } from "vitest";
import type { KeepRequest } from "../../src/workers/protocol.ts";
import type { KeptRun, Session } from "../../src/workers/session.ts";
import { openPage, recordPage, titleOfPage } from "../../src/app/keep/page-record.ts";
import { Problem } from "../../src/problem/problem.ts";
import { csv, setUp } from "./set-up.ts";

async function opened(answers: Partial<Session> = {}) {
  const page = setUp(answers);
  await page.actions.openTable(csv("sms.csv"));
  await page.actions.openModel([csv("minilm/model.safetensors")], "Apache 2.0");
  return page;
}

const keptRun = (page: string): KeptRun => ({
  id: "a",
  facts: { savedAt: 5, step: 12, steps: 40 },
  startedAt: 1,
  bytes: 1e6,
  page,
});
const requestOf = (call: unknown[] | undefined) => call?.[2] as KeepRequest | undefined;

describe("a run of the page", () => {
  it("is not kept unless somebody says so", async () => {
    const { session, actions } = await opened();
    await actions.start();
    expect(session.calls.find(([name]) => name === "start")).toHaveLength(2);
  });

  it("is kept with its files, and opened again as it was", async () => {
    const { session, actions, state } = await opened();
    await actions.checkKeeping();
    actions.keepRuns({ isOn: true, minutes: 2 });
    await actions.setRecipe({ epochs: 7 });
    await actions.start();
    const request = requestOf(session.calls.find(([name]) => name === "start"));
    expect(request).toMatchObject({ minutes: 2 });
    expect(state().keep.room).toBe(5e9);
    expect(request?.files.map(({ name }) => name)).toEqual(["sms.csv", "minilm/model.safetensors"]);
    const [page, files] = [request?.page ?? "", request?.files ?? []];
    expect(titleOfPage(page)).toContain("sms.csv");
    const again = openPage(page, files);
    expect(again?.snapshot).toMatchObject({ recipe: state().recipe, columns: state().data.columns, edits: [] });
    expect(again?.snapshot.train?.file).toBe(files[0]);
    expect(again?.model).toEqual({ files: [files[1]], licence: "Apache 2.0" });
  });

  it("is not kept where the browser cannot, for a reason that is known before Start", async () => {
    const { session, actions, state } = await opened({
      whyNothingIsKept: () => Promise.resolve("it has no private file system"),
    });
    await actions.checkKeeping();
    actions.keepRuns({ isOn: true });
    expect(state().keep.reason).toBe("it has no private file system");
    await actions.start();
    expect(session.calls.find(([name]) => name === "start")).toHaveLength(2);
  });

  it("shows when it was saved, and why it was not", async () => {
    const { session, actions, state } = await opened();
    await actions.start();
    session.notify({ type: "saved", step: 8, savedAt: 77 });
    expect(state().keep.saved).toEqual({ step: 8, savedAt: 77 });
    const problem = { found: "No room.", expected: "", remedy: "Make some.", details: "" };
    session.notify({ type: "notSaved", problem });
    expect(state().keep).toMatchObject({ saved: { step: 8 }, problem });
    session.notify({ type: "saved", step: 9, savedAt: 78 });
    expect(state().keep.problem).toBeNull();
  });

  it("that goes on after a loss has the events of its save, and says where it went on", async () => {
    const { session, actions, state } = await opened();
    await actions.start();
    const step = (at: number) => ({
      ...{ type: "step" as const, step: at, epoch: at / 10, loss: 1, gradientNorm: 1, learningRate: 1e-4 },
      ...{ rows: 4, tokens: 9, wallMs: at, trainingMs: at },
    });
    for (const at of [1, 2, 3, 4]) session.tell(step(at));
    session.notify({ type: "goesOn", events: [step(1), step(2)], after: "The GPU was lost after step 4." });
    session.tell(step(3));
    expect(state().run.steps.map((event) => event.step)).toEqual([1, 2, 3]);
    expect(state().run.setbacks).toEqual(["The GPU was lost after step 4."]);
    expect(state().run.status).toBe("training");
  });
});

describe("a run that diverged and went back", () => {
  it("has nothing of the steps after its save, and says where it went on", async () => {
    const { session, actions, state } = await opened();
    await actions.start();
    const moment = { epoch: 1, wallMs: 1, trainingMs: 1 };
    for (const step of [1, 2, 3, 4])
      session.tell({ ...moment, type: "step", step, loss: 1, gradientNorm: 1, learningRate: 1, rows: 4, tokens: 9 });
    const best = { type: "best", step: 2, epoch: 1, metric: "accuracy", value: 0.5 } as const;
    session.tell({ ...best, step: 4, value: 0.9 });
    session.tell({ type: "setback", from: 4, step: 2, rate: 0.5, best });
    expect(state().run.steps.map(({ step }) => step)).toEqual([1, 2]);
    expect(state().run.best).toEqual(best);
    expect(state().run.setbacks).toEqual([
      "The training diverged at step 4; the run went on from step 2, its last save, at 50\u202f% of the rate.",
    ]);
  });
});

describe("a run that was cut off", () => {
  it("is found, opened with its data and model, and started from its save", async () => {
    const first = await opened();
    await first.actions.setRecipe({ epochs: 7 });
    const { page, files } = recordPage(first.state());
    const kept = keptRun(page);
    const session: Partial<Session> = {
      keptRuns: () => Promise.resolve([kept]),
      keptFiles: () => Promise.resolve(files),
    };
    const second = setUp(session);
    await second.actions.findKept();
    expect(second.state().keep.runs).toEqual([kept]);
    await second.actions.goOn(kept);
    expect(second.state().keep.problem).toBeNull();
    expect(second.state().data.train?.file).toBe(files[0]);
    expect(second.state().recipe.epochs).toBe(7);
    const request = requestOf(second.session.calls.find(([name]) => name === "start"));
    expect(request).toEqual({ id: "a", minutes: 5, page: null, files: [] });
  });

  it("says which of its files is missing, and stays", async () => {
    const missing = new Problem({ found: "The file sms.csv is missing.", remedy: "Open it again." });
    const { page } = recordPage((await opened()).state());
    const second = setUp({
      keptRuns: () => Promise.resolve([keptRun(page)]),
      keptFiles: () => Promise.reject(missing),
    });
    await second.actions.findKept();
    await second.actions.goOn(keptRun(page));
    expect(second.state().keep).toMatchObject({ busy: null, problem: { found: "The file sms.csv is missing." } });
    expect(second.state().keep.runs).toHaveLength(1);
    expect(second.session.calls.some(([name]) => name === "start")).toBe(false);
  });

  it("is forgotten at a press, alone or with all others", async () => {
    const { session, actions } = setUp();
    await actions.forgetKept("a");
    await actions.forgetKept(null);
    expect(session.calls.filter(([name]) => name === "removeKept")).toEqual([
      ["removeKept", "a"],
      ["removeKept", null],
    ]);
  });
});
