import { describe, expect, it, vi } from "vitest";
import { Problem, reportProblem } from "../../src/problem/problem.ts";
import { createAppStore } from "../../src/app/store.ts";
import { recipeText } from "../../src/recipe/recipe-file.ts";
import { defaultRecipe } from "../../src/recipe/recipe.ts";
import { dataSummary, fakeSession, lengths, modelSummary, tableSummary, textFileSummary } from "./fake-session.ts";
import { csv, refusal, setUp } from "./set-up.ts";

/** Files whose reading ends when the test says so, and the order in which it began. */
function slowReader() {
  const begun: string[] = [];
  const ends = new Map<string, (problem?: Error) => void>();
  const read = (name: string) =>
    new Promise<void>((resolve, reject) => {
      begun.push(name);
      ends.set(name, (problem) => (problem ? reject(problem) : resolve()));
    });
  /** Ends the reading of a file, once it has begun. */
  const end = async (name: string, problem?: Error) => {
    await vi.waitFor(() => expect(begun).toContain(name));
    ends.get(name)?.(problem);
  };
  return { begun, read, end };
}

/** The store over a session that reads each file until `end` is called with its name. */
function slowStore() {
  const reader = slowReader();
  const made = setUp({
    async openTable(_, file) {
      await reader.read(file.name);
      return tableSummary({ name: file.name });
    },
    async openModel([file]) {
      await reader.read(file?.name ?? "");
      return modelSummary({ name: file?.name ?? "" });
    },
    async openTextFile(_, file) {
      await reader.read(file.name);
      return textFileSummary({ name: file.name });
    },
  });
  return { ...made, ...reader };
}

describe("a file chosen while another is being read", () => {
  it("is taken after it: a second table, and a model beside both", async () => {
    const { actions, state, begun, end } = slowStore();
    const opened = [
      actions.openTable(csv("a.csv")),
      actions.openTable(csv("b.csv")),
      actions.openModel([csv("m.zip")]),
    ];
    await vi.waitFor(() => expect(begun).toEqual(["a.csv", "m.zip"]));
    await end("m.zip");
    await end("a.csv");
    await end("b.csv");
    expect(await Promise.all(opened)).toEqual([true, true, true]);
    expect(state()).toMatchObject({ data: { name: "b.csv", busy: null }, model: { summary: { name: "m.zip" } } });
  });

  it("is not asked for its tokens while its rows are being replaced", async () => {
    const { begun, read, end } = slowReader();
    let rows = "";
    const { actions, state } = setUp({
      async openTable(_, file) {
        // As in the worker: the rows that were chosen go as soon as another table is read.
        rows = "";
        await read(file.name);
        return tableSummary({ name: file.name });
      },
      selectRows() {
        rows = "chosen";
        return Promise.resolve(dataSummary());
      },
      openModel: ([file]) => Promise.resolve(modelSummary({ name: file?.name ?? "" })),
      measureLengths: () => (rows ? Promise.resolve(lengths("tokens")) : Promise.reject(refusal)),
    });
    const first = actions.openTable(csv("a.csv"));
    await end("a.csv");
    await first;
    const second = actions.openTable(csv("b.csv"));
    await vi.waitFor(() => expect(begun).toEqual(["a.csv", "b.csv"]));
    await actions.openModel([csv("m.zip")]);
    expect(state().data).toMatchObject({ problem: null, measuring: null });
    await end("b.csv");
    await second;
    await vi.waitFor(() => expect(state().data).toMatchObject({ problem: null, tokenLengths: lengths("tokens") }));
  });

  it("is taken after it: a second model, which is the one that stays", async () => {
    const { actions, state, begun, end } = slowStore();
    const opened = [actions.openModel([csv("first.zip")]), actions.openModel([csv("second.zip")])];
    await end("first.zip");
    await vi.waitFor(() => expect(begun).toEqual(["first.zip", "second.zip"]));
    expect(state().model.busy).not.toBeNull();
    await end("second.zip");
    expect(await Promise.all(opened)).toEqual([true, true]);
    expect(state().model).toMatchObject({ summary: { name: "second.zip" }, busy: null, problem: null });
  });

  it("leaves in sight why the one before it could not be opened", async () => {
    const { actions, state, end } = slowStore();
    const tables = [actions.openTable(csv("bad.csv")), actions.openTable(csv("b.csv"))];
    const models = [actions.openModel([csv("bad.zip")]), actions.openModel([csv("b.zip")])];
    for (const name of ["bad.csv", "bad.zip"]) await end(name, refusal);
    for (const name of ["b.csv", "b.zip"]) await end(name);
    expect(await Promise.all([...tables, ...models])).toEqual([false, true, false, true]);
    expect(state().data).toMatchObject({ name: "b.csv", problem: { found: "Bad." } });
    expect(state().model).toMatchObject({ summary: { name: "b.zip" }, problem: { found: "Bad." } });
  });

  it("is taken after it: a second text file, and its removal", async () => {
    const { actions, state, end } = slowStore();
    const opened = [actions.openTextFile(csv("a.txt")), actions.openTextFile(csv("b.txt"))];
    await end("a.txt");
    await end("b.txt");
    await Promise.all(opened);
    expect(state().textFile).toMatchObject({ summary: { name: "b.txt" }, busy: null });
    const reading = actions.openTextFile(csv("c.txt"));
    const closing = actions.closeTextFile();
    await end("c.txt");
    await Promise.all([reading, closing]);
    expect(state().textFile).toMatchObject({ summary: null, busy: null, wanted: false });
  });

  it("is taken after it: validation rows and an earlier task's rows, for the table that is then open", async () => {
    const { actions, state, begun, end } = slowStore();
    const opened = [
      actions.openTable(csv("a.csv")),
      actions.openValidation(csv("valid.csv")),
      actions.openEarlier(csv("old.csv")),
    ];
    for (const name of ["a.csv", "valid.csv", "old.csv"]) await end(name);
    await Promise.all(opened);
    expect(begun).toEqual(["a.csv", "valid.csv", "old.csv"]);
    expect(state().data).toMatchObject({ name: "a.csv", validationTable: { name: "valid.csv" } });
    expect(state().earlier.choice?.source.name).toBe("old.csv");
  });

  it("does not come between a table and the validation rows that were dropped with it", async () => {
    const { actions, state, begun, end } = slowStore();
    const both = actions.openTable(csv("a.csv"), "a.csv", [], { file: csv("valid.csv"), beside: [] });
    const other = actions.openTable(csv("b.csv"));
    for (const name of ["a.csv", "valid.csv", "b.csv"]) await end(name);
    expect(await Promise.all([both, other])).toEqual([true, true]);
    expect(begun).toEqual(["a.csv", "valid.csv", "b.csv"]);
    expect(state().data).toMatchObject({ name: "b.csv", validation: null, validationTable: null });
  });

  it("goes before the sample or the starter model that is still being fetched", async () => {
    const fetches: ((file: File) => void)[] = [];
    const session = fakeSession();
    const store = createAppStore(session, (_, tell) => {
      tell(1, 2);
      return new Promise((resolve) => fetches.push(resolve));
    });
    const { actions } = store.getState();
    const sample = [actions.useSample(), actions.useStarter()];
    expect(store.getState().model.busy).toMatchObject({ what: "Fetching the starter model", done: 1 });
    expect(await actions.openTable(csv("own.csv"))).toBe(true);
    expect(await actions.openModel([csv("own.zip")])).toBe(true);
    for (const resolve of fetches) resolve(csv("late"));
    expect(await Promise.all(sample)).toEqual([false, false]);
    expect(session.calls.filter(([name]) => name === "openModel")).toHaveLength(1);
    expect(store.getState()).toMatchObject({ data: { name: "own.csv", busy: null }, model: { busy: null } });
  });
});

describe("validation rows that came with a table and cannot be read", () => {
  it("leave the table open, split by share, and say why", async () => {
    const { actions, state, end } = slowStore();
    const opened = actions.openTable(csv("a.csv"), "a.csv", [], { file: csv("valid.csv"), beside: [] });
    await end("a.csv");
    await end("valid.csv", refusal);
    expect(await opened).toBe(true);
    expect(state().data).toMatchObject({ name: "a.csv", validation: null, problem: { found: "Bad." } });
    expect(state().data.summary).not.toBeNull();
  });
});

describe("a recipe chosen while a table is being read", () => {
  const recipeFile = (change: Partial<typeof defaultRecipe>, name = "recipe.json") =>
    new File([recipeText({ ...defaultRecipe, ...change })], name);

  it("is taken, and so is what is set after it", async () => {
    const { actions, state, end } = slowStore();
    const first = actions.openTable(csv("a.csv"));
    await end("a.csv");
    await first;
    const reading = actions.openTable(csv("b.csv"));
    const loading = actions.loadRecipe(recipeFile({ seed: 7, batchSize: 8 }));
    await new Promise((resolve) => setTimeout(resolve, 10));
    const setting = actions.setRecipe({ epochs: 9 });
    const other = actions.setRecipe({ seed: 8 });
    await end("b.csv");
    await Promise.all([reading, loading, setting, other]);
    expect(state().recipe).toMatchObject({ seed: 8, batchSize: 8, epochs: 9 });
    expect(state().data.name).toBe("b.csv");
  });

  it("gives way to one that is chosen after it", async () => {
    const { actions, state, end } = slowStore();
    const first = actions.openTable(csv("a.csv"));
    await end("a.csv");
    await first;
    const reading = actions.openTable(csv("b.csv"));
    const loading = [
      actions.loadRecipe(recipeFile({ seed: 7, epochs: 2 }, "first.json")),
      actions.loadRecipe(recipeFile({ epochs: 5 }, "second.json")),
    ];
    await end("b.csv");
    await Promise.all([reading, ...loading]);
    expect(state().recipe).toMatchObject({ seed: defaultRecipe.seed, epochs: 5 });
  });
});

describe("a file that comes while a run is under way", () => {
  it.each([
    ["a table", "b.csv", (file: File, { actions }: ReturnType<typeof setUp>) => actions.openTable(file)],
    ["a model", "config.json", (file: File, { actions }: ReturnType<typeof setUp>) => actions.openModel([file])],
    ["validation rows", "v.csv", (file: File, { actions }: ReturnType<typeof setUp>) => actions.openValidation(file)],
    ["an earlier task", "o.txt", (file: File, { actions }: ReturnType<typeof setUp>) => actions.openEarlier(file)],
    ["a text file", "t.txt", (file: File, { actions }: ReturnType<typeof setUp>) => actions.openTextFile(file)],
  ] as const)("is refused in words: %s", async (_, name, open) => {
    const made = setUp();
    await made.actions.trySample();
    const before = made.state();
    await open(csv(name), made);
    expect(made.state().fileProblems).toMatchObject([{ found: `Nothing was done with ${name}: a run is under way.` }]);
    expect(made.state()).toMatchObject({ data: before.data, model: before.model, textFile: before.textFile });
  });

  it("is refused in words: a recipe", async () => {
    const { actions, state } = setUp();
    await actions.trySample();
    const { recipe } = state();
    await actions.loadRecipe(new File([recipeText({ ...defaultRecipe, epochs: 9 })], "recipe.json"));
    expect(state().fileProblems).toMatchObject([{ found: "Nothing was done with recipe.json: a run is under way." }]);
    expect(state().recipe).toBe(recipe);
    const [problem] = state().fileProblems;
    if (problem) actions.dismissFileProblem(problem);
    expect(state().fileProblems).toEqual([]);
  });

  it("hides nothing that was said of files in the same moment, and all that was said before", async () => {
    vi.useFakeTimers();
    try {
      const { actions, state } = setUp();
      const problemOf = (name: string) => reportProblem(new Problem({ found: name, expected: "", remedy: "" }));
      actions.refuseFiles(problemOf("a.docx"));
      actions.clearFileProblems();
      actions.refuseFiles(problemOf("b.docx"));
      expect(state().fileProblems.map(({ found }) => found)).toEqual(["a.docx", "b.docx"]);
      vi.advanceTimersByTime(2000);
      actions.clearFileProblems();
      expect(state().fileProblems).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });
});
