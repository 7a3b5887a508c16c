import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { MantineProvider } from "@mantine/core";
import { renderToString } from "react-dom/server";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { eventsCsv } from "../../src/app/run/events-file.ts";
import type { ResultsTab } from "../../src/app/run/ResultsTab.tsx";
import type { prepareData } from "../../src/data/dataset.ts";
import type { openTable } from "../../src/data/table.ts";
import type { EncodedDataset } from "../../src/data/rows.ts";
import type { progressLine } from "../../src/cli/progress.ts";
import type { exportEntries } from "../../src/export/entries.ts";
import type { openModel } from "../../src/run/open-model.ts";
import type { Run, RunInput } from "../../src/run/run.ts";
import type { taskNamed } from "../../src/tasks/registry.ts";
import type { targetsOf } from "../../src/tasks/targets.ts";
import type { trainedTasks } from "../../src/tasks/trained-tasks.ts";
import type { RunControl } from "../../src/train/control.ts";
import type { EvaluationEvent, StepEvent, TrainEvent } from "../../src/train/events.ts";
import type { textSource } from "../io/model-folder.ts";
import type { checkpointFiles, tinyTensors } from "../model/tiny-checkpoint.ts";
import type { useNodeBackend } from "../node-backend.ts";
import type { learnableRows } from "../train/learnable-rows.ts";
import type { tinyRecipe } from "../train/tiny-run.ts";

/** A task whose labels are numbers: its target is the number, its head one output, its loss the squared error. */
const planted: Record<string, string> = {
  "src/tasks/number/metrics.ts": `import type { AnyReport, Metric, Task } from "../task.ts";

export interface NumberReport extends AnyReport {
  squaredError: number;
  absoluteError: number;
}

const loss: Metric<NumberReport> = {
  key: "squaredError",
  label: "Mean squared error",
  name: "mean squared error",
  better: "lower",
  kind: "loss",
  hubName: "mse",
  of: (report) => report.squaredError,
};

export const number: Task<NumberReport> = {
  name: "number",
  targets: "each label is a number",
  rows: "rows",
  head: "regressor",
  scoredBy: "none",
  metrics: [
    {
      key: "absoluteError",
      label: "Mean absolute error",
      name: "mean absolute error",
      better: "lower",
      kind: "loss",
      leads: true,
      hubName: "mae",
      of: (report) => report.absoluteError,
    },
    loss,
  ],
  loss,
};
`,
  "src/ops/squared-error/squared-error.ts": `import type { Tensor } from "@tensorflow/tfjs-core";
import { f32, u32 } from "../../gpu/program.ts";
import { computeOnHost } from "../host.ts";
import { defineKernel } from "../kernel.ts";

const wgsl = \`
struct Sizes { rows: u32, denominator: f32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> outputs: array<f32>;
@group(0) @binding(2) var<storage, read> numbers: array<f32>;
@group(0) @binding(3) var<storage, read_write> loss: array<f32>;
@group(0) @binding(4) var<storage, read_write> doutputs: array<f32>;

@compute @workgroup_size(1)
fn main() {
  var sum = 0.0;
  for (var row = 0u; row < sizes.rows; row++) {
    let d = outputs[row] - numbers[row];
    sum += d * d;
    doutputs[row] = 2.0 * d / sizes.denominator;
  }
  loss[0] = sum / sizes.denominator;
}\`;

const kernel = defineKernel("TabtuneSquaredError", {
  portable: (
    { outputs, numbers }: { outputs: Tensor; numbers: Tensor },
    { rows, denominator }: { rows: number; denominator: number },
  ) => ({
    loss: computeOnHost([outputs, numbers], [1], (out, y, t) => {
      for (let row = 0; row < rows; row++) out[0] = (out[0] ?? 0) + ((y[row] ?? 0) - (t[row] ?? 0)) ** 2 / denominator;
    }),
    dOutputs: computeOnHost([outputs, numbers], outputs.shape, (out, y, t) => {
      for (let row = 0; row < rows; row++) out[row] = (2 * ((y[row] ?? 0) - (t[row] ?? 0))) / denominator;
    }),
  }),
  webgpu: ({ outputs, numbers }, { rows, denominator }, gpu) => {
    const [loss, dOutputs] = [gpu.output([1]), gpu.output(outputs.shape)];
    const sizes = [u32(rows), f32(denominator)];
    gpu.dispatch({ name: "squared-error", wgsl }, [outputs, numbers, loss, dOutputs], sizes, [1]);
    return { loss, dOutputs };
  },
});

/** Sum of squared differences of outputs[B, 1] and numbers[B] over the denominator, and its gradient. */
export function squaredError(outputs: Tensor, numbers: Tensor, rows: number, denominator: number) {
  return kernel({ outputs, numbers }, { rows, denominator });
}
`,
  "src/tasks/number/number.ts": `import { gatherBatch } from "../../data/batches.ts";
import type { LabelValues } from "../../data/row-labels.ts";
import { squaredError } from "../../ops/squared-error/squared-error.ts";
import type { Loss, Scorer, TrainedTask } from "../task.ts";
import { number, type NumberReport } from "./metrics.ts";

/** The squared error of one output a row against its number. */
const lossOf = (): Loss => ({
  weightOf: (labels) => labels.length,
  of(logits, { labels, onDevice }, denominator) {
    const { loss, dOutputs: dLogits } = squaredError(logits, onDevice, labels.length, denominator);
    return { loss, dLogits };
  },
  apart() {
    throw new Error("R-Drop compares classes.");
  },
  dispose: () => undefined,
});

/** The numbers that were predicted. */
interface NumberScores {
  outputs: Float32Array;
}

class NumberScorer implements Scorer<NumberReport, NumberScores> {
  private readonly outputs: number[] = [];
  constructor(private readonly numbers: LabelValues) {}

  add(outputs: Float32Array): void {
    this.outputs.push(...outputs);
  }

  report(): NumberReport {
    const errors = this.outputs.map((output, row) => output - (this.numbers[row] ?? NaN));
    const mean = (of: (error: number) => number) => errors.reduce((sum, error) => sum + of(error), 0) / errors.length;
    return { rows: errors.length, squaredError: mean((e) => e * e), absoluteError: mean(Math.abs) };
  }

  scores(): NumberScores {
    return { outputs: Float32Array.from(this.outputs) };
  }
}

export const trainedNumber: TrainedTask<NumberReport, NumberScores> = {
  ...number,
  outputs: () => 1,
  lossOf,
  plainLoss: lossOf,
  drawnLabels: (outputs) => new Int32Array(outputs.length),
  batchOf: gatherBatch,
  scoring: { reads: "outputs", scorer: ({ labels }) => new NumberScorer(labels) },
  predictionsOf: (outputs) => Array.from(outputs, (value) => ({ value })),
  printed: {
    line: (prediction) => ({ ...prediction }),
    json: (prediction) => ({ ...prediction }),
    header: () => ["number"],
    cells: () => [],
  },
  predictionColumns: ({ labels }, { outputs }) => ({
    header: ["number", "predicted_number"],
    cellsOf: (row) => [labels[row] ?? NaN, outputs[row] ?? NaN],
  }),
  filed: (report) => report,
  adapterType: "SEQ_CLS",
  config: () => ({ problem_type: "regression", num_labels: 1 }),
  card: {
    metrics: ["mae"],
    noun: "text regressor",
    outputs: () => "It gives each text a number.",
    results: (report) => "Mean absolute error " + report.absoluteError.toFixed(4),
  },
};
`,
  "src/tasks/number/targets.ts": `import type { TargetReader } from "../../data/targets.ts";

/** Cells that are numbers; rows with another label are left out, and held out whatever their number is. */
export const numberTargets: TargetReader = {
  read: () => ({
    labelNames: [],
    numbers: "floats",
    of: ([cell]) => (Number.isFinite(Number(cell)) ? Number(cell) : undefined),
    findings: () => [],
  }),
  inspect: () => [],
  strata: ({ labels }) => new Int32Array(labels.length),
  lacks: () => null,
  holdMore: "Add rows.",
  summarize: (train, validation) => ({ numbers: train.labels.length + validation.labels.length }),
  describe: () => ({ what: "numbers", text: "any" }),
  counts: () => [],
};
`,
  "src/app/tasks/number/panels.tsx": `import type { NumberReport } from "../../../tasks/number/metrics.ts";
import type { ChartPanels, RunPanels, SetupPanels } from "../panels.ts";

export const numberSetup: SetupPanels = { Rows: () => null, rowsText: () => "numbers", heldOf: "all", supports: () => [] };
export const numberChart: ChartPanels = { Chart: () => null };
export const numberRun: RunPanels = {
  Mistakes: () => null,
  Scores: ({ report }) => <p>Errors of {(report as NumberReport).rows} numbers</p>,
  scoreLines: { header: ["figure", "value", "rows"], of: () => [] },
  Errors: () => null,
  Prediction: () => null,
  columns: () => ({ header: [], cellsOf: () => [] }),
  files: [],
};
`,
};

/** The lines that list it: what they stand before, and what they are. */
const listed: Record<string, [before: string, line: string][]> = {
  "src/tasks/registry.ts": [
    ["import ", `import { number } from "./number/metrics.ts";\n`],
    ["];", ", number"],
  ],
  "src/tasks/trained-tasks.ts": [
    ["import ", `import { trainedNumber } from "./number/number.ts";\n`],
    ["];", "  trainedNumber,\n"],
  ],
  "src/tasks/targets.ts": [
    ["import ", `import { numberTargets } from "./number/targets.ts";\n`],
    ["};", "  number: numberTargets,\n"],
  ],
  "src/app/tasks/setup-panels.ts": [
    ["import ", `import { numberSetup } from "./number/panels.tsx";\n`],
    ["};", "  number: numberSetup,\n"],
  ],
  "src/app/tasks/run-panels.ts": [
    ["import ", `import { numberRun } from "./number/panels.tsx";\n`],
    ["};", "  number: numberRun,\n"],
  ],
  "src/app/tasks/chart-panels.ts": [
    ["import ", `import { numberChart } from "./number/panels.tsx";\n`],
    ["\n};", "\n  number: numberChart,"],
  ],
};

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const copied = ["src", "test", "tsconfig.json"];
let copy = "";

/** A module of the copy, which has the type of its original. */
const load = async <Module,>(path: string) => (await import(/* @vite-ignore */ join(copy, path))) as Module;

const labelNames: string[] = [];
/** The number of each class that learnable rows have. */
const numbers = [1, 2, 5];
let run: Run;
const events: TrainEvent[] = [];

beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), "tabtune-task-"));
  for (const path of copied) cpSync(join(root, path), join(copy, path), { recursive: true });
  for (const path of ["node_modules", "public"]) symlinkSync(join(root, path), join(copy, path));
  for (const [path, text] of Object.entries(planted)) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    writeFileSync(join(copy, path), text);
  }
  for (const [path, lines] of Object.entries(listed)) {
    let text = readFileSync(join(copy, path), "utf8");
    for (const [before, line] of lines) {
      expect(text, `${path}: ${before}`).toContain(before);
      text = text.replace(before, line + before);
    }
    writeFileSync(join(copy, path), text);
  }
  run = await trainedRun();
}, 120_000);

afterAll(() => {
  run.dispose();
  rmSync(copy, { recursive: true, force: true });
});

/** Trains the tiny checkpoint for the planted task. */
async function trainedRun(): Promise<Run> {
  const { useNodeBackend: start } = await load<{ useNodeBackend: typeof useNodeBackend }>("test/node-backend.ts");
  await start("wasm");
  const { openModel: open } = await load<{ openModel: typeof openModel }>("src/run/open-model.ts");
  const tiny = await load<{ checkpointFiles: typeof checkpointFiles; tinyTensors: typeof tinyTensors }>(
    "test/model/tiny-checkpoint.ts",
  );
  const { trainedTasks: tasks } = await load<{ trainedTasks: typeof trainedTasks }>("src/tasks/trained-tasks.ts");
  const { learnableRows: rows } = await load<{ learnableRows: typeof learnableRows }>("test/train/learnable-rows.ts");
  const { tinyRecipe: recipe } = await load<{ tinyRecipe: typeof tinyRecipe }>("test/train/tiny-run.ts");
  const { Run: Runs } = await load<{ Run: typeof Run }>("src/run/run.ts");
  const { RunControl: Control } = await load<{ RunControl: typeof RunControl }>("src/train/control.ts");
  const task = tasks.find(({ name }) => name === "number");
  if (!task) throw new Error("The task is not listed.");
  const opened = await open(await tiny.checkpointFiles(await tiny.tinyTensors()));
  const input: RunInput = {
    task,
    opened,
    recipe,
    labelNames,
    train: numbered(rows(40, 1)),
    validation: numbered(rows(12, 2)),
  };
  const made = await Runs.load(input, new Control());
  for await (const event of made.events()) events.push(event);
  return made;
}

/** The rows with numbers for classes. */
function numbered(rows: EncodedDataset): EncodedDataset {
  return { ...rows, labels: Float32Array.from(rows.labels, (label) => numbers[label] ?? NaN) };
}

const of = <K extends TrainEvent["type"]>(type: K) =>
  events.filter((event): event is TrainEvent & { type: K } => event.type === type);

describe("a planted task", () => {
  it("touches its two folders, the op of its loss, and the lists of tasks", () => {
    const filesOf = (base: string) =>
      ["src", "test"].flatMap((path) =>
        readdirSync(join(base, path), { recursive: true, withFileTypes: true })
          .filter((file) => file.isFile())
          .map((file) => join(file.parentPath, file.name).slice(base.length + 1)),
      );
    const before = new Set(filesOf(root));
    expect(before.size).toBeGreaterThan(500);
    const touched = filesOf(copy).filter(
      (path) => !before.has(path) || !readFileSync(join(root, path)).equals(readFileSync(join(copy, path))),
    );
    console.log(`A task touches ${touched.length} files: ${touched.sort().join(", ")}`);
    expect(touched.sort()).toEqual([...Object.keys(planted), ...Object.keys(listed)].sort());
  });

  it("has the types of a task", () => {
    const { extends: base, ...config } = {
      extends: "./tsconfig.json",
      include: [],
      files: [...Object.keys(planted), ...Object.keys(listed), "src/assembly.d.ts"],
    };
    writeFileSync(join(copy, "tsconfig.check.json"), JSON.stringify({ extends: base, ...config }));
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const { status, stdout } = spawnSync(process.execPath, [tsc, "--noEmit", "-p", join(copy, "tsconfig.check.json")], {
      encoding: "utf8",
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  }, 120_000);

  it("reads its own targets of a label column, and holds rows out by its own strata", async () => {
    const { prepareData: prepare } = await load<{ prepareData: typeof prepareData }>("src/data/dataset.ts");
    const { openTable: open } = await load<{ openTable: typeof openTable }>("src/data/table.ts");
    const { targetsOf: readerOf } = await load<{ targetsOf: typeof targetsOf }>("src/tasks/targets.ts");
    const { textSource: source } = await load<{ textSource: typeof textSource }>("test/io/model-folder.ts");
    const lines = ["a,10", "b,9.50", "c,many", "d,9.5", "e,10", "f,2"];
    const table = await open(source("numbers.csv", ["text,label", ...lines, ""].join("\n")));
    const split = { readerOf: () => readerOf({ name: "number" }), share: 0.4, seed: 1, validationTable: null };
    const { train, validation, summary } = prepare(table, { text: 0, pair: null, label: 1 }, split);
    expect(summary).toMatchObject({ targets: { numbers: 5 }, droppedRows: 1, trainRows: 3, validationRows: 2 });
    const read = [train, validation].flatMap(({ texts, labels }) =>
      Array.from(labels, (label, row) => `${texts.at(row)} ${label}`),
    );
    expect(read.sort()).toEqual(["a 10", "b 9.5", "d 9.5", "e 10", "f 2"]);
  });

  it("trains a head of its own width by its own loss, and is judged by its own metric", () => {
    expect(of("plan")[0]?.task).toBe("number");
    const losses = of("step").map(({ loss }) => loss);
    expect(losses).toHaveLength(10);
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) / 2);
    const [best] = of("best");
    const scored = of("evaluation").find(({ scope, step }) => scope === "full" && step === best?.step);
    expect(best).toMatchObject({
      metric: "absoluteError",
      value: (scored?.report as { absoluteError?: number }).absoluteError,
    });
  });

  it("reports what its outputs are, row by row", async () => {
    const { report, truth, scores, task } = await run.results("best");
    expect(task).toBe("number");
    const errors = Array.from(
      (scores as { outputs: Float32Array }).outputs,
      (output, row) => output - (truth.labels[row] ?? NaN),
    );
    expect(errors).toHaveLength(12);
    const mean = errors.reduce((sum, error) => sum + Math.abs(error), 0) / errors.length;
    expect((report as unknown as { absoluteError: number }).absoluteError).toBeCloseTo(mean, 5);
  });

  it("is in the progress lines of the command line", async () => {
    const { progressLine: lines } = await load<{ progressLine: typeof progressLine }>("src/cli/progress.ts");
    const printed = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const show = lines();
    for (const event of events) show(event);
    const text = printed.mock.calls.map(([line]) => String(line)).join("\n");
    printed.mockRestore();
    expect(text).toMatch(/full evaluation at step 5: mean absolute error \d\.\d{4} {2}loss \d+\.\d{4} {2}\(12 rows\)/);
  });

  it("is in what the page shows and saves of a run", async () => {
    const { ResultsTab: Tab } = await load<{ ResultsTab: typeof ResultsTab }>("src/app/run/ResultsTab.tsx");
    const results = await run.results("best");
    const html = renderToString(
      <MantineProvider>
        <Tab results={results} earlier={null} />
      </MantineProvider>,
    ).replaceAll("<!-- -->", "");
    expect(html).toContain("Mean absolute error");
    expect(html).toContain("Errors of 12 numbers");
    const { eventsCsv: csv } = await load<{ eventsCsv: typeof eventsCsv }>("src/app/run/events-file.ts");
    const { taskNamed: named } = await load<{ taskNamed: typeof taskNamed }>("src/tasks/registry.ts");
    const steps: StepEvent[] = of("step");
    const evaluations: EvaluationEvent[] = of("evaluation");
    expect(csv(steps, evaluations, labelNames, [], named("number"))).toContain("tokens,mean absolute error");
  });

  it("is in the exported folder", async () => {
    const { exportEntries: entries } = await load<{ exportEntries: typeof exportEntries }>("src/export/entries.ts");
    const rows = Array.from({ length: 12 }, (_, row) => ({ line: row + 2, text: `text ${row}`, pair: null }));
    const files = new Map<string, string>();
    const decoder = new TextDecoder();
    for await (const { name, input } of entries(await run.exportContents("best", "float32", rows, "rows.csv"))) {
      if (name === "model.safetensors") continue;
      if (typeof input === "string") files.set(name, input);
      else if (input instanceof Uint8Array) files.set(name, decoder.decode(input));
      else {
        let text = "";
        for await (const part of input) text += decoder.decode(part);
        files.set(name, text);
      }
    }
    expect(JSON.parse(files.get("config.json") ?? "")).toMatchObject({ problem_type: "regression", num_labels: 1 });
    expect(files.get("README.md")).toContain("text regressor");
    expect(files.get("README.md")).toContain("- type: mae");
    expect(files.get("predictions.csv")?.split("\r\n")[0]).toBe("line,text,number,predicted_number");
  });
});
