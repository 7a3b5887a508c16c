import type { Tensor } from "@tensorflow/tfjs-core";
import type { Recorder } from "../../gpu/device.ts";
import { f32, u32, type Program } from "../../gpu/program.ts";
import dropoutWgsl from "../dropout/dropout.wgsl?raw";
import { dropoutUniforms } from "../dropout/random.ts";
import { elementWgsl, unrolled, widthOf } from "../wgsl-text.ts";
import byKeyWgsl from "./by-key.wgsl?raw";
import byQueryWgsl from "./by-query.wgsl?raw";
import commonWgsl from "./common.wgsl?raw";
import factorWgsl from "./factor.wgsl?raw";
import forwardWgsl from "./forward.wgsl?raw";
import type { AttentionOptions, BackwardInputs, ForwardInputs, HostOptions } from "./options.ts";
import * as tiled from "./tiled.ts";

/** With more elements in a head than this, a software adapter takes ten seconds to compile the unrolled text. */
const MOST_UNROLLED = 16;

function program(gpu: Recorder, name: string, wgsl: string, headSize: number): Program {
  return gpu.program(`${name} ${headSize}`, () => {
    const width = widthOf(headSize);
    const HEAD = headSize / width;
    return {
      name,
      wgsl: HEAD > MOST_UNROLLED ? wgsl : unrolled(wgsl, "d", "HEAD", HEAD),
      constants: { HEAD, WIDTH: width },
      prelude: elementWgsl(width) + dropoutWgsl + commonWgsl + factorWgsl,
    };
  });
}

function sizesOf(qkv: Tensor, { tokens, heads, dropout }: AttentionOptions) {
  const hidden = (qkv.shape[1] ?? 0) / 3;
  const headSize = hidden / heads;
  return {
    hidden,
    headSize,
    capacity: qkv.shape[0] ?? 0,
    uniforms: [u32(tokens), u32(heads), f32(1 / Math.sqrt(headSize)), ...dropoutUniforms(dropout)],
    workgroups: [Math.ceil((tokens * heads) / 64)] as const,
  };
}

export function forward(inputs: ForwardInputs, options: HostOptions, gpu: Recorder) {
  if (gpu.kernels === "gpu") return tiled.forward(inputs, options, gpu);
  const { qkv, bounds } = inputs;
  const { hidden, headSize, capacity, uniforms, workgroups } = sizesOf(qkv, options);
  const [out, lse] = [gpu.output([capacity, hidden]), gpu.output([capacity, options.heads])];
  gpu.dispatch(program(gpu, "attention", forwardWgsl, headSize), [qkv, bounds, out, lse], uniforms, workgroups);
  return { out, lse };
}

export function backward(inputs: BackwardInputs, options: HostOptions, gpu: Recorder) {
  if (gpu.kernels === "gpu") return tiled.backward(inputs, options, gpu);
  const { dOut, qkv, bounds, out, lse } = inputs;
  const { headSize, capacity, uniforms, workgroups } = sizesOf(qkv, options);
  const [dQkv, delta] = [gpu.output(qkv.shape), gpu.output([capacity, options.heads])];
  const byQuery = program(gpu, "attention-by-query", byQueryWgsl, headSize);
  gpu.dispatch(byQuery, [qkv, bounds, out, lse, dOut, dQkv, delta], uniforms, workgroups);
  const byKey = program(gpu, "attention-by-key", byKeyWgsl, headSize);
  gpu.dispatch(byKey, [qkv, bounds, lse, delta, dOut, dQkv], uniforms, workgroups);
  gpu.release(delta);
  return { dQkv };
}
