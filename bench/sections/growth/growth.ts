import { startNodeBackend } from "../../../src/cli/node-backend.ts";
import { openCountedDevice } from "../../meters/counted-device.ts";
import { timeToFirstStep, type FirstStep } from "./first-step.ts";
import { number, table } from "../../runner/tables.ts";
import { miniLm, randomRows, randomWeights, type ModelShape } from "../../inputs/model-shape.ts";
import { ourPeer } from "../../peers/ours.ts";

const BACKENDS = ["webgpu", "wasm"] as const;

/** One training step of one size. */
interface SizedStep {
  size: number;
  ms: number;
  /** The part of it until JavaScript is free again; on wasm all of it. */
  jsMs: number;
  /** Most bytes that a GPU's buffers held, weights and pools included; null on wasm, whose memory all sizes share. */
  peakBytes: number | null;
}

interface Growth {
  backend: (typeof BACKENDS)[number];
  adapter: string;
  /** By what grows. */
  steps: Record<string, SizedStep[]>;
  files: FirstStep[];
}

/** Small enough that all sizes on both backends take minutes on a software adapter. */
const BASE = { layers: 2, hidden: 128, rows: 8, length: 32 };
const AXES: { name: string; key: keyof typeof BASE; sizes: number[] }[] = [
  { name: "rows of 32 tokens", key: "rows", sizes: [4, 8, 16, 32] },
  { name: "tokens of each of 8 rows", key: "length", sizes: [16, 32, 64, 128] },
  { name: "layers", key: "layers", sizes: [1, 2, 4, 8] },
  { name: "hidden size", key: "hidden", sizes: [64, 128, 256, 512] },
];
const VOCABULARY = 2000;
const FILE_ROWS = [1_000, 10_000, 100_000];
const MEASURED_STEPS = 3;

/**
 * How the time of a training step grows with rows, their length, layers and hidden size, and how the time from a file
 * to the first step grows with the rows in the file.
 *
 * @param log takes a line of progress
 */
export async function benchGrowth(log: (line: string) => void): Promise<Growth[]> {
  const all: Growth[] = [];
  for (const backend of BACKENDS) {
    const { adapter } = await startNodeBackend(backend);
    const steps: Growth["steps"] = {};
    for (const { name, key, sizes } of AXES) {
      const sized: SizedStep[] = [];
      for (const size of sizes) sized.push({ size, ...(await stepOf(backend, { ...BASE, [key]: size })) });
      steps[name] = sized;
      log(`${backend}, ${name}: ${JSON.stringify(sized)}`);
    }
    const files: FirstStep[] = [];
    for (const rows of FILE_ROWS) {
      files.push(await timeToFirstStep(rows));
      log(`${backend}: ${JSON.stringify(files.at(-1))}`);
    }
    all.push({ backend, adapter, steps, files });
  }
  return all;
}

/** The least of a few steps after a first one, which compiles; on webgpu on a device of its own. */
async function stepOf(
  backend: Growth["backend"],
  { layers, hidden, rows, length }: typeof BASE,
): Promise<Omit<SizedStep, "size">> {
  const device = backend === "webgpu" ? await openCountedDevice() : null;
  const heads = hidden / 32;
  const shape: ModelShape = { ...miniLm, layers, hidden, heads, intermediate: 4 * hidden, vocabulary: VOCABULARY };
  const batch = randomRows(new Array<number>(rows).fill(length), shape, 2);
  const room = { rows, tokens: rows * length };
  const peer = await ourPeer({ shape, weights: randomWeights(shape, 1), ...room, dropout: 0.1, plainAdam: false });
  await peer.step(batch).loss();
  const least = { ms: Infinity, jsMs: Infinity };
  for (let i = 0; i < MEASURED_STEPS; i++) {
    const start = performance.now();
    const pending = peer.step(batch);
    least.jsMs = Math.min(least.jsMs, performance.now() - start);
    await pending.loss();
    least.ms = Math.min(least.ms, performance.now() - start);
  }
  const peakBytes = device?.counter.snapshot().peakBytes ?? null;
  peer.dispose();
  return { ...least, peakBytes };
}

/** The cost of each size relative to the one before, e.g. ×1.9 where 8 rows take 1.9 times as long as 4. */
export function factors(costs: readonly number[]): string[] {
  return costs.map((cost, i) => {
    const before = costs[i - 1];
    return before === undefined ? "" : `×${number(cost / before, 1)}`;
  });
}

/** The section's part of RESULTS.md. */
export function growthPage(all: Growth[]): string {
  const { layers, hidden, rows, length } = BASE;
  return [
    "## How time grows",
    `A training step of ${layers} layers of ${hidden}, ${rows} rows of ${length} tokens, ${number(VOCABULARY)} entries of vocabulary, and one of these changed; the least of ${MEASURED_STEPS} steps after a first one, and how many times the one before. From a file to the first step: CSV of text messages, the starter model's tokenizer, a model of one small layer, ${"`fit`"}'s own pipeline up to the first loss that is told, the evaluation of 64 rows before it included, the start of the backend not.`,
    ...all.flatMap(({ backend, adapter, steps, files }) => [
      `### ${backend} (${adapter})`,
      table(
        ["", "size", "ms per step", "", "ms of JavaScript", "", ...(backend === "webgpu" ? ["peak MB", ""] : [])],
        Object.entries(steps).flatMap(([name, sized]) => {
          const times = factors(sized.map(({ ms }) => ms));
          const own = factors(sized.map(({ jsMs }) => jsMs));
          const bytes = factors(sized.map(({ peakBytes }) => peakBytes ?? NaN));
          return sized.map(({ size, ms, jsMs, peakBytes }, i) => [
            i === 0 ? name : "",
            ...[number(size), number(ms, 1), times[i] ?? "", number(jsMs, 1), own[i] ?? ""],
            ...(peakBytes === null ? [] : [number(peakBytes / 1e6, 1), bytes[i] ?? ""]),
          ]);
        }),
      ),
      table(
        ["rows in the file", "ms to read", "to split", "to tokenize", "to the first step", "together", ""],
        files.map((file, i) => [
          number(file.rows),
          ...[file.readMs, file.splitMs, file.tokenizeMs, file.firstStepMs, totalOf(file)].map((ms) => number(ms)),
          factors(files.map(totalOf))[i] ?? "",
        ]),
      ),
    ]),
  ].join("\n\n");
}

function totalOf({ readMs, splitMs, tokenizeMs, firstStepMs }: FirstStep): number {
  return readMs + splitMs + tokenizeMs + firstStepMs;
}
