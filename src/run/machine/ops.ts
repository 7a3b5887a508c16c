import { engine, type Tensor } from "@tensorflow/tfjs-core";
import type { Recorder } from "../../gpu/device.ts";
import { attention, attentionGradient } from "../../ops/attention/attention.ts";
import { blockCapacity, rowBlocks } from "../../ops/attention/blocks.ts";
import { backward } from "../../ops/attention/webgpu.ts";
import { deviceTensor } from "../../ops/device-tensor.ts";
import { NO_DROPOUT } from "../../ops/dropout/random.ts";
import { embeddingGradient } from "../../ops/embedding/embedding.ts";
import { addAndNorm, addAndNormGradient } from "../../ops/layer-norm/layer-norm.ts";
import { chosenTile } from "../../ops/linear/choose-tile.ts";
import { linearParameterGradient } from "../../ops/linear/linear.ts";
import { productWith } from "../../ops/linear/webgpu.ts";
import type { Budget } from "./budget.ts";
import { fillTensor } from "./fill-tensor.ts";
import { expectedMs, type Machine } from "./machine.ts";
import { timeWork } from "./time-work.ts";

const TOKENS = [256, 2048];
const HIDDEN = 384;
const INTERMEDIATE = 1536;
const HEADS = 12;
const HEAD_SIZES = [32, 64];
const ROW_LENGTHS = [32, 128, 512];
/** Tokens of all rows together, for each kind of kernels: a software adapter takes seconds for more. */
const ATTENTION_TOKENS = { software: 512, gpu: 2048 };
/** Operations per token, key and unit of the head size: two products forward, five backward. */
const FORWARD_FLOPS = 4;
const BACKWARD_FLOPS = 10;
/** The two passes of the backward kernel, and their operations: scores and their gradients are computed in both. */
const PASSES = [
  { what: "by query", name: "attention-by-query", flops: 6 },
  { what: "by key", name: "attention-by-key", flops: 8 },
];

/**
 * The operations that sum over all tokens, with and without these sums: the gradient of a weight beside that of its bias,
 * LayerNorm's gradient with and without its parameters, and the gradient of a table of two segment types.
 */
export async function measureSums(machine: Machine, budget: Budget): Promise<unknown> {
  const { gpu } = machine;
  const times = [];
  for (const tokens of TOKENS) {
    if (!budget.fits()) {
      times.push({ tokens, notMeasured: budget.reason });
      continue;
    }
    const x = fillTensor([tokens, HIDDEN]);
    const dy = fillTensor([tokens, INTERMEDIATE]);
    const dNorm = fillTensor([tokens, HIDDEN]);
    const gamma = fillTensor([HIDDEN]);
    const options = { tokens, dropout: NO_DROPOUT };
    const { y, ...saved } = addAndNorm(x, dNorm, gamma, gamma, { ...options, epsilon: 1e-12 });
    const grouping = halves(tokens);
    const held = [x, dy, dNorm, gamma, y, saved.normalized, saved.rstd, grouping.start, grouping.order];
    const product = "WEIGHT_GRADIENT" as const;
    const sizes = { rows: INTERMEDIATE, inner: tokens, columns: HIDDEN };
    const norm = (wantsParameters: boolean) => () => {
      const { parameters, ...gradients } = addAndNormGradient(dNorm, saved, gamma, { ...options, wantsParameters });
      free({ ...gradients, ...parameters });
    };
    const works: Record<string, () => void> = {
      weightAndBias: () => free(linearParameterGradient(dy, x, tokens)),
      weightAlone: () => {
        const c = productWith(gpu, chosenTile(gpu, product, sizes), { product, a: dy, b: x, ...sizes });
        engine().makeTensorFromTensorInfo(c).dispose();
      },
      normWithParameters: norm(true),
      normWithout: norm(false),
      segmentTypes: () => embeddingGradient(dNorm, grouping).dispose(),
    };
    try {
      for (const [what, record] of Object.entries(works)) {
        times.push({ what, tokens, ...(await timedOr(machine, budget, record, 2 * tokens * HIDDEN * INTERMEDIATE)) });
      }
    } finally {
      for (const tensor of held) tensor.dispose();
    }
  }
  return times;
}

/** Attention forward and backward, whole and by query and by key alone, over rows of one length, 12 heads. */
export async function measureAttention(machine: Machine, budget: Budget): Promise<unknown> {
  const tokens = ATTENTION_TOKENS[machine.gpu.kernels];
  const times = [];
  for (const headSize of HEAD_SIZES) {
    for (const length of ROW_LENGTHS) {
      const work = tokens * length * HEADS * headSize;
      const what = { tokens, rowLength: length, headSize };
      if (!budget.fits(expectedMs(machine, FORWARD_FLOPS * work))) {
        times.push({ ...what, notMeasured: budget.reason });
        continue;
      }
      const rowStart = Int32Array.from({ length: tokens / length + 1 }, (_, row) => row * length);
      const boundsOf = (t: number) => [t - (t % length), t - (t % length) + length];
      const bounds = deviceTensor(Int32Array.from(Array.from({ length: tokens }, (_, t) => boundsOf(t)).flat()), [
        tokens,
        2,
      ]);
      const qkv = fillTensor([tokens, 3 * HEADS * headSize]);
      const dOut = fillTensor([tokens, HEADS * headSize]);
      const mostBlocks = blockCapacity(tokens, tokens / length);
      const blocks = deviceTensor(rowBlocks(rowStart, mostBlocks), [mostBlocks, 4]);
      const rows = { bounds, blocks, rowStart };
      const options = { tokens, heads: HEADS, dropout: NO_DROPOUT };
      const saved = { qkv, ...attention(qkv, rows, options) };
      const forward = () => free(attention(qkv, rows, options));
      const wholeBackward = () => attentionGradient(dOut, saved, rows, options).dispose();
      const passAlone = (name: string) => () => {
        const inputs = { ...saved, dOut, bounds, blocks };
        const { dQkv } = backward(inputs, { ...options, rowStart }, recordingOnly(machine.gpu, name));
        engine().makeTensorFromTensorInfo(dQkv).dispose();
      };
      try {
        times.push({ what: "forward", ...what, ...(await timedOr(machine, budget, forward, FORWARD_FLOPS * work)) });
        const ofBackward = await timedOr(machine, budget, wholeBackward, BACKWARD_FLOPS * work);
        times.push({ what: "backward", ...what, ...ofBackward });
        for (const { what: pass, name, flops } of PASSES) {
          times.push({ what: pass, ...what, ...(await timedOr(machine, budget, passAlone(name), flops * work)) });
        }
      } finally {
        for (const tensor of [bounds, blocks, dOut, ...Object.values(saved)]) tensor.dispose();
      }
    }
  }
  return times;
}

/** The same device, on which dispatches of other programs than those whose names begin so are left out. */
function recordingOnly(gpu: Recorder, name: string): Recorder {
  const dispatch: Recorder["dispatch"] = (program, ...rest) => {
    if (program.name.startsWith(name)) gpu.dispatch(program, ...rest);
  };
  return Object.create(gpu, { dispatch: { value: dispatch } }) as Recorder;
}

/** The time of some work, or why it was left out. */
async function timedOr(machine: Machine, budget: Budget, record: () => void, flops: number) {
  const { gpu, idleMs } = machine;
  const fits = budget.fits(2 * expectedMs(machine, flops));
  const time = fits ? await timeWork(gpu, record, { idleMs, budget }) : budget.reason;
  return typeof time === "string" ? { notMeasured: time } : time;
}

/** Tokens of two segment types, half of each. */
function halves(tokens: number) {
  const starts = Int32Array.of(0, tokens / 2, tokens);
  const orders = Int32Array.from({ length: tokens }, (_, t) => t);
  return { starts, orders, start: deviceTensor(starts.slice(), [3]), order: deviceTensor(orders.slice(), [tokens]) };
}

function free(tensors: Record<string, Tensor>): void {
  for (const tensor of Object.values(tensors)) tensor.dispose();
}
