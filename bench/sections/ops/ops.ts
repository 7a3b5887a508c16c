import { isSoftware } from "../../../src/gpu/adapter.ts";
import { workOf, type StepShape } from "./dispatch-work.ts";
import { startTimedBackend, type TimedDispatch } from "../../meters/dispatch-timer.ts";
import { number, table } from "../../runner/tables.ts";
import { miniLm, randomRows, randomWeights } from "../../inputs/model-shape.ts";
import { ourPeer } from "../../peers/ours.ts";
import { measurePeaks, type Peaks } from "./peaks.ts";
import { SST2_LENGTHS } from "../../inputs/sst2.ts";

/** All dispatches of one kind in a step. */
interface OpCost {
  kind: string;
  count: number;
  ms: number;
  flops: number;
  bytes: number;
}

/** One training step, dispatch by dispatch. */
interface OpsStep {
  name: string;
  tokens: number;
  /** Sum over all dispatches, each timed alone in its place. */
  gpuMs: number;
  dispatches: number;
  /** Dispatches of a submission on average, and the time of the longest submission. */
  perSubmission: number;
  longestSubmissionMs: number;
  ops: OpCost[];
}

interface OpsBench {
  adapter: string;
  peaks: Peaks;
  steps: OpsStep[];
}

const WARM_UP = 2;
const MEASURED = 3;

/**
 * Every dispatch of a training step of MiniLM's shape, timed by the GPU's own clock, against what the adapter reaches
 * at products in registers and at copying.
 *
 * @param log takes a line of progress
 */
export async function benchOps(log: (line: string) => void): Promise<OpsBench> {
  const { adapter, device, timer } = await startTimedBackend();
  const before = await measurePeaks(device, timer, isSoftware(device.adapterInfo));
  log(`${adapter}: ${JSON.stringify(before)}`);
  const weights = randomWeights(miniLm, 1);
  const steps: OpsStep[] = [];
  for (const [name, lengths] of [
    ["8 rows of 32 tokens", new Array<number>(8).fill(32)],
    ["16 rows with the lengths of SST-2 sentences", SST2_LENGTHS],
  ] as const) {
    const rows = randomRows(lengths, miniLm, 2);
    const tokens = lengths.reduce((sum, length) => sum + length, 0);
    const peer = await ourPeer({
      shape: miniLm,
      weights,
      rows: lengths.length,
      tokens,
      dropout: 0.1,
      plainAdam: false,
    });
    for (let i = 0; i < WARM_UP; i++) await peer.step(rows).loss();
    const measured: TimedDispatch[][] = [];
    for (let i = 0; i < MEASURED; i++) {
      timer.start();
      await peer.step(rows).loss();
      measured.push(await timer.stop());
    }
    peer.dispose();
    const shape = { lengths, tokenCapacity: Math.ceil(tokens / 64) * 64, hidden: miniLm.hidden, heads: miniLm.heads };
    steps.push({ name, tokens, ...stepOf(measured, shape) });
    log(`${name}: ${JSON.stringify(steps.at(-1))}`);
  }
  const after = await measurePeaks(device, timer, isSoftware(device.adapterInfo));
  // The better of both ends, since what else runs on the machine comes and goes.
  const peaks = { gflops: Math.max(before.gflops, after.gflops), gbytes: Math.max(before.gbytes, after.gbytes) };
  return { adapter, peaks, steps };
}

/** The least time of each dispatch over equal steps, summed by kind, the longest first. */
export function stepOf(
  measured: readonly (readonly TimedDispatch[])[],
  shape: StepShape,
): Pick<OpsStep, "gpuMs" | "dispatches" | "perSubmission" | "longestSubmissionMs" | "ops"> {
  const [first = []] = measured;
  if (measured.some(({ length }) => length !== first.length)) throw new Error("Equal steps recorded unequal work.");
  const ops = new Map<string, OpCost>();
  const submissions = new Map<number, number>();
  let gpuMs = 0;
  for (const [at, { label, sizes, submission }] of first.entries()) {
    const ms = Math.min(...measured.map((step) => step[at]?.ms ?? Infinity));
    const { kind, flops, bytes } = workOf(label, sizes, shape);
    const sum = ops.get(kind) ?? { kind, count: 0, ms: 0, flops: 0, bytes: 0 };
    ops.set(kind, {
      kind,
      count: sum.count + 1,
      ms: sum.ms + ms,
      flops: sum.flops + flops,
      bytes: sum.bytes + bytes,
    });
    submissions.set(submission, (submissions.get(submission) ?? 0) + ms);
    gpuMs += ms;
  }
  return {
    gpuMs,
    dispatches: first.length,
    perSubmission: first.length / Math.max(1, submissions.size),
    longestSubmissionMs: Math.max(0, ...submissions.values()),
    ops: [...ops.values()].sort((a, b) => b.ms - a.ms),
  };
}

/** The section's part of RESULTS.md. */
export function opsPage({ adapter, peaks, steps }: OpsBench): string {
  const percent = (part: number, whole: number) => `${number((100 * part) / whole, 1)} %`;
  const tables = steps.flatMap(({ name, tokens, gpuMs, dispatches, perSubmission, longestSubmissionMs, ops }) => [
    `### ${name}`,
    `${tokens} tokens, ${dispatches} dispatches, ${number(gpuMs)} ms of the GPU's time; submissions of ${number(perSubmission, 1)}, the longest ${number(longestSubmissionMs)} ms.`,
    table(
      ["dispatches", "count", "ms", "of the step", "GFLOP/s", "of the peak", "GB/s", "of the peak"],
      ops.map(({ kind, count, ms, flops, bytes }) => {
        const [gflops, gbytes] = [flops / ms / 1e6, bytes / ms / 1e6];
        const products = flops > 0 ? [number(gflops, 1), percent(gflops, peaks.gflops)] : ["–", "–"];
        const memory = [number(gbytes, 2), percent(gbytes, peaks.gbytes)];
        return [kind, number(count), number(ms, 1), percent(ms, gpuMs), ...products, ...memory];
      }),
    ),
  ]);
  return [
    "## A step, dispatch by dispatch",
    `MiniLM's shape with dropout and clipping; the least time of each dispatch in ${MEASURED} steps, by the GPU's own clock, each in a pass of its own. Adapter: ${adapter}. Its peaks: ${number(peaks.gflops, 1)} GFLOP/s of products in registers, ${number(peaks.gbytes, 2)} GB/s of a plain copy, read and written; small tensors that lie in a cache go beyond it.`,
    ...tables,
  ].join("\n\n");
}
