import type { Report } from "../../src/metrics/report.ts";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { reportOf } from "../../src/metrics/report-of.ts";
import { readTensor } from "../../src/gpu/read-back.ts";
import { drawnLabel } from "../../src/metrics/softmax.ts";
import { logitsOf } from "../../src/train/evaluate.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { RunControl } from "../../src/train/control.ts";
import { defaultTask } from "../../src/tasks/registry.ts";
import type { EarlierEvent, TrainEvent } from "../../src/train/events.ts";
import { TrainingRun, type RunData } from "../../src/train/loop.ts";
import { Problem } from "../../src/problem/problem.ts";
import { createRandom } from "../../src/data/random.ts";
import { useNodeBackend } from "../node-backend.ts";
import { learnableRows } from "./learnable-rows.ts";
import { runData } from "./run-of.ts";
import { tinyModelOfTwoTasks, tinyRecipe } from "./tiny-run.ts";
import { classesOf } from "../../src/data/row-labels.ts";

/** Events of a run of the default task. */
type OwnEvent = TrainEvent<Report>;

beforeAll(async () => {
  await useNodeBackend("wasm");
});

/** Rows whose classes are those of the new task in another order: what is learned of one harms the other. */
function otherRows(rows: number, seed: number) {
  const data = learnableRows(rows, seed);
  return { ...data, labels: data.labels.map((label) => (label + 1) % 3) };
}

const names = ["LABEL_0", "LABEL_1", "LABEL_2"];
const earlier = { train: otherRows(20, 11), validation: otherRows(24, 12), labelNames: names };
const short: Partial<Recipe> = { epochs: 1, evaluationsPerEpoch: 0 };

const lossOf = (event: EarlierEvent | undefined) => (event ? defaultTask.loss.of(event.report) : NaN);

async function runOf(recipe: Partial<Recipe>, changes: Partial<RunData> = {}, control = new RunControl()) {
  const model = await tinyModelOfTwoTasks();
  const start = await weightsOf(model);
  const data = { ...runData, earlier, ...changes };
  const run = new TrainingRun(model, data, { ...tinyRecipe, ...recipe }, control);
  const events: OwnEvent[] = [];
  for await (const event of run.events()) events.push(event as OwnEvent);
  const of = <K extends OwnEvent["type"]>(type: K) =>
    events.filter((event): event is OwnEvent & { type: K } => event.type === type);
  return { model, run, start, weights: await weightsOf(model), events, of };
}

async function weightsOf({ parameters }: Awaited<ReturnType<typeof tinyModelOfTwoTasks>>) {
  const weights = new Map<string, Float32Array>();
  for (const { name, value } of parameters) weights.set(name, await readTensor(value));
  return weights;
}

const scoreBy = async (model: Awaited<ReturnType<typeof tinyModelOfTwoTasks>>) => {
  const data = { ...earlier.validation, task: "earlier" as const };
  const all = Int32Array.from(data.labels.keys());
  const logits = await logitsOf(model, data, all, 3, { tokens: 512, rows: 24 });
  return reportOf(classesOf(data.labels), logits ?? new Float32Array(0), 3);
};

describe("the forgetting meter", () => {
  it("scores held-out rows under the earlier classifier at every evaluation, as by hand", async () => {
    const untouched = await tinyModelOfTwoTasks();
    const before = await scoreBy(untouched);
    untouched.dispose();
    const { model, events, of } = await runOf({});
    const at = (type: "evaluation" | "earlier") => of(type).map(({ scope, step, epoch }) => [scope, step, epoch]);
    expect(at("earlier")).toEqual(at("evaluation"));
    expect(at("earlier")).toHaveLength(5);
    expect(of("earlier")[0]?.report).toEqual(before);
    expect(of("earlier").at(-1)?.report).toEqual(await scoreBy(model));
    expect(lossOf(of("earlier").at(-1))).not.toBe(before.logLoss);
    expect(events.findIndex(({ type }) => type === "earlier")).toBeLessThan(
      events.findIndex(({ type }) => type === "step"),
    );
    model.dispose();
  });

  it("scores the moving average where it is what is evaluated", async () => {
    const { model, of } = await runOf({ ...short, ema: 0.9 });
    expect(of("earlier").at(-1)?.report).toEqual(await scoreBy(model));
    model.dispose();
  });

  it("takes a seeded sample of 256 rows of many", async () => {
    const { model, of } = await runOf(short, { maxSteps: 1, earlier: { ...earlier, validation: otherRows(300, 13) } });
    expect(of("earlier").map(({ report }) => report.rows)).toEqual([256, 256]);
    model.dispose();
  });

  it("changes nothing of the training, counts no further parameter, and is not there without an earlier task", async () => {
    const [with_, without] = [await runOf(short), await runOf(short, { earlier: undefined })];
    expect(without.of("earlier")).toEqual([]);
    expect(with_.of("step").map(({ loss }) => loss)).toEqual(without.of("step").map(({ loss }) => loss));
    expect(with_.weights).toEqual(without.weights);
    const own = with_.model.parameters.filter(({ task }) => task !== "earlier");
    const count = own.reduce((sum, { value }) => sum + value.size, 0);
    expect(with_.of("plan")[0]).toMatchObject({ parameters: count, trainableParameters: count });
    for (const { model } of [with_, without]) model.dispose();
  });
});

describe("rehearsal", () => {
  it("brings its share of earlier rows into every step, and trains the earlier classifier", async () => {
    const { model, of, start, weights } = await runOf({ ...short, rehearsal: 0.25 });
    expect(of("step").map(({ rows }) => rows)).toEqual([10, 10, 10, 10, 10, 10, 4]);
    expect(weights.get("earlier.classifier.weight")).not.toEqual(start.get("earlier.classifier.weight"));
    model.dispose();
  });

  it("leaves the earlier classifier as it is when off", async () => {
    const { model, start, weights } = await runOf(short);
    for (const name of ["earlier.classifier.weight", "earlier.classifier.bias"])
      expect(weights.get(name)).toEqual(start.get(name));
    expect(weights.get("classifier.weight")).not.toEqual(start.get("classifier.weight"));
    model.dispose();
  });

  it("lowers the loss of the earlier task", async () => {
    const loss = async (rehearsal: number) => {
      const { model, of } = await runOf({ ...short, epochs: 4, rehearsal });
      model.dispose();
      return lossOf(of("earlier").at(-1));
    };
    expect(await loss(0.5)).toBeLessThan(0.8 * (await loss(0)));
  });

  it("gives back all but the weights, in micro-batches, with class weights and with R-Drop too", async () => {
    const { numTensors } = memory();
    const recipe = { ...short, rehearsal: 0.5, accumulate: 4, rDrop: 1, ewc: 1, ewcRows: 3 };
    const { model, of } = await runOf({ ...recipe, classWeights: { a: 1, b: 2, c: 3 } });
    expect(of("step")[0]?.rows).toBe(12);
    expect(memory().numTensors).toBe(numTensors + model.parameters.length);
    model.dispose();
  });
});

describe("elastic weight consolidation", () => {
  const layer = "bert.encoder.layer.1.output.dense.weight";

  it("of strength 0 changes nothing", async () => {
    const [plain, zero] = [await runOf(short), await runOf({ ...short, ewc: 0, ewcRows: 5 })];
    expect(zero.weights).toEqual(plain.weights);
    expect(zero.of("consolidation")).toEqual([]);
    for (const { model } of [plain, zero]) model.dispose();
  });

  it("keeps what the earlier task needs nearer to the start the stronger it is, and leaves the new classifier free", async () => {
    const moves = async (ewc: number) => {
      const { model, start, weights, of } = await runOf({ ...short, epochs: 2, weightDecay: 0, ewc, ewcRows: 10 });
      model.dispose();
      const told = of("consolidation").at(-1);
      if (ewc > 0) expect(told).toEqual({ type: "consolidation", done: 10, rows: 10 });
      const distance = (name: string) =>
        Math.hypot(...(start.get(name) ?? []).map((value, i) => value - (weights.get(name)?.[i] ?? NaN)));
      return {
        encoder: distance(layer),
        classifier: distance("classifier.weight"),
        earlier: of("earlier").at(-1)?.report,
      };
    };
    const [none, weak, strong] = [await moves(0), await moves(1e3), await moves(1e6)];
    expect(weak.encoder).toBeLessThan(0.95 * none.encoder);
    expect(strong.encoder).toBeLessThan(0.7 * weak.encoder);
    expect(strong.classifier).toBeGreaterThan(0.5 * none.classifier);
  });

  it("repeats with the seed", async () => {
    const losses = async (seed: number) => {
      const { model, of } = await runOf({ ...short, ewc: 1e4, ewcRows: 5, seed });
      model.dispose();
      return of("step").map(({ loss }) => loss);
    };
    expect(await losses(42)).toEqual(await losses(42));
  });

  it("stops at once when the run is stopped", async () => {
    const control = new RunControl();
    control.stop();
    const { model, of } = await runOf({ ...short, ewc: 1 }, {}, control);
    expect([of("consolidation"), of("step")]).toEqual([[], []]);
    model.dispose();
  });

  it("draws labels as often as the model's prediction says", () => {
    const random = createRandom(1);
    const counts = [0, 0, 0];
    for (let i = 0; i < 10_000; i++) {
      const label = drawnLabel([0.2, 0.5, 0.3], random());
      counts[label] = (counts[label] ?? 0) + 1;
    }
    [0.2, 0.5, 0.3].forEach((share, label) => expect((counts[label] ?? 0) / 10_000).toBeCloseTo(share, 1));
    // Probabilities that add up to a little less than 1 in float32.
    expect(drawnLabel([0.2, 0.5, 0.2999], 0.99999)).toBe(2);
  });
});

describe("a recipe that does not go with an earlier task", () => {
  const problemOf = async (recipe: Partial<Recipe>, changes: Partial<RunData>) => {
    const error: unknown = await runOf(recipe, changes).catch((thrown: unknown) => thrown);
    if (!(error instanceof Problem)) throw new Error(`No problem with ${JSON.stringify(recipe)}`);
    return error;
  };

  it.each([{ ewc: 1 }, { rehearsal: 0.1 }])("wants rows that are not given: %j", async (recipe) => {
    const { found, remedy } = await problemOf(recipe, { earlier: undefined });
    expect(found).toContain(Object.keys(recipe)[0]);
    expect(remedy).toContain("--earlier");
  });

  it.each([{ start: "random" as const }, { reinitializeLayers: 1 }])("starts anew: %j", async (recipe) => {
    expect((await problemOf(recipe, {})).found).toContain("anew");
  });
});
