import { readTensors } from "../../gpu/read-back.ts";
import { spreadOf } from "../../metrics/spread.ts";
import type { Budget, Clock } from "./budget.ts";
import { expectedMs, type Machine } from "./machine.ts";
import { flopsOf, rowsOf, SENTENCE_LENGTHS, StepRunner, type MeasuredStep } from "./measured-steps.ts";

/** The steps that machines are compared by. */
const STEPS: Record<string, MeasuredStep> = {
  "six layers of 384, 8 rows of 32": { model: "small", lengths: rowsOf(8, 32) },
  "six layers of 384, 16 sentences": { model: "small", lengths: SENTENCE_LENGTHS },
  "twelve layers of 768, 16 rows of 128": { model: "base", lengths: rowsOf(16, 128) },
};
const [SHORT_STEP = ""] = Object.keys(STEPS);
const REPEATS = 10;
const TINY: MeasuredStep = { model: "tiny", lengths: rowsOf(8, 32) };
const COMPARED_STEPS = 3;
const SAME_REPEATS = 20;
/** Rows of 512 tokens in one step, fewer where it would take too long. */
const LONG_ROWS = [16, 8, 4, 2, 1];
const LONG_LENGTH = 512;

/** Runs work on wasm beside the GPU; it gets a description of the processor's backend. */
export type OnProcessor = <Result>(work: (processor: string) => Promise<Result>) => Promise<Result>;

/** Whole training steps: milliseconds by the clock and of JavaScript, dispatches, submissions and the longest of them. */
export async function measureSteps(machine: Machine, budget: Budget, names = Object.keys(STEPS)): Promise<unknown> {
  const times: Record<string, unknown> = {};
  for (const name of names) {
    const step = STEPS[name];
    if (step) times[name] = await measureStep(machine, budget, step);
  }
  return times;
}

/** The first of these steps alone. */
export function measureShortStep(machine: Machine, budget: Budget): Promise<unknown> {
  return measureSteps(machine, budget, [SHORT_STEP]);
}

async function measureStep(machine: Machine, budget: Budget, step: MeasuredStep): Promise<unknown> {
  const { gpu, device } = machine;
  const ms = expectedMs(machine, flopsOf(step));
  if (!budget.fits(2 * ms)) return { notMeasured: budget.reason, expectedMs: Math.round(ms) };
  const runner = await StepRunner.load(step);
  const submissions = watchSubmissions(device, budget.clock);
  try {
    const start = budget.clock();
    await runner.step().loss();
    const firstMs = budget.clock() - start;
    const before = gpu.dispatched;
    submissions.reset();
    const turns = await budget.repeat(REPEATS, () => timedStep(runner, budget.clock));
    if (turns.length === 0) return { firstMs, notMeasured: budget.reason };
    return {
      firstMs,
      ms: spreadOf(turns.map((turn) => turn.ms)),
      jsMs: Math.min(...turns.map((turn) => turn.jsMs)),
      dispatches: (gpu.dispatched - before) / turns.length,
      submissions: submissions.count / turns.length,
      longestSubmissionMs: await submissions.longestMs(),
    };
  } finally {
    submissions.stop();
    runner.dispose();
  }
}

async function timedStep(runner: StepRunner, clock: Clock): Promise<{ ms: number; jsMs: number }> {
  const start = clock();
  const pending = runner.step();
  const jsMs = clock() - start;
  await pending.loss();
  return { jsMs, ms: clock() - start };
}

/**
 * The first of these steps on the processor, and three steps of a tiny model from the same weights on both: the largest
 * differences of losses and of weights after them.
 */
export async function measureProcessor(budget: Budget, onProcessor: OnProcessor): Promise<unknown> {
  const step = STEPS[SHORT_STEP];
  const ours = await numbersAfter(COMPARED_STEPS);
  return onProcessor(async (processor) => {
    const theirs = await numbersAfter(COMPARED_STEPS);
    const differences = {
      losses: ours.losses.map((loss, i) => Math.abs(loss - (theirs.losses[i] ?? NaN))),
      largestOfWeights: largestDifference(ours.weights, theirs.weights),
    };
    if (!step || !budget.fits()) return { processor, differences, notMeasured: budget.reason };
    const runner = await StepRunner.load(step);
    try {
      await runner.step().loss();
      const turns = await budget.repeat(REPEATS, () => timedStep(runner, budget.clock));
      return { processor, differences, step: SHORT_STEP, ms: spreadOf(turns.map(({ ms }) => ms)) ?? budget.reason };
    } finally {
      runner.dispose();
    }
  });
}

/** One step of a tiny model again and again from the same weights: which repeats gave other numbers, or other bits. */
export async function measureSameness(budget: Budget): Promise<unknown> {
  const first = await numbersAfter(1);
  const others = await budget.repeat(SAME_REPEATS - 1, () => numbersAfter(1));
  if (others.length === 0) return { notMeasured: budget.reason };
  const differences = others.map(({ weights, losses }) => ({
    loss: Math.abs((losses[0] ?? NaN) - (first.losses[0] ?? NaN)),
    weights: largestDifference(first.weights, weights),
  }));
  return {
    repeats: 1 + others.length,
    equalBits: others.every(({ weights, losses }) => losses[0] === first.losses[0] && areEqual(weights, first.weights)),
    largestDifference: {
      loss: Math.max(...differences.map(({ loss }) => loss)),
      weights: Math.max(...differences.map(({ weights }) => weights)),
    },
  };
}

/** Losses of some steps from the same weights, and all weights after them. */
async function numbersAfter(steps: number): Promise<{ losses: number[]; weights: Float32Array[] }> {
  const runner = await StepRunner.load(TINY, 0);
  try {
    const losses: number[] = [];
    for (let i = 0; i < steps; i++) losses.push(await runner.step().loss());
    return { losses, weights: await readTensors(runner.parameters.map(({ value }) => value)) };
  } finally {
    runner.dispose();
  }
}

function largestDifference(some: readonly Float32Array[], others: readonly Float32Array[]): number {
  let most = 0;
  some.forEach((values, i) => {
    const other = others[i];
    values.forEach((value, at) => {
      const difference = Math.abs(value - (other?.[at] ?? NaN));
      // NaN counts as the largest difference.
      if (!(difference <= most)) most = Number.isNaN(difference) ? Infinity : difference;
    });
  });
  return most;
}

function areEqual(some: readonly Float32Array[], others: readonly Float32Array[]): boolean {
  return some.every((values, i) => {
    const bits = (one: Float32Array) => new Uint32Array(one.buffer, one.byteOffset, one.length);
    const other = bits(others[i] ?? new Float32Array(0));
    return other.length === values.length && bits(values).every((bit, at) => bit === other[at]);
  });
}

/** 16 rows of 512 tokens in one step, fewer where that does not fit: its longest submission, which a watchdog may end. */
export async function measureLongStep(machine: Machine, budget: Budget): Promise<unknown> {
  const stepOf = (rows: number): MeasuredStep => ({ model: "small", lengths: rowsOf(rows, LONG_LENGTH) });
  const rows = LONG_ROWS.find((count) => budget.fits(2 * expectedMs(machine, flopsOf(stepOf(count)))));
  if (rows === undefined) return { notMeasured: budget.reason };
  return { rows, rowLength: LONG_LENGTH, ...((await measureStep(machine, budget, stepOf(rows))) as object) };
}

/** Notes when each submission was sent and when the GPU was done with it. */
function watchSubmissions(device: GPUDevice, clock: Clock) {
  const { queue } = device;
  const submit = queue.submit.bind(queue);
  let sent: { at: number; done: Promise<number> }[] = [];
  queue.submit = (commands) => {
    const at = clock();
    submit(commands);
    sent.push({ at, done: queue.onSubmittedWorkDone().then(clock) });
  };
  return {
    get count() {
      return sent.length;
    },
    reset() {
      sent = [];
    },
    /** A submission begins when it was sent or when the one before it is done. */
    async longestMs(): Promise<number> {
      let [longest, before] = [0, 0];
      for (const { at, done } of sent) {
        const end = await done;
        longest = Math.max(longest, end - Math.max(at, before));
        before = end;
      }
      return longest;
    },
    stop() {
      queue.submit = submit;
    },
  };
}
