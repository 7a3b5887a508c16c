import { describe, expect, it, vi } from "vitest";
import { blockers } from "../../src/app/blockers.ts";
import { createAppStore } from "../../src/app/store.ts";
import { Problem } from "../../src/problem/problem.ts";
import { reportOf } from "../../src/metrics/report-of.ts";
import type { DataSummary } from "../../src/workers/protocol.ts";
import { dataSummary, fakeSession, modelSummary, tableSummary } from "./fake-session.ts";
import { evaluation } from "./run/events.ts";

const txt = (name: string) => new File(["hello"], name);
const csv = (name: string) => new File(["label,text\nham,hello"], name);
const config = () => [new File([], "config.json")];
const refusal = new Problem({ found: "Bad.", expected: "Good.", remedy: "Mend." });
const guessed = { text: 1, pair: null, label: 0 };

/** A page with data and a model that has a classifier of its own, unless other answers are given. */
async function ready(answers: Parameters<typeof fakeSession>[0] = {}) {
  const openModel = async () => modelSummary({ labelNames: ["ham", "spam"] });
  const session = fakeSession({ openModel, ...answers });
  const store = createAppStore(session);
  const { actions } = store.getState();
  await actions.openTable(csv("a.csv"));
  await actions.openModel(config());
  const texts = () => blockers(store.getState()).map(({ card, text }) => `${card}: ${text}`);
  const named = (name: string) => session.calls.filter(([call]) => call === name);
  return { session, actions, state: store.getState, texts, named };
}

describe("the earlier task's file", () => {
  it("is opened with guessed columns and sorted by the recipe, which other columns do again", async () => {
    const { actions, state, session, named } = await ready();
    await actions.openEarlier(csv("old.csv"));
    expect(state().earlier).toMatchObject({ choice: { source: { name: "old.csv" }, columns: guessed }, busy: null });
    expect(state().earlier.summary?.trainRows).toBe(4460);
    expect(named("openTable").at(-1)?.slice(0, 2)).toEqual(["openTable", "earlier"]);
    expect(session.calls.at(-1)).toEqual(["selectEarlier", guessed, 0.2, 42]);
    await actions.chooseEarlierColumns({ text: 0, pair: null, label: 1 });
    expect(session.calls.at(-1)).toEqual(["selectEarlier", { text: 0, pair: null, label: 1 }, 0.2, 42]);
    expect(named("openTable")).toHaveLength(2);
    // The rows of the new task are not touched.
    expect(named("selectRows")).toHaveLength(1);
    await actions.setRecipe({ seed: 7 });
    expect(named("selectEarlier").at(-1)?.slice(2)).toEqual([0.2, 7]);
  });

  it("is a text file by its name, split by the recipe, for any model", async () => {
    const { actions, state, session, named, texts } = await ready({ openModel: async () => modelSummary() });
    await actions.openEarlier(txt("old.txt"));
    expect(state().earlier).toMatchObject({
      choice: { source: { name: "old.txt" }, kind: "texts" },
      table: null,
      texts: { name: "old.txt", lines: 1600 },
      split: { trainRows: 1280, validationRows: 320 },
      busy: null,
    });
    expect(named("openTextFile").at(-1)?.[1]).toBe("earlier");
    expect(session.calls.at(-1)).toEqual(["selectEarlierTexts", 0.2, 42]);
    // What runs pretrain on is another file.
    expect(state().textFile.summary).toBeNull();
    await actions.setRecipe({ seed: 7 });
    expect(named("selectEarlierTexts").at(-1)).toEqual(["selectEarlierTexts", 0.2, 7]);
    expect(texts()).toEqual([]);
    await actions.closeEarlier();
    expect(named("closeTextFile").at(-1)).toEqual(["closeTextFile", "earlier"]);
    expect(state().earlier).toMatchObject({ choice: null, texts: null, split: null });
    await actions.undo();
    expect(state().earlier).toMatchObject({ choice: { kind: "texts" }, split: { trainRows: 1280 } });
  });

  it("is read as the other kind on request, which undo takes back, and stays as it is where that fails", async () => {
    const { actions, state, session } = await ready();
    await actions.openEarlier(txt("table.txt"));
    session.failNext("openTable", refusal);
    await actions.readEarlierAs("rows");
    expect(state().earlier).toMatchObject({
      choice: { kind: "texts" },
      texts: { name: "table.txt" },
      problem: { found: "Bad." },
    });
    await actions.readEarlierAs("rows");
    expect(state().earlier).toMatchObject({
      choice: { kind: "rows", columns: guessed },
      texts: null,
      split: null,
      problem: null,
    });
    expect(state().earlier.summary).not.toBeNull();
    await actions.undo();
    expect(state().earlier).toMatchObject({ choice: { kind: "texts" }, table: null, summary: null });
  });

  it("stays with another table for training, and goes when it is removed", async () => {
    const { actions, state, named, texts } = await ready();
    await actions.openEarlier(csv("old.csv"));
    await actions.openTable(csv("b.csv"));
    expect(state().earlier.summary).not.toBeNull();
    await actions.closeEarlier();
    expect(named("closeTable").at(-1)).toEqual(["closeTable", "earlier"]);
    expect(state().earlier).toMatchObject({ choice: null, table: null, summary: null });
    expect(texts()).toEqual([]);
  });

  it("that cannot be read leaves the one before, and says why", async () => {
    const { actions, state, session } = await ready();
    await actions.openEarlier(csv("old.csv"));
    const before = state().earlier;
    session.failNext("openTable", refusal);
    await actions.openEarlier(csv("worse.csv"));
    expect(state().earlier).toMatchObject({ choice: before.choice, table: before.table, problem: { found: "Bad." } });
    expect(state().data.problem).toBeNull();
    actions.dismissEarlierProblem();
    expect(state().earlier.problem).toBeNull();
  });

  it("shows no counts when its rows cannot be chosen, which holds the start back", async () => {
    const { actions, state, session, texts } = await ready();
    await actions.openEarlier(csv("old.csv"));
    session.failNext("selectEarlier", refusal);
    await actions.chooseEarlierColumns({ text: 0, pair: null, label: 1 });
    expect(state().earlier).toMatchObject({ summary: null, problem: { remedy: "Mend." } });
    expect(texts()[0]).toContain("data: The rows of old.csv could not be read");
  });

  it("is undone and redone, file and columns, beside the other changes", async () => {
    const { actions, state, named } = await ready();
    await actions.openEarlier(csv("old.csv"));
    const { choice } = state().earlier;
    await actions.chooseEarlierColumns({ text: 0, pair: null, label: 1 });
    await actions.setRecipe({ rehearsal: 0.25 });
    await actions.closeEarlier();
    expect(state().earlier.choice).toBeNull();
    await actions.undo();
    expect(state().earlier.choice?.columns).toEqual({ text: 0, pair: null, label: 1 });
    expect(state().recipe.rehearsal).toBe(0.25);
    await actions.undo();
    const opened = named("openTable").length;
    await actions.undo();
    expect(state().earlier.choice).toBe(choice);
    expect(named("openTable")).toHaveLength(opened);
    await actions.undo();
    expect(state().earlier).toMatchObject({ choice: null, summary: null });
    expect(state().data.table).not.toBeNull();
    await actions.redo();
    expect(state().earlier.choice).toBe(choice);
    expect(state().earlier.summary).not.toBeNull();
  });

  it("waits for the model, and is sorted anew by each that is opened", async () => {
    const { actions, state, session, named } = await ready();
    const fresh = createAppStore(session);
    await fresh.getState().actions.openEarlier(csv("old.csv"));
    expect(fresh.getState().earlier).toMatchObject({ table: { name: "old.csv" }, summary: null });
    expect(named("selectEarlier")).toEqual([]);
    await fresh.getState().actions.openModel(config());
    expect(fresh.getState().earlier.summary).not.toBeNull();

    await actions.openEarlier(csv("old.csv"));
    await actions.openModel(config());
    expect(named("selectEarlier")).toHaveLength(3);
    expect(state().earlier.summary).not.toBeNull();
  });

  it("asks before it drops trained weights that were not saved", async () => {
    const { actions, state, session } = await ready();
    await actions.start();
    session.tell({ type: "end", reason: "finished", step: 3, wallMs: 1, trainingMs: 1 });
    const opening = actions.openEarlier(csv("old.csv"));
    await vi.waitFor(() => expect(state().question).not.toBeNull());
    state().question?.answer(false);
    await opening;
    expect(state()).toMatchObject({ run: { status: "done" }, earlier: { choice: null } });
  });
});

describe("what holds a run back", () => {
  it("is a recipe that needs earlier rows, said where they can be dropped", async () => {
    const { actions, texts } = await ready();
    for (const patch of [{ rehearsal: 0.25 }, { rehearsal: 0, ewc: 1e5 }]) {
      await actions.setRecipe(patch);
      expect(texts()).toEqual([expect.stringMatching(/^data: .*Drop its file under “Earlier task” below/)]);
    }
    await actions.openEarlier(csv("old.csv"));
    expect(texts()).toEqual([]);
  });

  it("is a model without a classifier of its own, with the file and without", async () => {
    const { actions, texts, named } = await ready({ openModel: async () => modelSummary() });
    await actions.setRecipe({ rehearsal: 0.1 });
    expect(texts()[0]).toContain("all-MiniLM-L6-v2 has no classifier of its own");
    await actions.setRecipe({ rehearsal: 0 });
    expect(texts()).toEqual([]);
    await actions.openEarlier(csv("old.csv"));
    expect(texts()).toEqual([
      expect.stringMatching(/^data: .* Open the model that was fine-tuned on old.csv, or remove/),
    ]);
    expect(named("selectEarlier")).toEqual([]);
  });

  it("is a file without the classes, without columns, or one that the recipe would undo", async () => {
    const summary: DataSummary = dataSummary();
    const { actions, texts } = await ready({
      selectEarlier: async () => summary,
      openTable: async (slot, { name }) => {
        const guessProblem = "No column looks like a label.";
        return tableSummary(slot === "earlier" ? { name, guess: null, guessProblem } : { name });
      },
    });
    await actions.openEarlier(csv("old.csv"));
    expect(texts()[0]).toMatch(/Choose the text and the label column of old.csv. No column looks like a label.$/);
    const blocking = { id: "one-class", severity: "blocking", text: "In old.csv: none.", remedy: "Look." } as const;
    summary.findings = [{ ...blocking, tableRows: [] }];
    await actions.chooseEarlierColumns(guessed);
    expect(texts()).toEqual(["data: In old.csv: none. Look."]);
    summary.findings = [];
    await actions.setRecipe({ reinitializeLayers: 1 });
    await actions.setRecipe({ pooling: "mean" });
    expect(texts()).toEqual([
      expect.stringMatching(/^recipe: The recipe re-initializes layers/),
      expect.stringMatching(/^recipe: .*pooled by “pooler”/),
    ]);
  });
});

describe("what holds a run with an earlier text file back", () => {
  it("is a recipe that rehearses or starts anew, and a model that cannot hide words", async () => {
    const { actions, texts } = await ready();
    await actions.openEarlier(txt("old.txt"));
    await actions.setRecipe({ ewc: 1e5, pooling: "mean" });
    expect(texts()).toEqual([]);
    await actions.setRecipe({ rehearsal: 0.1, start: "random" });
    expect(texts()).toEqual([
      expect.stringMatching(/^recipe: The recipe re-initializes layers/),
      expect.stringMatching(/^recipe: Rehearsal repeats labelled rows/),
    ]);
    const other = await ready({ openModel: async () => modelSummary({ languageHead: null }) });
    await other.actions.openEarlier(txt("old.txt"));
    expect(other.texts()).toEqual([expect.stringMatching(/^data: all-MiniLM-L6-v2 has no mask token/)]);
    const headless = await ready({ openModel: async () => modelSummary({ languageHead: "missing" }) });
    await headless.actions.openEarlier(txt("old.txt"));
    expect(headless.texts()).toEqual([expect.stringMatching(/^data: all-MiniLM-L6-v2 has no head that predicts/)]);
  });

  it("is a file of one text", async () => {
    const { actions, session, state, texts } = await ready();
    session.failNext("selectEarlierTexts", refusal);
    await actions.openEarlier(txt("one.txt"));
    expect(state().earlier).toMatchObject({ choice: { kind: "texts" }, split: null, problem: { found: "Bad." } });
    expect(texts()).toEqual([expect.stringMatching(/^data: The texts of one.txt could not be used/)]);
  });
});

describe("a run with an earlier task", () => {
  it("gathers its scores, a few times a second, and remembers the file's name", async () => {
    vi.useFakeTimers();
    try {
      const { actions, state, session } = await ready();
      await actions.openEarlier(csv("old.csv"));
      await actions.start();
      expect(state().run).toMatchObject({ earlierTask: { name: "old.csv", kind: "rows" }, earlier: [] });
      const report = reportOf(Int32Array.of(0, 1), Float32Array.of(1, 0, 0, 1), 2);
      session.tell(evaluation(0, "baseline", 4, 1));
      session.tell({ type: "earlier", task: "single-label", scope: "baseline", step: 0, epoch: 0, report });
      session.tell({ type: "earlier", task: "single-label", scope: "sample", step: 5, epoch: 0.5, report });
      expect(state().run.earlier).toEqual([]);
      vi.advanceTimersByTime(300);
      expect(state().run.earlier.map(({ step }) => step)).toEqual([0, 5]);
    } finally {
      vi.useRealTimers();
    }
  });
});
