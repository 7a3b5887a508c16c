import { describe, expect, it, vi } from "vitest";
import { blockers } from "../../src/app/blockers.ts";
import { untouchedRecipe } from "../../src/recipe/recipe.ts";
import { pretrainStep } from "./run/events.ts";
import { modelSummary, runEvents, tableSummary } from "./fake-session.ts";
import { csv, refusal, setUp } from "./set-up.ts";

describe("data", () => {
  it("opens a table, takes the guessed columns and splits by the recipe", async () => {
    const { session, actions, state } = setUp();
    await actions.openTable(csv("a.csv"), "My data");
    expect(state().data).toMatchObject({ name: "My data", columns: { text: 1, pair: null, label: 0 }, busy: null });
    expect(state().data.summary?.trainRows).toBe(4460);
    expect(session.calls).toContainEqual(["selectRows", { text: 1, pair: null, label: 0 }, 0.2, 42]);
  });

  it("keeps what was open when another file fails, and says why", async () => {
    const { session, actions, state } = setUp();
    await actions.openTable(csv("a.csv"));
    const before = state().data;
    session.failNext("openTable", refusal);
    await actions.openTable(csv("b.csv"));
    expect(state().data).toMatchObject({ table: before.table, summary: before.summary, train: before.train });
    expect(state().data.problem?.found).toBe("Bad.");
    expect(state().past).toHaveLength(1);
  });

  it("shows no counts of other rows when the rows cannot be selected", async () => {
    const { session, actions, state } = setUp();
    await actions.openTable(csv("a.csv"));
    session.failNext("selectRows", refusal);
    await actions.chooseColumns({ text: 0, pair: null, label: 1 });
    expect(state().data.summary).toBeNull();
    expect(state().data.problem?.remedy).toBe("Mend.");
    expect(blockers(state()).map(({ card }) => card)).toContain("data");
  });

  it("counts tokens once data and model are both there, whichever came first", async () => {
    for (const order of [
      ["data", "model"],
      ["model", "data"],
    ]) {
      const { actions, state } = setUp();
      for (const what of order) {
        await (what === "data" ? actions.openTable(csv("a.csv")) : actions.openModel([csv("config.json")]));
      }
      await vi.waitFor(() => expect(state().data.tokenLengths?.unit).toBe("tokens"));
    }
  });

  it("reads the same file again with the format overridden, all overrides together", async () => {
    const { session, actions } = setUp();
    const file = csv("a.csv");
    await actions.openTable(file);
    await actions.overrideFormat({ delimiter: ";" });
    await actions.overrideFormat({ header: false });
    expect(session.calls.filter(([name]) => name === "openTable").at(-1)).toEqual([
      "openTable",
      "train",
      file,
      { delimiter: ";", header: false },
    ]);
  });

  it("keeps texts and labels of files of their own together, also when they are read again or come back", async () => {
    const { session, actions } = setUp();
    const [texts, labels, names] = [csv("texts.txt"), csv("labels.txt"), csv("names.txt")];
    const last = () => session.calls.filter(([name]) => name === "openTable").at(-1);
    await actions.openTable(texts, texts.name, [labels, names]);
    await actions.overrideFormat({ encoding: "gbk" });
    expect(last()).toEqual(["openTable", "train", texts, { encoding: "gbk" }, labels, names]);
    await actions.openTable(csv("b.csv"));
    await actions.undo();
    expect(last()).toEqual(["openTable", "train", texts, { encoding: "gbk" }, labels, names]);
    await actions.openValidation(texts, [labels]);
    expect(last()).toEqual(["openTable", "validation", texts, {}, labels]);
  });

  it("takes validation rows from a second file, and back", async () => {
    const { actions, state, names } = setUp();
    await actions.openTable(csv("a.csv"));
    await actions.openValidation(csv("valid.csv"));
    expect(state().data.validationTable?.name).toBe("valid.csv");
    await actions.closeValidation();
    expect(state().data.validationTable).toBeNull();
    expect(names().filter((name) => name === "selectRows")).toHaveLength(3);
  });
});

describe("undo and redo", () => {
  it("go through changes of recipe and columns in order", async () => {
    const { session, actions, state } = setUp();
    await actions.openTable(csv("a.csv"));
    await actions.setRecipe({ learningRate: 1e-4 });
    await actions.chooseColumns({ text: 0, pair: null, label: 1 });
    await actions.undo();
    expect(state().data.columns).toEqual({ text: 1, pair: null, label: 0 });
    expect(state().recipe.learningRate).toBe(1e-4);
    await actions.undo();
    expect(state().recipe.automatic).toEqual(untouchedRecipe.automatic);
    expect(state().recipe.learningRate).toBe(2e-5);
    await actions.redo();
    await actions.redo();
    expect(state().recipe.learningRate).toBe(1e-4);
    expect(session.calls.at(-1)?.[0]).toBe("selectRows");
    expect(state().data.columns).toEqual({ text: 0, pair: null, label: 1 });
    expect(state().future).toEqual([]);
  });

  it("bring back the table that was open before", async () => {
    const { actions, state } = setUp();
    await actions.openTable(csv("a.csv"));
    await actions.openTable(csv("b.csv"), "B");
    await actions.undo();
    expect(state().data.name).toBe("a.csv");
    await actions.undo();
    expect(state().data.table).toBeNull();
    await actions.redo();
    await actions.redo();
    expect(state().data.name).toBe("B");
  });

  it("splits again when share or seed change, and not otherwise", async () => {
    const { actions, names } = setUp();
    await actions.openTable(csv("a.csv"));
    const selections = () => names().filter((name) => name === "selectRows").length;
    const before = selections();
    await actions.setRecipe({ epochs: 1 });
    expect(selections()).toBe(before);
    await actions.setShare(0.3);
    await actions.setRecipe({ seed: 7 });
    expect(selections()).toBe(before + 2);
    await actions.undo();
    expect(selections()).toBe(before + 3);
  });

  it("go as many steps as they are pressed, also while a split is being made", async () => {
    const { actions, state } = setUp();
    await actions.openTable(csv("a.csv"));
    await actions.openTest(csv("test.csv"));
    void actions.setShare(0.3);
    void actions.setRecipe({ seed: 7 });
    await Promise.all([actions.undo(), actions.undo()]);
    expect(state().recipe).toMatchObject({ validationShare: 0.2, seed: 42 });
    expect(state().future).toHaveLength(2);
    await Promise.all([actions.undo(), actions.redo(), actions.redo()]);
    expect(state().recipe).toMatchObject({ validationShare: 0.3, seed: 42 });
    expect(state().data.test).not.toBeNull();
    await Promise.all([actions.undo(), actions.undo()]);
    expect(state().data.test).toBeNull();
  });

  it("does nothing where nothing changed", async () => {
    const { actions, state } = setUp();
    await actions.setRecipe({ seed: 42, weightDecay: 0.01 });
    await actions.undo();
    expect(state().past).toEqual([]);
    expect(state().future).toEqual([]);
  });
});

describe("recipe files", () => {
  it("are read back as saved, and a bad one changes nothing", async () => {
    const { actions, state } = setUp();
    await actions.setRecipe({ epochs: 2, frozen: ["embeddings."] });
    const saved = actions.saveRecipe();
    const recipe = state().recipe;
    await actions.resetRecipe();
    await actions.loadRecipe(saved);
    expect(state().recipe).toEqual(recipe);
    await actions.loadRecipe(new File([`{"epochs": 0}`], "bad.json"));
    expect(state().recipe).toEqual(recipe);
    expect(state().recipeProblem?.found).toContain("Nothing was loaded. bad.json: “epochs” is 0");
  });
});

describe("blockers", () => {
  it("name the card that can mend it", async () => {
    const { actions, state } = setUp();
    expect(blockers(state()).map(({ card }) => card)).toEqual(["data", "model"]);
    await actions.useSample();
    await actions.useStarter();
    expect(blockers(state())).toEqual([]);
    await actions.setRecipe({ maxLength: 1024 });
    expect(blockers(state())).toMatchObject([{ card: "recipe" }]);
  });

  it("hold the start back", async () => {
    const { actions, names } = setUp();
    await actions.start();
    expect(names()).not.toContain("start");
  });

  it("say why no column was guessed", async () => {
    const guessProblem = "No column looks like a label.";
    const { actions, state } = setUp({ openTable: async () => tableSummary({ guess: null, guessProblem }) });
    await actions.openTable(csv("a.csv"));
    expect(blockers(state())[0]?.text).toContain(guessProblem);
  });
});

describe("a run", () => {
  it("begins at one press with sample and starter, and takes its events", async () => {
    vi.useFakeTimers();
    try {
      const { session, store, actions, state } = setUp();
      await actions.trySample();
      expect(state().model.summary?.licence).toContain("Apache");
      expect(state().run).toMatchObject({
        status: "training",
        labelNames: ["ham", "spam"],
        recipe: { effort: "time", timeBudget: 2.5, learningRate: 1e-4 },
      });
      const events = runEvents(300);
      const { steps } = state().run;
      let updates = 0;
      const stop = store.subscribe(() => updates++);
      for (const event of events.slice(0, -1)) session.tell(event);
      stop();
      expect(state().run.steps).toBe(steps);
      expect(steps).toHaveLength(300);
      // The plan at once; 300 steps and their evaluations wait for one later update.
      expect(updates).toBe(1);
      expect(state().run.evaluations).toHaveLength(0);
      vi.advanceTimersByTime(300);
      expect(state().run.evaluations.length).toBeGreaterThan(30);
      expect(state().run).toMatchObject({ best: { step: 300 }, memory: 412_000_000 });
      session.tell({ type: "end", reason: "finished", step: 300, wallMs: 1, trainingMs: 1 });
      expect(state().run).toMatchObject({ status: "done", end: { reason: "finished" } });
    } finally {
      vi.useRealTimers();
    }
  });

  it("takes the events of a pretraining, and leaves a pause or a stop in it as it is", async () => {
    vi.useFakeTimers();
    try {
      const { session, actions, state } = setUp();
      await actions.trySample();
      session.tell(pretrainStep(1, 4, 3));
      await actions.pause();
      session.tell(pretrainStep(2, 4, 2));
      session.notify({ type: "paused" });
      vi.advanceTimersByTime(300);
      expect(state().run).toMatchObject({ status: "paused", plan: null, steps: [] });
      expect(state().run.pretraining.map(({ step }) => step)).toEqual([1, 2]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("locks the setup while it goes on", async () => {
    const { actions, state, names } = setUp();
    await actions.trySample();
    const before = names().length;
    await actions.openTable(csv("b.csv"));
    await actions.openModel([csv("config.json")]);
    await actions.setRecipe({ epochs: 9 });
    await actions.undo();
    await actions.chooseBackend("wasm");
    expect(names().slice(before)).toEqual([]);
    expect(state().recipe.learningRate).toBe(1e-4);
  });

  it("pauses, resumes and stops", async () => {
    const { session, actions, state } = setUp();
    await actions.trySample();
    await actions.pause();
    expect(state().run.status).toBe("pausing");
    session.notify({ type: "paused" });
    expect(state().run.status).toBe("paused");
    await actions.resume();
    expect(state().run.status).toBe("training");
    // That it rests comes too late: it was told to go on.
    session.notify({ type: "paused" });
    expect(state().run.status).toBe("training");
    await actions.stop();
    expect(state().run.status).toBe("stopping");
    session.tell({ type: "end", reason: "stopped", step: 3, wallMs: 1, trainingMs: 1 });
    expect(state().run.status).toBe("done");
    expect(session.calls.map(([name]) => name).slice(-3)).toEqual(["pause", "resume", "stop"]);
  });

  it("that fails says why and keeps data and model", async () => {
    const { session, actions, state } = setUp();
    session.failNext("start", refusal);
    await actions.trySample();
    expect(state().run).toMatchObject({ status: "failed", problem: { found: "Bad." } });
    expect(state().data.summary).not.toBeNull();
    expect(state().model.summary).toEqual(modelSummary({ licence: state().model.summary?.licence ?? "" }));
    expect(blockers(state())).toEqual([]);
  });

  it("whose weights are not saved is replaced only after a yes", async () => {
    const { session, actions, state } = setUp();
    await actions.trySample();
    session.tell({ type: "end", reason: "finished", step: 3, wallMs: 1, trainingMs: 1 });
    const opening = actions.openTable(csv("b.csv"));
    await vi.waitFor(() => expect(state().question).not.toBeNull());
    state().question?.answer(false);
    await opening;
    expect(state()).toMatchObject({ question: null, run: { status: "done" }, data: { name: "SMS Spam" } });

    const again = actions.openTable(csv("b.csv"));
    await vi.waitFor(() => expect(state().question).not.toBeNull());
    state().question?.answer(true);
    await again;
    expect(state()).toMatchObject({ run: { status: "idle" }, data: { name: "b.csv" } });
  });

  it("is asked about once when data and model change together", async () => {
    const { session, actions, state } = setUp();
    await actions.trySample();
    session.tell({ type: "end", reason: "finished", step: 3, wallMs: 1, trainingMs: 1 });
    const again = actions.trySample();
    await vi.waitFor(() => expect(state().question).not.toBeNull());
    await new Promise((resolve) => setTimeout(resolve, 10));
    state().question?.answer(true);
    await again;
    expect(state()).toMatchObject({ question: null, run: { status: "training" } });
  });

  it("is kept by a no to the sample, which then does not start", async () => {
    const { session, actions, state, names } = setUp();
    await actions.trySample();
    session.tell({ type: "end", reason: "finished", step: 3, wallMs: 1, trainingMs: 1 });
    const again = actions.trySample();
    await vi.waitFor(() => expect(state().question).not.toBeNull());
    state().question?.answer(false);
    await again;
    expect(names().filter((name) => name === "start")).toHaveLength(1);
    expect(state()).toMatchObject({ run: { status: "done" }, data: { busy: null }, model: { busy: null } });
  });

  it("that is stopped while it is prepared stops as soon as it can hear it", async () => {
    let begin: () => void = () => undefined;
    const start = () => new Promise<void>((resolve) => (begin = resolve));
    const { session, actions, state, names } = setUp({ start });
    await actions.useSample();
    await actions.useStarter();
    const starting = actions.start();
    await vi.waitFor(() => expect(state().run.status).toBe("preparing"));
    await actions.stop();
    begin();
    await starting;
    expect(names().slice(-2)).toEqual(["stop", "stop"]);
    session.tell({ type: "end", reason: "stopped", step: 0, wallMs: 1, trainingMs: 1 });
    expect(state().run.status).toBe("done");
  });

  it("whose weights are saved makes way without a question", async () => {
    const { session, actions, state } = setUp();
    await actions.trySample();
    session.tell({ type: "end", reason: "finished", step: 3, wallMs: 1, trainingMs: 1 });
    actions.markDownloaded();
    await actions.openModel([csv("config.json")]);
    expect(state()).toMatchObject({ question: null, run: { status: "idle" } });
  });
});

describe("backend", () => {
  it("changes by choice and stays where another does not start", async () => {
    const { session, actions, state } = setUp();
    await actions.chooseBackend("wasm");
    expect(state().backend).toMatchObject({ choice: "wasm", info: { backend: "wasm" } });
    session.failNext("chooseBackend", refusal);
    await actions.chooseBackend("webgpu");
    expect(state().backend).toMatchObject({ choice: "wasm", problem: { found: "Bad." }, busy: false });
  });
});
