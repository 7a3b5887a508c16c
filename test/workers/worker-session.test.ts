import { afterEach, describe, expect, it } from "vitest";
import { Problem } from "../../src/problem/problem.ts";
import { defaultRecipe } from "../../src/recipe/recipe.ts";
import { encodeRows } from "../../src/tokenize/encode-rows.ts";
import type { TrainNotice } from "../../src/workers/protocol.ts";
import { Declined } from "../../src/workers/session.ts";
import {
  MOST_BYTES,
  closeSessions,
  columns,
  earlierSummary,
  files,
  lines,
  model,
  ready,
  texts,
  tokenizer,
  world,
} from "./session-world.ts";

afterEach(closeSessions);

describe("a session over workers", () => {
  it("starts no worker before it is asked something", async () => {
    const { session, workers } = world();
    expect(Object.values(workers).flat()).toHaveLength(0);
    await session.selectRows(columns, { ...defaultRecipe, seed: 1 });
    expect(workers.data).toHaveLength(1);
    expect([...workers.train, ...workers.tokenize]).toHaveLength(0);
  });

  it("tells training whether the page is seen, once there is a worker for it", async () => {
    const { session, workers, asked } = await ready();
    const before = asked.length;
    session.pageSeen(false);
    await session.selectRows(columns, { ...defaultRecipe, seed: 1 });
    expect(asked.slice(before)).toContainEqual(expect.objectContaining({ type: "pageSeen", isSeen: false }));
    const other = world();
    other.session.pageSeen(false);
    expect(Object.values(other.workers).flat()).toHaveLength(0);
    expect(workers.train).toHaveLength(1);
  });

  it("tells training how much memory the system lets the page have, with a run, an estimate and a sweep", async () => {
    const { session, asked } = await ready();
    await session.start(defaultRecipe);
    await session.plan(defaultRecipe);
    await session.findRate(defaultRecipe);
    for (const type of ["start", "plan", "findRate"]) {
      expect(asked).toContainEqual(expect.objectContaining({ type, mostBytes: MOST_BYTES }));
    }
  });

  it("sends all rows of a cross-validation in one job, and asks for its files with the table's cells", async () => {
    const { session, asked, received } = await ready();
    await session.startFolds(defaultRecipe, { folds: 2, repeats: 1 });
    expect(asked).toContainEqual(expect.objectContaining({ type: "encodeFolds", asRun: true }));
    const started = asked.find(({ type }) => type === "startFolds");
    expect(started).toMatchObject({ counts: { folds: 2, repeats: 1 }, labelNames: ["x", "y"], mostBytes: MOST_BYTES });
    expect(received[0]?.fullLengths).toHaveLength(702);
    expect(await (await session.foldFile("report.json", false)).text()).toBe("report.json");
    expect(asked.at(-1)).toMatchObject({ type: "foldFile", cells: [{ text: "b b" }] });
    expect((await session.probeFolds(defaultRecipe, { folds: 2, repeats: 1 })).issues.rows).toHaveLength(3);
    expect(asked).toContainEqual(expect.objectContaining({ type: "encodeFolds", asRun: false }));
  });

  it("sends the ids of both parts to training, with labels, and says how far it is", async () => {
    const { session, workers, asked, received } = await ready();
    const notices: TrainNotice[] = [];
    session.onNotice((notice) => notices.push(notice));
    await session.start({ ...defaultRecipe, maxLength: 4 });
    expect(workers.tokenize).toHaveLength(2);
    expect(received[0]).toEqual(encodeRows(texts.train, null, 4, tokenizer));
    expect(received[1]).toEqual(encodeRows(texts.validation, null, 4, tokenizer));
    const start = asked.find((request) => request.type === "start");
    expect(start).toMatchObject({ labelNames: ["x", "y"], recipe: { maxLength: 4 } });
    expect(start?.trainLabels.labels).toHaveLength(700);
    expect(notices.at(-1)).toEqual({ type: "progress", progress: { what: "Tokenizing", done: 702, total: 702 } });
  });

  it("starts nothing after a stop that came while rows were encoded", async () => {
    const { session, asked } = await ready();
    const starting = session.start(defaultRecipe);
    await session.stop();
    await expect(starting).rejects.toThrow(Declined);
    expect(asked.some(({ type }) => type === "start")).toBe(false);
    await session.start(defaultRecipe);
    expect(asked.some(({ type }) => type === "start")).toBe(true);
  });

  it("sends the texts of a text file along to a run that pretrains, until it is closed", async () => {
    const { session, asked, received } = await ready();
    await session.openTextFile("pretrain", new File(["b a\nc"], "own.txt"));
    await session.start(defaultRecipe);
    expect(received).toHaveLength(2);
    const recipe = { ...defaultRecipe, maxLength: 4, pretrainEpochs: 1 };
    await session.start(recipe);
    expect(received).toHaveLength(5);
    expect(received[4]).toEqual(encodeRows(lines, null, 4, tokenizer));
    await session.closeTextFile("pretrain");
    await session.start(recipe);
    expect(received).toHaveLength(7);
    const jobs = asked.flatMap((request) => (request.type === "start" ? [request.pretrainJob] : []));
    expect(jobs.map((job) => job !== undefined)).toEqual([false, true, false]);
  });

  it("splits as the recipe says when it was changed after the rows were chosen", async () => {
    const { session, asked } = await ready();
    await session.selectRows(columns, defaultRecipe, { mergeLabels: true });
    await session.start({ ...defaultRecipe, seed: 7 });
    const selections = asked.filter((request) => request.type === "selectRows").slice(-2);
    expect(selections.map((request) => request.seed)).toEqual([defaultRecipe.seed, 7]);
    for (const { cleaning } of selections) expect(cleaning).toEqual({ mergeLabels: true });
  });

  it("sends rows set apart along, counts how often they are scored, and begins again with other tables", async () => {
    const { session, asked } = await ready(model, { testRows: 1 });
    await session.start({ ...defaultRecipe, testShare: 0.1 });
    const starts = asked.filter((request) => request.type === "start");
    expect(starts.at(-1)?.test?.labels.labels).toEqual(Int32Array.of(1));
    expect(asked.filter((request) => request.type === "selectRows").at(-1)).toMatchObject({ testShare: 0.1 });
    expect((await session.testResults("best")).uses).toBe(1);
    expect((await session.testResults("last")).uses).toBe(2);
    await session.exportFolder({ weights: "best", dtype: "float32", form: "merged", dataName: "a" });
    const exports = asked.filter((request) => request.type === "export");
    expect(exports.at(-1)?.testRows?.map(({ text }) => text)).toEqual(texts.test);
    await session.openTable("test", new File(["x"], "test.csv"));
    expect((await session.testResults("best")).uses).toBe(1);
  });

  const classifier = { ...model, labelNames: ["old", "older"] };

  it("sends the rows of an earlier task along, sorted by the classes of the model's own classifier", async () => {
    const { session, asked, received } = await ready(classifier);
    const notices: TrainNotice[] = [];
    session.onNotice((notice) => notices.push(notice));
    await session.openTable("earlier", new File(["x"], "old.csv"));
    expect(await session.selectEarlier(columns, defaultRecipe.validationShare, 7)).toEqual(earlierSummary);
    await session.start({ ...defaultRecipe, maxLength: 4 });
    // The recipe's seed decides, as with the other rows.
    const selections = asked.filter((request) => request.type === "selectEarlier");
    expect(selections.map(({ seed, labelNames }) => [seed, labelNames])).toEqual([
      [7, ["old", "older"]],
      [defaultRecipe.seed, ["old", "older"]],
    ]);
    const start = asked.find((request) => request.type === "start");
    expect(start?.earlier).toMatchObject({
      kind: "rows",
      labelNames: ["old", "older"],
      trainLabels: { labels: Int32Array.of(1, 1) },
      validationLabels: { labels: Int32Array.of(1) },
    });
    expect(received.slice(2)).toEqual([
      encodeRows(texts.earlierTrain, null, 4, tokenizer),
      encodeRows(texts.earlierValidation, null, 4, tokenizer),
    ]);
    expect(notices.at(-1)).toMatchObject({ progress: { done: 705, total: 705 } });
  });

  it("starts without earlier rows once their file is closed, or another model is open", async () => {
    const { session, asked } = await ready(classifier);
    await session.selectEarlier(columns, 0.2, 42);
    await session.closeTable("earlier");
    await session.start(defaultRecipe);
    await session.selectEarlier(columns, 0.2, 42);
    await session.openModel([]);
    await session.start(defaultRecipe);
    const starts = asked.filter((request) => request.type === "start");
    expect(starts.map(({ earlier }) => earlier)).toEqual([null, null]);
    const other = await ready();
    await expect(other.session.selectEarlier(columns, 0.2, 42)).rejects.toThrow("no classifier");
  });

  it("sends an earlier task's texts in place of rows, for any model, to a start and to an estimate", async () => {
    const { session, asked, received } = await ready();
    await session.openTextFile("earlier", new File(["b\nc b\na a a"], "old.txt"));
    expect(await session.selectEarlierTexts(0.5, 7)).toEqual({ trainRows: 2, validationRows: 1 });
    const recipe = { ...defaultRecipe, maxLength: 4 };
    await session.start(recipe);
    await session.plan(recipe);
    // The recipe's share and seed decide.
    const splits = asked.filter((request) => request.type === "selectEarlierTexts");
    expect(splits.map(({ share, seed }) => [share, seed])).toEqual([
      [0.5, 7],
      [recipe.validationShare, recipe.seed],
    ]);
    const requests = asked.filter((request) => request.type === "start" || request.type === "plan");
    const jobs = { trainJob: expect.any(String) as string, validationJob: expect.any(String) as string };
    expect(requests.map(({ earlier }) => earlier)).toEqual([
      { kind: "texts", ...jobs },
      { kind: "texts", ...jobs },
    ]);
    const sent = [texts.earlierTrain, texts.earlierValidation].map((some) => encodeRows(some, null, 4, tokenizer));
    expect([received.slice(2, 4), received.slice(6)]).toEqual([sent, sent]);
    await session.closeTextFile("earlier");
    await session.start(recipe);
    expect(asked.at(-1)).toMatchObject({ type: "start", earlier: null });
  });

  it("keeps the rows that were chosen when the earlier task's file changes", async () => {
    const { session } = await ready(classifier);
    await session.openTable("earlier", new File(["x"], "old.csv"));
    await session.closeTable("earlier");
    await expect(session.start(defaultRecipe)).resolves.toBeUndefined();
  });

  it("predicts texts with the ids of the tokenizer", async () => {
    const { session, received } = await ready();
    const { predictions } = await session.predict(["a b"], ["c"], "checkpoint");
    expect(predictions[0]).toMatchObject({ label: "x" });
    expect(received[0]).toEqual(encodeRows(["a b"], ["c"], 16, tokenizer));
  });

  it("predicts with a run's weights as that run read its texts", async () => {
    const { session, received } = await ready();
    const limit = { maxLength: 5, longTexts: "windows", windowOverlap: 1 } as const;
    await session.start({ ...defaultRecipe, ...limit });
    const text = "a b c a b c a";
    await session.predict([text], null, "last");
    await session.predict([text], null, "checkpoint");
    expect(received.slice(-2)).toEqual([limit, 16].map((one) => encodeRows([text], null, one, tokenizer)));
    expect(received.at(-2)?.textStart).toEqual(Int32Array.of(0, 3));
  });

  it("exports with the texts of the run's validation rows", async () => {
    const { session, asked } = await ready();
    await session.start(defaultRecipe);
    const folder = await session.exportFolder({
      ...{ weights: "best", dtype: "float16", form: "adapter", dataName: "d" },
      neutralize: true,
    });
    expect(folder.name).toBe("model.zip");
    const request = asked.find((one) => one.type === "export");
    expect(request).toMatchObject({
      dtype: "float16",
      form: "adapter",
      dataName: "d",
      weights: "best",
      neutralize: true,
    });
    expect(request?.rows.map((row) => row.text)).toEqual(texts.validation);
  });

  it("asks before what was opened takes the place of what was there, and settles with the worker", async () => {
    const { session, asked } = await ready();
    const settled = () => asked.flatMap((request) => (request.type === "settle" ? [request.take] : []));
    const no = () => Promise.resolve(false);
    const before = settled().length;
    await expect(session.openTable("train", new File(["x"], "x.csv"), {}, no)).rejects.toThrow(Declined);
    await expect(session.openTextFile("pretrain", new File(["x"], "x.txt"), no)).rejects.toThrow(Declined);
    await expect(session.openModel([], "", undefined, no)).rejects.toThrow(Declined);
    await expect(session.chooseBackend("wasm", no)).rejects.toThrow(Declined);
    expect(settled().slice(before)).toEqual([false, false, false, false]);
    // Rows and model are those of before.
    await expect(session.start(defaultRecipe)).resolves.toBeUndefined();
    await session.openTable("train", new File(["x"], "x.csv"), {}, () => Promise.resolve(true));
    expect(settled().at(-1)).toBe(true);
  });

  it("does not ask where the backend that runs is the one chosen", async () => {
    const { session } = await ready();
    let questions = 0;
    const no = () => Promise.resolve(++questions < 0);
    await expect(session.chooseBackend("cpu", no)).resolves.toMatchObject({ backend: "cpu" });
    expect(questions).toBe(0);
  });

  it("does not ask about a model whose tokenizer cannot be used, and lets it go", async () => {
    const { session, asked } = world({ ...files, tokenizerJson: "{}" });
    let questions = 0;
    const yes = () => Promise.resolve(++questions > 0);
    await expect(session.openModel([], "", undefined, yes)).rejects.toThrow("tokenizer.json cannot be used");
    expect(questions).toBe(0);
    expect(asked).toMatchObject([{ type: "settle", what: "model", take: false }]);
  });

  it("passes problems on", async () => {
    const { session } = await ready();
    await expect(session.openTable("train", new File([], "x.csv"))).rejects.toThrow(Problem);
    await expect(session.results("best")).rejects.toMatchObject({ remedy: "Start." });
  });

  it("says what is missing before a start and a prediction", async () => {
    const empty = world().session;
    await expect(empty.start(defaultRecipe)).rejects.toThrow("no data");
    await expect(empty.predict(["a"], null, "checkpoint")).rejects.toThrow("no model");
    await empty.selectRows(columns, defaultRecipe);
    await expect(empty.start(defaultRecipe)).rejects.toThrow("no model");
  });

  it("rejects a model whose tokenizer cannot be used", async () => {
    const { session } = world({ ...files, tokenizerJson: "{}" });
    await expect(session.openModel([])).rejects.toThrow("tokenizer.json cannot be used");
  });

  it("passes notices to all who listen, until they stop", async () => {
    const { session, workers } = await ready();
    const heard: string[] = [];
    const stop = session.onNotice((notice) => heard.push(`one ${notice.type}`));
    session.onNotice((notice) => heard.push(`two ${notice.type}`));
    const notice: TrainNotice = { type: "event", event: { type: "memory", bytes: 1 } };
    workers.train[0]?.say(notice);
    await session.pause();
    stop();
    workers.train[0]?.say(notice);
    await session.resume();
    expect(heard).toEqual(["one event", "two event", "two event"]);
  });

  it("starts the threads that training asks for, and ends them with it", async () => {
    const { session, workers, threadStarts } = await ready();
    const notices: TrainNotice[] = [];
    session.onNotice((notice) => notices.push(notice));
    workers.train[0]?.say({ type: "startThread", start: { place: 1 } });
    workers.train[0]?.say({ type: "startThread", start: { place: 2 } });
    await expect.poll(() => threadStarts).toEqual([{ place: 1 }, { place: 2 }]);
    expect(notices).toEqual([]);
    session.close();
    expect(workers.thread.map(({ terminated }) => terminated)).toEqual([true, true]);
  });

  it("rejects what waits for a worker that stops with an error, and says that the run failed", async () => {
    const { session, workers, asked } = await ready();
    const notices: TrainNotice[] = [];
    session.onNotice((notice) => notices.push(notice));
    const waiting = session.stop();
    workers.train[0]?.break("out of memory");
    await expect(waiting).rejects.toMatchObject({ details: expect.stringContaining("out of memory") as string });
    expect(notices).toMatchObject([
      { type: "failed", problem: { details: expect.stringContaining("x.js") as string } },
    ]);
    // A run that goes on in it is stopped, so that its best weights can be had.
    await expect.poll(() => asked.filter(({ type }) => type === "stop")).toHaveLength(2);
  });

  it("ends the work under way when a tokenizer stops with an error", async () => {
    const { session, workers } = await ready();
    const starting = session.start(defaultRecipe);
    workers.tokenize[0]?.break("out of memory");
    await expect(starting).rejects.toThrow(Problem);
  });

  it("lays rows out in a worker of its own, which ends with the layout or with its cancel", async () => {
    const { session, workers } = await ready();
    const map = { components: Float32Array.of(1, 2, 3, 4), width: 2 };
    const { signal } = new AbortController();
    expect(await session.layOutRows(map, 1, { signal })).toEqual(Float32Array.of(4, 3, 2, 1));
    const cancel = new AbortController();
    const waiting = session.layOutRows(map, 0, { signal: cancel.signal });
    cancel.abort();
    expect(await waiting).toBeNull();
    const closing = session.layOutRows(map, 0, { signal });
    session.close();
    await expect(closing).rejects.toThrow("closed");
    expect(workers.layout.map(({ terminated }) => terminated)).toEqual([true, true, true]);
  });

  it("ends all workers and rejects all that waits when it is closed", async () => {
    const { session, workers } = await ready();
    const waiting = session.stop();
    session.close();
    await expect(waiting).rejects.toThrow("closed");
    await expect(session.stop()).rejects.toThrow("closed");
    expect(
      Object.values(workers)
        .flat()
        .every((worker) => worker.terminated),
    ).toBe(true);
  });
});
