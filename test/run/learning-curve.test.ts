import { beforeAll, describe, expect, it } from "vitest";
import { createRandom } from "../../src/data/random.ts";
import { labelled, textCount } from "../../src/data/windows.ts";
import { Problem } from "../../src/problem/problem.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { checkCurve, curvePoint, learningCurve, type CurveEvent } from "../../src/run/learning-curve.ts";
import { openModel, type OpenedModel } from "../../src/run/open-model.ts";
import { Run, type RunInput } from "../../src/run/run.ts";
import { trainedTaskNamed } from "../../src/tasks/trained-tasks.ts";
import { encodeRows } from "../../src/tokenize/encode-rows.ts";
import { createTokenizer } from "../../src/tokenize/tokenizer.ts";
import { RunControl } from "../../src/train/control.ts";
import { checkpointFiles, tinyTensors } from "../model/tiny-checkpoint.ts";
import { useNodeBackend } from "../node-backend.ts";
import { smallTokenizer } from "../tokenize/starter-tokenizer.ts";
import { tinyRecipe } from "../train/tiny-run.ts";

let opened: OpenedModel;

beforeAll(async () => {
  await useNodeBackend("wasm");
  const words = Array.from({ length: 990 }, (_, i) => `w${i}`);
  opened = await openModel(
    await checkpointFiles(await tinyTensors(), { tokenizer: smallTokenizer(words).tokenizerJson }),
  );
});

const CLASSES = 3;

/** Rows of three classes, each with a word of its own; copies of the first ones come last. */
function inputOf(task: string, rows = 100, changes: Partial<Recipe> = {}, copies = 0): RunInput {
  const recipe: Recipe = { ...tinyRecipe, batchSize: 8, epochs: 1, baseline: false, ...changes };
  const tokenizer = createTokenizer(opened.tokenizer);
  const part = (count: number, seed: number, again = 0) => {
    const random = createRandom(seed);
    const classes = Array.from({ length: count }, (_, row) => row % CLASSES);
    const texts = classes.map((label) => `w${900 + label} w${Math.floor(60 * random())} w${Math.floor(60 * random())}`);
    const all = [...classes, ...classes.slice(0, again)];
    const labels =
      task === "multi-label"
        ? { labels: Float32Array.from(all.flatMap((one) => [0, 1, 2].map((k) => Number(k === one)))), labelWidth: 3 }
        : { labels: task === "regression" ? Float32Array.from(all) : Int32Array.from(all) };
    return labelled(encodeRows([...texts, ...texts.slice(0, again)], null, recipe, tokenizer), labels);
  };
  return {
    task: trainedTaskNamed(task),
    opened,
    recipe,
    labelNames: task === "regression" ? [] : ["a", "b", "c"],
    train: part(rows, 1, copies),
    validation: part(30, 2),
    copies,
    copyOf: Int32Array.from({ length: copies }, (_, copy) => copy),
  };
}

async function curveOf(input: RunInput, watch: (notice: CurveEvent, control: RunControl) => void = () => undefined) {
  const control = new RunControl();
  const notices: CurveEvent[] = [];
  for await (const notice of learningCurve(input, control)) {
    notices.push(notice);
    watch(notice, control);
  }
  const plans = notices.flatMap((notice) =>
    notice.type === "event" && notice.event.type === "plan" ? [notice.event] : [],
  );
  return { plans, points: notices.flatMap((notice) => (notice.type === "point" ? [notice.point] : [])) };
}

describe("a learning curve by fine-tuning", () => {
  it.each(["single-label", "multi-label", "regression"])("has a run for each share of the rows: %s", async (task) => {
    const { plans, points } = await curveOf(inputOf(task));
    expect(points.map(({ rows }) => rows)).toEqual([25, 50, 75]);
    expect(plans.map(({ trainRows, validationRows }) => [trainRows, validationRows])).toEqual([
      [25, 30],
      [50, 30],
      [75, 30],
    ]);
    const { metrics } = trainedTaskNamed(task);
    for (const { values } of points) expect(Object.keys(values)).toEqual(metrics.map(({ key }) => key));
  });

  it("gives the scores of a run on these rows alone, the same each time", async () => {
    const input = inputOf("single-label");
    const [first, again] = [await curveOf(input), await curveOf(input)];
    expect(again.points).toEqual(first.points);
    // The run of all rows is the last point, and is the same beside a curve.
    const run = await Run.load(input, new RunControl());
    for await (const event of run.events()) expect(event).toBeDefined();
    const before = await run.results("best");
    await curveOf(input);
    expect(await run.results("best")).toEqual(before);
    const last = curvePoint(run.task, 100, before.report);
    expect([last.rows, Object.keys(last.values)]).toEqual([100, Object.keys(first.points[0]?.values ?? {})]);
    run.dispose();
  });

  it("takes changed copies with their rows alone", async () => {
    const input = inputOf("single-label", 100, {}, 100);
    expect(textCount(input.train)).toBe(200);
    const { plans } = await curveOf(input);
    expect(plans.map(({ trainRows }) => trainRows)).toEqual([50, 100, 150]);
  });

  it("keeps the points that are complete where it is stopped", async () => {
    const { points } = await curveOf(inputOf("single-label"), (notice, control) => {
      if (notice.type === "event" && notice.share === 0.5 && notice.event.type === "step") control.stop();
    });
    expect(points.map(({ rows }) => rows)).toEqual([25]);
  });

  it("is refused of few rows, and where nothing is fine-tuned", () => {
    expect(() => checkCurve(inputOf("single-label", 79))).toThrow(Problem);
    expect(() => checkCurve(inputOf("single-label", 80))).not.toThrow();
    expect(() => checkCurve(inputOf("single-label", 80, { effort: "quick" }))).toThrow(/quick/);
  });
});
