import { defaultTask } from "../../src/tasks/registry.ts";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { EncodedRows } from "../../src/data/rows.ts";
import { defaultRecipe } from "../../src/recipe/recipe.ts";
import type { TuningStore } from "../../src/run/tune.ts";
import type { EarlierJobs, EncodedChunk, TrainNotice } from "../../src/workers/protocol.ts";
import { createTrainService } from "../../src/workers/train-service.ts";
import config from "../reference/tiny/checkpoint/config.json" with { type: "json" };
import weightsUrl from "../reference/tiny/checkpoint/model.safetensors?url";
import { backendOptions } from "../ops/backends.ts";
import { learnableRows } from "../train/learnable-rows.ts";

const ports: MessagePort[] = [];
afterEach(() => ports.splice(0).forEach((port) => port.close()));

let files: File[];

beforeAll(async () => {
  const tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ...Array.from({ length: 992 }, (_, i) => `w${i}`)];
  const tokenizer = {
    added_tokens: tokens.slice(0, 5).map((content, id) => ({ id, content, special: true, normalized: false })),
    normalizer: { type: "BertNormalizer", lowercase: true },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: { type: "BertProcessing", cls: ["[CLS]", 2], sep: ["[SEP]", 3] },
    model: { type: "WordPiece", unk_token: "[UNK]", vocab: Object.fromEntries(tokens.map((token, id) => [token, id])) },
  };
  files = [
    new File([JSON.stringify(config)], "config.json"),
    new File([JSON.stringify(tokenizer)], "tokenizer.json"),
    new File([await (await fetch(weightsUrl)).blob()], "model.safetensors"),
  ];
});

const nothingKept: TuningStore = { read: () => Promise.resolve(undefined), write: () => Promise.resolve() };

/** A training service with the tiny checkpoint open, and what it tells. */
async function opened() {
  const notices: TrainNotice[] = [];
  const service = createTrainService(backendOptions, nothingKept, (notice) => notices.push(notice));
  const ignore = () => undefined;
  await service.chooseBackend({ choice: "wasm" }, ignore);
  await service.openModel({ files, licence: "" }, ignore);
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  await service.connectTokenizers({ ports: [port1] }, ignore);
  const send = (job: string, rows: EncodedRows) => {
    const chunk: EncodedChunk = { job, index: 0, chunks: 1, rows };
    port2.postMessage(chunk);
  };
  const ended = () => vi.waitFor(() => expect(types()).toContain("end"), { timeout: 60_000 });
  const events = () => notices.flatMap((notice) => (notice.type === "event" ? [notice.event] : []));
  const types = () => events().map(({ type }) => type);
  return { service, send, events, ended, ignore };
}

describe("the training service", () => {
  it.each([
    [undefined, 20],
    ["texts", 9],
  ])("pretrains on the texts that it is sent, else on those of the training rows: %s", async (pretrainJob, rows) => {
    const { service, send, events, ended, ignore } = await opened();
    const [train, validation] = [learnableRows(20, 1), learnableRows(6, 2)];
    send("train", train);
    send("validation", validation);
    send("texts", learnableRows(9, 3));
    const recipe = {
      ...defaultRecipe,
      batchSize: 8,
      maxLength: 48,
      epochs: 1,
      pretrainEpochs: 1,
      evaluationsPerEpoch: 0,
    };
    const labelNames = ["LABEL_0", "LABEL_1", "LABEL_2"];
    const jobs = { trainJob: "train", validationJob: "validation", ...(pretrainJob !== undefined && { pretrainJob }) };
    const labels = {
      task: "single-label",
      trainLabels: { labels: train.labels },
      validationLabels: { labels: validation.labels },
    };
    await service.start({ recipe, labelNames, earlier: null, ...jobs, ...labels }, ignore);
    await ended();
    const read = events().flatMap((event) => (event.type === "pretrainStep" ? [event.rows] : []));
    expect(read.reduce((sum, count) => sum + count, 0)).toBe(rows);
    expect(events().find(({ type }) => type === "plan")).toMatchObject({ trainRows: 20 });
  });

  it("scores an earlier task's texts, and counts them in a plan", async () => {
    const { service, send, events, ended, ignore } = await opened();
    const [train, validation] = [learnableRows(20, 1), learnableRows(6, 2)];
    const recipe = { ...defaultRecipe, batchSize: 8, maxLength: 48, epochs: 1, evaluationsPerEpoch: 0 };
    const request = (earlier: EarlierJobs | null, ewc: number) => {
      send("train", train);
      send("validation", validation);
      send("old", learnableRows(9, 3));
      send("held", learnableRows(5, 4));
      const labels = {
        task: "single-label",
        trainLabels: { labels: train.labels },
        validationLabels: { labels: validation.labels },
      };
      const jobs = { trainJob: "train", validationJob: "validation" };
      const labelNames = ["LABEL_0", "LABEL_1", "LABEL_2"];
      return { recipe: { ...recipe, ewc, ewcRows: 4 }, labelNames, earlier, ...jobs, ...labels };
    };
    const texts: EarlierJobs = { kind: "texts", trainJob: "old", validationJob: "held" };
    const total = async (...of: Parameters<typeof request>) => {
      const plan = await service.plan({ ...request(...of) }, ignore);
      return plan.memory.prediction.total;
    };
    const [none, scored, held] = [await total(null, 0), await total(texts, 0), await total(texts, 10)];
    expect(scored).toBeGreaterThan(none);
    expect(held).toBeGreaterThan(scored);
    await service.start({ ...request(texts, 10) }, ignore);
    await ended();
    const scores = events().flatMap((event) => (event.type === "earlier" ? [event.report.rows] : []));
    expect(scores).toEqual([5, 5]);
    expect(events().some(({ type }) => type === "consolidation")).toBe(true);
  });

  it("keeps a run until another model or backend has opened and is taken", async () => {
    const { service, send, ended, ignore } = await opened();
    const [train, validation] = [learnableRows(20, 1), learnableRows(6, 2)];
    const begin = (change: Partial<typeof defaultRecipe> = {}) => {
      send("train", train);
      send("validation", validation);
      const recipe = { ...defaultRecipe, batchSize: 8, maxLength: 48, epochs: 1, evaluationsPerEpoch: 0, ...change };
      const jobs = { trainJob: "train", validationJob: "validation", earlier: null };
      const labels = {
        task: "single-label",
        trainLabels: { labels: train.labels },
        validationLabels: { labels: validation.labels },
      };
      const labelNames = ["LABEL_0", "LABEL_1", "LABEL_2"];
      return service.start({ recipe, labelNames, ...jobs, ...labels }, ignore);
    };
    await begin();
    await ended();
    const score = async () => defaultTask.loss.of((await service.results({ weights: "best" }, ignore)).report);
    const before = await score();

    const broken = [new File(["{}"], "config.json"), ...files.slice(1)];
    const opening = service.openModel({ files: broken, licence: "", hold: true }, ignore);
    await expect(opening).rejects.toThrow();
    expect(await score()).toBe(before);
    await service.openModel({ files, licence: "", hold: true }, ignore);
    expect(await score()).toBe(before);
    await service.settle({ what: "model", take: false }, ignore);

    await service.chooseBackend({ choice: "cpu", hold: true }, ignore);
    expect(await score()).toBe(before);
    await service.settle({ what: "backend", take: false }, ignore);
    expect(await service.chooseBackend({ choice: "wasm" }, ignore)).toMatchObject({
      backend: "wasm",
      isSame: true,
    });
    expect(await score()).toBe(before);

    // Nor does a run that does not begin, or is stopped before its first step.
    await expect(begin({ maxLength: 4096 })).rejects.toThrow();
    expect(await score()).toBe(before);
    const stopped = begin({ seed: 7 });
    await service.stop(undefined, ignore);
    await expect(stopped).rejects.toThrow("stopped before its first step");
    expect(await score()).toBe(before);

    // A backend that does not start leaves the one before chosen: the next start runs on it.
    const noAdapter = vi.spyOn(navigator.gpu, "requestAdapter").mockResolvedValue(null);
    const failing = service.chooseBackend({ choice: "webgpu", hold: true }, ignore);
    await expect(failing).rejects.toThrow("No WebGPU adapter");
    noAdapter.mockRestore();
    expect(await score()).toBe(before);
    await begin();
    await vi.waitFor(async () => expect(await score()).toBe(before), { timeout: 60_000 });

    await service.chooseBackend({ choice: "cpu", hold: true }, ignore);
    await service.settle({ what: "backend", take: true }, ignore);
    await expect(score()).rejects.toThrow("Nothing has been trained yet");
  });
});
