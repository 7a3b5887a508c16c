import { bytesSource } from "../../src/io/byte-source.ts";
import { readConfig } from "../../src/families/registry.ts";
import { parameterLayout } from "../../src/model/layout.ts";
import { fitToMemory, type CapacityNeeded } from "../../src/plan/fit-to-memory.ts";
import { predictMemory, type PlannedRun } from "../../src/plan/predict-memory.ts";
import { defaultRecipe, type Recipe } from "../../src/recipe/recipe.ts";
import { loadModels } from "../../src/run/models.ts";
import { defaultTrainedTask } from "../../src/tasks/trained-tasks.ts";
import { median } from "../../src/metrics/spread.ts";
import { goalsTable, most, number, table } from "../runner/tables.ts";

/** Milliseconds of one kind of planning. */
interface PlanningTime {
  what: string;
  /** In a process that has planned nothing yet. */
  firstMs: number;
  /** The median of further turns. */
  ms: number;
}

const TURNS = 7;
/** BERT-base's sizes. */
const config = readConfig({
  model_type: "bert",
  vocab_size: 30522,
  hidden_size: 768,
  num_hidden_layers: 12,
  num_attention_heads: 12,
  intermediate_size: 3072,
  max_position_embeddings: 512,
});
const labelNames = ["a", "b"];
const room: CapacityNeeded = {
  training: { tokens: 16384, rows: 128, places: 0, microBatches: 1 },
  pretraining: null,
  earlier: null,
  keepsFeatures: true,
  longest: 130,
};

/** How long the memory of a run of BERT-base takes to plan, whose step has 16,384 tokens: nothing else is looked at. */
export async function benchPlanning(log: (line: string) => void): Promise<PlanningTime[]> {
  const kinds: [string, () => Promise<unknown>][] = [
    ["one prediction", () => predictMemory(runWith({}), room, false)],
    ["search for micro-batches below 2.7 GB", () => fitToMemory(runWith({ memoryLimit: 2.7 }), room)],
    ["nothing fits below 2 GB, with what would", () => fitToMemory(runWith({ memoryLimit: 2 }), room)],
    [
      "the search on wasm, with its heap",
      () => fitToMemory({ ...runWith({ memoryLimit: 2.7 }), device: "wasm" }, room),
    ],
  ];
  const times: PlanningTime[] = [];
  for (const [what, plan] of kinds) {
    const turns: number[] = [];
    for (let turn = 0; turn < TURNS; turn++) {
      const start = performance.now();
      await plan();
      turns.push(performance.now() - start);
    }
    const [firstMs = NaN, ...others] = turns;
    times.push({ what, firstMs, ms: median(others) });
    log(JSON.stringify(times.at(-1)));
  }
  return times;
}

function runWith(changes: Partial<Recipe>): PlannedRun {
  const source = bytesSource("model.safetensors", new Uint8Array(0));
  const entries = parameterLayout(config, 2, "pooler").flatMap(({ parts, partShape: shape }) =>
    parts.map((name) => [name, { source, dtype: "F32", shape, start: 0, end: 0 }] as const),
  );
  const opened = {
    config,
    files: { weights: { metadata: new Map<string, string>(), tensors: new Map(entries) } },
    summary: {
      name: "BERT-base",
      labelNames: null,
      head: { kind: "none" as const, classes: null, obstacle: null },
    },
  };
  return {
    device: "webgpu",
    task: defaultTrainedTask,
    models: (recipe) => loadModels({ opened, recipe, labelNames }),
    recipe: { ...defaultRecipe, ...changes },
    labelNames,
  };
}

/** The section's part of RESULTS.md. */
export function planningPage(times: PlanningTime[]): string {
  return [
    "## How long planning the memory takes",
    "BERT-base (12 layers of 768, 30,522 words), steps of 16,384 tokens in 128 rows; the run's code on the outline backend. The first turn of a process compiles its JavaScript.",
    table(
      ["what", "first ms", "then ms"],
      times.map(({ what, firstMs, ms }) => [what, number(firstMs, 0), number(ms, 0)]),
    ),
    goalsTable([most("ms of a search, the longest", 1000, Math.max(...times.map(({ ms }) => ms)))]),
  ].join("\n\n");
}
