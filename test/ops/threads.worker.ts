import type { Tensor } from "@tensorflow/tfjs-core";
import { startBackend } from "../../src/gpu/backend.ts";
import { readTensors } from "../../src/gpu/read-back.ts";
import { accumulate } from "../../src/ops/accumulate/accumulate.ts";
import { adamw } from "../../src/ops/adamw/adamw.ts";
import { makeMoments } from "../../src/ops/adamw/moments.ts";
import { attention, attentionGradient } from "../../src/ops/attention/attention.ts";
import { dropoutKey } from "../../src/ops/dropout/random.ts";
import { gated, gatedGradient } from "../../src/ops/gated/gated.ts";
import { gradientNorm } from "../../src/ops/gradient-norm/gradient-norm.ts";
import { addAndNorm, addAndNormGradient } from "../../src/ops/layer-norm/layer-norm.ts";
import { linearActivated, linearGradientThrough, linearParameterGradient } from "../../src/ops/linear/linear.ts";
import { startThreads, threadsAtWork } from "../../src/ops/wasm-kernels.ts";
import { backendOptions } from "./backends.ts";
import { rowsOf } from "./batches.ts";
import { randomValues, toTensor } from "./numbers.ts";

const THREADS = 3;
const LENGTHS = [70, 3, 29];
const TOKENS = 102;
const HEADS = 5;
const HIDDEN = 160;
const INNER = 320;
/** Sums are cut into parts from here on. */
const MANY = 150_001;

/** Every kernel that is cut into parts, on sizes that no number of threads divides. */
async function computeAll(): Promise<Float32Array[]> {
  const make = (shape: number[], seed: number) => toTensor(randomValues(shape, seed));
  const dropout = { rate: 0.2, key: dropoutKey(1, 2, 0, 3) };
  const x = make([TOKENS, HIDDEN], 1);
  const weight = make([INNER, HIDDEN], 2);
  const { y, z } = linearActivated(x, weight, make([INNER], 3), TOKENS, "gelu");
  const dz = linearGradientThrough(x, make([HIDDEN, INNER], 4), TOKENS, z, "gelu");
  const tanhForm = linearActivated(x, weight, make([INNER], 3), TOKENS, "gelu_new");
  const dTanhForm = linearGradientThrough(x, make([HIDDEN, INNER], 4), TOKENS, tanhForm.z, "gelu_new");
  const wide = make([TOKENS, 2 * INNER], 9);
  const gate = gated(wide, "gelu", TOKENS);
  const dGate = gatedGradient(y, wide, "gelu", TOKENS);
  const sum = make([MANY], 10);
  accumulate(sum, make([MANY], 11), { keep: 0.75, factor: 1.5 });
  const { dWeight, dBias } = linearParameterGradient(dz, x, TOKENS);
  const norm = { tokens: TOKENS, epsilon: 1e-12, dropout };
  const normed = addAndNorm(x, make([TOKENS, HIDDEN], 5), make([HIDDEN], 6), make([HIDDEN], 7), norm);
  const below = addAndNormGradient(x, normed, make([HIDDEN], 6), { tokens: TOKENS, dropout, wantsParameters: true });
  const qkv = make([TOKENS, 3 * HIDDEN], 8);
  const rows = rowsOf(LENGTHS, TOKENS);
  const options = { tokens: TOKENS, heads: HEADS, dropout };
  const { out, lse } = attention(qkv, rows, options);
  const dQkv = attentionGradient(x, { qkv, out, lse }, rows, options);
  const [moments] = makeMoments([weight.size]);
  if (!moments) throw new Error("No moments were made.");
  const { clip } = gradientNorm([dWeight], 1);
  const rates = { learningRate: 0.1, weightDecay: 0.01, updates: 1 };
  const betas = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
  adamw([{ weight, gradient: dWeight, moments, rates }], clip, betas);
  const results = [
    y,
    dz,
    tanhForm.y,
    dTanhForm,
    gate,
    dGate,
    sum,
    dWeight,
    dBias,
    normed.y,
    below.dx,
    below.dBranch,
    out,
    lse,
    dQkv,
    weight,
  ];
  return readTensors(results.filter((tensor): tensor is Tensor => tensor !== undefined));
}

async function run() {
  const startThread = (start: unknown) => self.postMessage({ start });
  const { adapter } = await startBackend("wasm", { ...backendOptions, wasmThreads: THREADS, startThread });
  const atFirst = threadsAtWork();
  const alone = await computeAll();
  await startThreads();
  const atWork = threadsAtWork();
  const different: number[] = [];
  for (let turn = 0; turn < 5; turn++) {
    const together = await computeAll();
    different.push(alone.filter((values, i) => values.some((value, at) => value !== together[i]?.[at])).length);
  }
  return { adapter, atFirst, atWork, alone, different };
}

self.onmessage = async () => self.postMessage(await run());
export type ThreadsReport = Awaited<ReturnType<typeof run>>;
