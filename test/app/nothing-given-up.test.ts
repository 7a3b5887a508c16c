import { describe, expect, it, vi } from "vitest";
import { csv, refusal, setUp } from "./set-up.ts";

/** The store with a trained model that has not been downloaded. */
async function trained() {
  const made = setUp();
  await made.actions.trySample();
  made.session.tell({ type: "best", step: 3, epoch: 1, metric: "macroF1", value: 0.93 });
  made.session.tell({ type: "end", reason: "finished", step: 3, wallMs: 1, trainingMs: 1 });
  return made;
}

type Made = Awaited<ReturnType<typeof trained>>;

/** Changes that read or start something before a trained model makes way for it, with what is asked of the session. */
const changes: [name: string, call: string, change: (made: Made) => Promise<unknown>][] = [
  ["another table", "openTable", ({ actions }) => actions.openTable(csv("b.csv"))],
  ["the sample", "openTable", ({ actions }) => actions.useSample()],
  ["the table read another way", "openTable", ({ actions }) => actions.overrideFormat({ delimiter: ";" })],
  ["a validation file", "openTable", ({ actions }) => actions.openValidation(csv("valid.csv"))],
  ["an earlier task's rows", "openTable", ({ actions }) => actions.openEarlier(csv("old.csv"))],
  ["an earlier task's texts", "openTextFile", ({ actions }) => actions.openEarlier(csv("old.txt"))],
  ["a text file to pretrain on", "openTextFile", ({ actions }) => actions.openTextFile(csv("own.txt"))],
  ["another model", "openModel", ({ actions }) => actions.openModel([csv("config.json")])],
  ["the starter model", "openModel", ({ actions }) => actions.useStarter()],
  ["another backend", "chooseBackend", ({ actions }) => actions.chooseBackend("wasm")],
];

const busyParts = ({ state }: Made) => [state().data.busy, state().model.busy, state().textFile.busy];

describe("a trained model that has not been downloaded", () => {
  it.each(changes)("stays without a question when %s cannot be had", async (_, call, change) => {
    const made = await trained();
    const { session, state } = made;
    const before = state();
    session.failNext(call, refusal);
    await change(made);
    expect(state()).toMatchObject({ question: null, run: { status: "done", best: { step: 3 } } });
    expect(state().data).toMatchObject({ train: before.data.train, table: before.data.table });
    expect(state().model.summary).toBe(before.model.summary);
    expect(state().backend.choice).toBe(before.backend.choice);
    const { data, model, backend, earlier, textFile } = state();
    const problems = [data, model, backend, earlier, textFile].flatMap(({ problem }) => problem ?? []);
    expect(problems).toMatchObject([{ found: "Bad." }]);
  });

  it.each(changes)("stays after a no to %s, and so does what it was trained on", async (_, call, change) => {
    const made = await trained();
    const { names, state } = made;
    const before = state();
    const done = change(made);
    await vi.waitFor(() => expect(state().question).not.toBeNull());
    // It has been read, or has started, before the question.
    expect(names().at(-1)).toBe(call);
    expect(state().run.status).toBe("done");
    state().question?.answer(false);
    await done;
    await vi.waitFor(() => expect(state().data.measuring).toBeNull());
    expect(state()).toMatchObject({ run: { status: "done", best: { step: 3 } }, past: before.past });
    expect(state().data).toMatchObject({ train: before.data.train, validation: null, summary: before.data.summary });
    expect(state().model.summary).toBe(before.model.summary);
    expect(state().backend.choice).toBe("auto");
    expect(state().earlier.choice).toBeNull();
    expect(state().textFile.summary).toBeNull();
    expect(busyParts(made)).toEqual([null, null, null]);
    expect(state().backend.busy).toBe(false);
  });

  it.each(changes)("makes way for %s after a yes", async (_, __, change) => {
    const made = await trained();
    const done = change(made);
    await vi.waitFor(() => expect(made.state().question).not.toBeNull());
    made.state().question?.answer(true);
    await done;
    expect(made.state()).toMatchObject({ question: null, run: { status: "idle", best: null } });
    expect(busyParts(made)).toEqual([null, null, null]);
  });

  it("stays when undo would read a file that is not there any more", async () => {
    const { session, actions, state } = setUp();
    await actions.openTable(csv("a.csv"));
    await actions.openTable(csv("b.csv"));
    await actions.useStarter();
    await actions.start();
    session.tell({ type: "end", reason: "finished", step: 3, wallMs: 1, trainingMs: 1 });
    session.failNext("openTable", refusal);
    await actions.undo();
    expect(state()).toMatchObject({ question: null, run: { status: "done" }, data: { name: "b.csv" } });
  });

  it("is asked about when the run is started again, with what would be lost", async () => {
    const { actions, state, names } = await trained();
    const again = actions.start();
    await vi.waitFor(() => expect(state().question).not.toBeNull());
    expect(state().question).toMatchObject({ confirm: "Drop them and start" });
    expect(state().question?.text).toMatch(/trained on SMS Spam .best macro F1 0[.]930 at step 3./);
    state().question?.answer(false);
    await again;
    expect(names().filter((name) => name === "start")).toHaveLength(1);
    expect(state().run).toMatchObject({ status: "done", best: { step: 3 } });
  });

  it("comes back when the run that was to take its place does not begin", async () => {
    const { session, actions, state } = await trained();
    const { run } = state();
    session.failNext("start", refusal);
    const again = actions.start();
    await vi.waitFor(() => expect(state().question).not.toBeNull());
    state().question?.answer(true);
    await again;
    expect(state().run).toMatchObject({
      status: "done",
      best: { step: 3 },
      problem: { found: "Bad." },
      progress: null,
    });
    expect(state().run.end).toBe(run.end);
    // What was told meanwhile comes late.
    session.notify({ type: "progress", progress: { what: "Loading weights", done: 1, total: 2 } });
    session.tell({ type: "memory", bytes: 1 });
    await vi.waitFor(() => expect(state().run.memory).toBe(1));
    expect(state().run.progress).toBeNull();
  });

  it("comes back without a word when that run is stopped while it is prepared", async () => {
    let refuse: (error: Error) => void = () => undefined;
    const { actions, state, session } = await trained();
    session.start = () => new Promise((_, reject) => (refuse = reject));
    actions.markDownloaded();
    const again = actions.start();
    await vi.waitFor(() => expect(state().run.status).toBe("preparing"));
    await actions.stop();
    refuse(refusal);
    await again;
    expect(state().run).toMatchObject({ status: "done", best: { step: 3 }, downloaded: true, problem: null });
  });

  it("makes way for a run that begins", async () => {
    const { actions, state } = await trained();
    const again = actions.start();
    await vi.waitFor(() => expect(state().question).not.toBeNull());
    state().question?.answer(true);
    await again;
    expect(state().run).toMatchObject({ status: "training", best: null, end: null });
  });

  it("is not asked about once it was downloaded while the question was open", async () => {
    const { actions, state } = await trained();
    const opening = actions.openTable(csv("b.csv"));
    await vi.waitFor(() => expect(state().question).not.toBeNull());
    actions.markDownloaded();
    state().question?.answer(true);
    await opening;
    expect(state()).toMatchObject({ question: null, data: { name: "b.csv" }, run: { status: "idle" } });
  });
});
