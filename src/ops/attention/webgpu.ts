import type { Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import type { Recorder } from "../../gpu/device.ts";
import { f32, u32, type Program } from "../../gpu/program.ts";
import dropoutWgsl from "../dropout/dropout.wgsl?raw";
import { dropoutUniforms } from "../dropout/random.ts";
import { elementWgsl, widthOf } from "../wgsl-text.ts";
import biasGradientWgsl from "./bias-gradient.wgsl?raw";
import byKeyWgsl from "./by-key.wgsl?raw";
import byQueryWgsl from "./by-query.wgsl?raw";
import commonWgsl from "./common.wgsl?raw";
import factorWgsl from "./factor.wgsl?raw";
import forwardWgsl from "./forward.wgsl?raw";
import {
  longestRow,
  type AttentionForm,
  type BackwardInputs,
  type ForwardInputs,
  type HostOptions,
  type Relative,
} from "./options.ts";
import productsGradientWgsl from "./products-gradient.wgsl?raw";
import relativeGradientWgsl from "./relative-gradient.wgsl?raw";
import { specialized, unrolledHead } from "./specialized.ts";
import * as tiled from "./tiled.ts";

/** With more elements in a head than this, a software adapter takes ten seconds to compile the unrolled text. */
const MOST_UNROLLED = 16;

interface Kernel {
  name: string;
  wgsl: string;
  /** Where the relative table is bound. */
  relativeAt: number;
}

const FORWARD: Kernel = { name: "attention", wgsl: forwardWgsl, relativeAt: 5 };
const BY_QUERY: Kernel = { name: "attention-by-query", wgsl: byQueryWgsl, relativeAt: 8 };
const BY_KEY: Kernel = { name: "attention-by-key", wgsl: byKeyWgsl, relativeAt: 7 };

function program(gpu: Recorder, { name, wgsl, relativeAt }: Kernel, headSize: number, form?: AttentionForm): Program {
  const own = specialized(form, relativeAt);
  return gpu.program(`${name} ${headSize}${own.key}`, () => {
    const width = widthOf(headSize);
    const HEAD = headSize / width;
    const unroll = HEAD > MOST_UNROLLED ? (text: string) => text : unrolledHead(HEAD);
    return {
      name: name + own.key,
      wgsl: unroll(wgsl),
      constants: { HEAD, WIDTH: width, ...own.constants },
      prelude: elementWgsl(width) + dropoutWgsl + commonWgsl + factorWgsl + own.wgsl(unroll),
    };
  });
}

/** The gradient of the relative table, for both kinds of kernels. */
function relativeProgram(gpu: Recorder, headSize: number, form: AttentionForm, relative: Relative): Program {
  const own = specialized(form, 6);
  return gpu.program(`attention-relative ${headSize}${own.key}`, () => {
    const width = widthOf(headSize);
    const HEAD = headSize / width;
    const hasProducts = relative.kind === "products";
    const SUMS = hasProducts ? Math.ceil((relative.parts * HEAD) / 64) : 0;
    return {
      name: "attention-relative" + own.key,
      wgsl: relativeGradientWgsl + (hasProducts ? productsGradientWgsl : biasGradientWgsl),
      constants: { HEAD, WIDTH: width, ...own.constants, SUMS, REACH: form.window ?? relative.span },
      prelude:
        elementWgsl(width) +
        `alias stored = ${hasProducts ? "element" : "f32"};\n` +
        dropoutWgsl +
        commonWgsl +
        factorWgsl +
        own.wgsl((text) => text),
    };
  });
}

function sizesOf(qkv: Tensor, { tokens, heads, dropout, form, rowStart }: HostOptions) {
  const hidden = (qkv.shape[1] ?? 0) / 3;
  const headSize = hidden / heads;
  const scale = form?.scale ?? 1 / Math.sqrt(headSize);
  return {
    hidden,
    headSize,
    capacity: qkv.shape[0] ?? 0,
    uniforms: [u32(tokens), u32(heads), f32(scale), ...dropoutUniforms(dropout), u32(longestRow(rowStart))],
    workgroups: [Math.ceil((tokens * heads) / 64)] as const,
    table: form?.relative ? [form.relative.table] : [],
  };
}

/** The kernels of tiles have no products with positions. */
const hasTiles = (gpu: Recorder, form: AttentionForm | undefined) =>
  gpu.kernels === "gpu" && form?.relative?.kind !== "products";

export function forward(inputs: ForwardInputs, options: HostOptions, gpu: Recorder) {
  const { form, heads } = options;
  if (hasTiles(gpu, form)) return tiled.forward(inputs, options, gpu);
  const { qkv, bounds } = inputs;
  const { hidden, headSize, capacity, uniforms, workgroups, table } = sizesOf(qkv, options);
  const [out, lse] = [gpu.output([capacity, hidden]), gpu.output([capacity, heads])];
  const bound = [qkv, bounds, out, lse, ...table];
  gpu.dispatch(program(gpu, FORWARD, headSize, form), bound, uniforms, workgroups);
  return { out, lse };
}

export function backward(inputs: BackwardInputs, options: HostOptions, gpu: Recorder) {
  const { form, heads } = options;
  const { dOut, qkv, bounds, out, lse } = inputs;
  const { headSize, capacity, uniforms, workgroups, table } = sizesOf(qkv, options);
  const [dQkv, delta] = [gpu.output(qkv.shape), gpu.output([capacity, heads])];
  if (hasTiles(gpu, form)) tiled.backward(inputs, { dQkv, delta }, options, gpu);
  else {
    const bound = [qkv, bounds, out, lse, dOut, dQkv, delta, ...table];
    gpu.dispatch(program(gpu, BY_QUERY, headSize, form), bound, uniforms, workgroups);
    const byKey = [qkv, bounds, lse, delta, dOut, dQkv, ...table];
    gpu.dispatch(program(gpu, BY_KEY, headSize, form), byKey, uniforms, workgroups);
  }
  const dRelative = form?.relative && !form.relative.isFrozen ? relativeGradient(inputs, delta, options, gpu) : null;
  gpu.release(delta);
  return { dQkv, ...(dRelative && { dRelative }) };
}

function relativeGradient(inputs: BackwardInputs, delta: TensorInfo, options: HostOptions, gpu: Recorder): TensorInfo {
  const { form, heads } = options;
  const { dOut, qkv, bounds, lse } = inputs;
  if (!form?.relative) throw new Error("There is no relative table.");
  const { relative } = form;
  const { headSize, uniforms } = sizesOf(qkv, options);
  const dRelative = gpu.output(relative.table.shape);
  const program = relativeProgram(gpu, headSize, form, relative);
  const bound = [qkv, bounds, lse, delta, dOut, relative.table, dRelative];
  gpu.dispatch(program, bound, uniforms, [(2 * relative.span - 1) * heads]);
  return dRelative;
}
