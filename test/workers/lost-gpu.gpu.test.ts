import { defaultTask } from "../../src/tasks/registry.ts";
import { metricOf, type AnyReport } from "../../src/tasks/task.ts";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { defaultRecipe } from "../../src/recipe/recipe.ts";
import { KeptRuns } from "../../src/saves/kept-runs.ts";
import type { EncodedChunk, KeepRequest, TrainNotice } from "../../src/workers/protocol.ts";
import { createTrainService } from "../../src/workers/train-service.ts";
import { tinyFiles } from "../run/tiny-files.ts";
import { backendOptions } from "../ops/backends.ts";
import { MemoryStore } from "../saves/memory-store.ts";
import { learnableRows } from "../train/learnable-rows.ts";

/** What was measured of the GPU, once for all tests. */
const measured = new Map<string, unknown>();
const tuning = {
  read: async (key: string) => measured.get(key),
  write: async (key: string, value: unknown) => void measured.set(key, value),
};
const [train, validation] = [learnableRows(20, 1), learnableRows(6, 2)];
const labelNames = ["a", "b", "c"];
const ignore = () => undefined;
let files: File[];

beforeAll(async () => {
  files = await tinyFiles();
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** A service on webgpu, a run under way in it, and what makes its GPU be lost, as a driver's reset does. */
async function training(changes: Partial<typeof defaultRecipe>, keep: KeepRequest | null = null) {
  const losses: ((info: GPUDeviceLostInfo) => void)[] = [];
  const devices: GPUDevice[] = [];
  vi.spyOn(GPUDevice.prototype, "lost", "get").mockImplementation(() => new Promise((resolve) => losses.push(resolve)));
  const notices: TrainNotice[] = [];
  const options = {
    ...backendOptions,
    wrapDevice(device: GPUDevice) {
      devices.push(device);
      return device;
    },
  };
  const runs = new KeptRuns(new MemoryStore());
  const service = createTrainService(options, tuning, (notice) => notices.push(notice), runs);
  await service.chooseBackend({ choice: "webgpu" }, ignore);
  await service.openModel({ files, licence: "" }, ignore);
  const { port1, port2 } = new MessageChannel();
  await service.connectTokenizers({ ports: [port1] }, ignore);
  for (const [job, rows] of [["train", train] as const, ["validation", validation] as const]) {
    const chunk: EncodedChunk = { job, index: 0, chunks: 1, rows };
    port2.postMessage(chunk);
  }
  const recipe: typeof defaultRecipe = {
    ...defaultRecipe,
    learningRate: 1e-3,
    batchSize: 8,
    maxLength: 48,
    evaluationsPerEpoch: 0,
    ...changes,
  };
  const jobs = { trainJob: "train", validationJob: "validation" };
  const labels = {
    task: "single-label",
    trainLabels: { labels: train.labels },
    validationLabels: { labels: validation.labels },
  };
  const request = { recipe, labelNames, earlier: null, ...jobs, ...labels } as const;
  await service.start({ ...request, keep }, ignore);
  /** Starts again, on another GPU, with rows longer than the model reads. */
  const startWrongly = () => {
    for (const [job, rows] of [["train", train] as const, ["validation", validation] as const]) {
      port2.postMessage({ job, index: 0, chunks: 1, rows } satisfies EncodedChunk);
    }
    return service.start({ ...request, recipe: { ...recipe, maxLength: 4096 } }, ignore);
  };
  const of = <K extends TrainNotice["type"]>(type: K) =>
    notices.filter((notice): notice is TrainNotice & { type: K } => notice.type === type);
  const lose = () => {
    for (const device of devices) device.destroy();
    for (const resolve of losses) resolve({ reason: "unknown", message: "reset", __brand: "GPUDeviceLostInfo" });
  };
  const seen = (type: string) =>
    vi.waitFor(() => expect(of("event").map(({ event }) => event.type)).toContain(type), { timeout: 120_000 });
  const close = () => [port1, port2].forEach((port) => port.close());
  return { service, runs, of, lose, seen, startWrongly, close };
}

describe("a GPU that is lost", () => {
  it.each([
    ["in the middle of a run", 1000, "best"],
    ["after its end", 2, "end"],
  ])("%s leaves the best weights, to score and to download", async (_, epochs, moment) => {
    const { service, of, lose, seen, startWrongly, close } = await training({ epochs });
    await seen(moment);
    lose();
    await vi.waitFor(() => expect(of("failed")).toHaveLength(1));
    expect(of("failed")[0]?.problem.remedy).toMatch(/The best weights, of step \d+, are kept/);
    const results = await service.results({ weights: "best" }, ignore);
    const best = of("event").flatMap(({ event }) => (event.type === "best" ? [event] : []));
    const [scored] = of("event").flatMap(({ event }) =>
      event.type === "evaluation" && event.scope === "full" && event.step === results.step ? [event] : [],
    );
    expect(best.map(({ step }) => step)).toContain(results.step);
    const accuracyOf = (report: AnyReport | undefined) => (report ? metricOf(defaultTask, "accuracy").of(report) : NaN);
    expect(accuracyOf(results.report)).toBeCloseTo(accuracyOf(scored?.report), 6);
    expect(of("backend").at(-1)?.info.backend).toBe("wasm");
    const rows = Array.from(validation.labels, (_label, i) => ({ tableRow: i + 1, text: "", pair: null, line: i + 2 }));
    const options = { weights: "best", dtype: "float32", form: "merged", dataName: "rows.csv" } as const;
    const { file } = await service.export({ ...options, rows }, ignore);
    expect(file.size).toBeGreaterThan(100_000);
    expect(of("failed")).toHaveLength(1);

    // A run that takes its place but does not begin leaves them too, although the GPU is another one now.
    await expect(startWrongly()).rejects.toThrow();
    expect((await service.results({ weights: "best" }, ignore)).report).toEqual(results.report);
    close();
  });
});

describe("a GPU that is lost in a run that is kept", () => {
  const recipe = { epochs: 80, headStart: "random", baseline: false, dataMap: false } as const;
  /** Saved as often as saves may take of the time. */
  const keep = (id: string) => ({ id, minutes: 1e-5, page: "{}", files: [] });
  const ended = (of: Awaited<ReturnType<typeof training>>["of"]) =>
    vi.waitFor(() => expect(of("event").map(({ event }) => event.type)).toContain("end"), { timeout: 120_000 });
  const lastScores = async (service: ReturnType<typeof createTrainService>) => {
    const { report, scores, step } = await service.results({ weights: "last" }, ignore);
    return { report, scores, step };
  };

  it("goes on from the last save on a new device, to the same bits", async () => {
    const whole = await training(recipe);
    await ended(whole.of);
    const expected = await lastScores(whole.service);
    whole.close();

    const { service, runs, of, lose, close } = await training(recipe, keep("lost"));
    await vi.waitFor(() => expect(of("saved").length).toBeGreaterThan(0), { timeout: 120_000 });
    lose();
    await vi.waitFor(() => expect(of("goesOn")).toHaveLength(1), { timeout: 120_000 });
    for (const { after, events } of of("goesOn")) {
      const from = events.findLast((event) => event.type === "step")?.step ?? 0;
      expect(after).toContain(`the run goes on from step ${from}, its last save.`);
      expect(from).toBeGreaterThan(0);
    }
    await ended(of);
    expect(of("failed")).toEqual([]);
    expect(await lastScores(service)).toEqual(expected);
    await vi.waitFor(async () => expect(await runs.list()).toEqual([]));
    close();
  });

  it("goes on once and again, in smaller parts from the third loss on, and ends all the same", async () => {
    const { of, lose, close } = await training(recipe, keep("lost-again"));
    for (const losses of [1, 2, 3]) {
      const saved = of("saved").length;
      await vi.waitFor(() => expect(of("saved").length).toBeGreaterThan(saved), { timeout: 120_000 });
      lose();
      await vi.waitFor(() => expect(of("goesOn")).toHaveLength(losses), { timeout: 120_000 });
    }
    await ended(of);
    expect(of("failed")).toEqual([]);
    close();
  });

  it("stays kept where no device comes back, which is said", async () => {
    const { runs, of, lose, close } = await training(recipe, keep("gone"));
    await vi.waitFor(() => expect(of("saved").length).toBeGreaterThan(0), { timeout: 120_000 });
    vi.spyOn(navigator.gpu, "requestAdapter").mockResolvedValue(null);
    lose();
    await vi.waitFor(() => expect(of("failed")).toHaveLength(1), { timeout: 120_000 });
    expect(of("failed")[0]?.problem.remedy).toContain("reload the page to go on from its last save");
    expect((await runs.list()).map(({ id }) => id)).toEqual(["gone"]);
    close();
  });
});
