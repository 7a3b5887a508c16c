import type { Tensor } from "@tensorflow/tfjs-core";
import { dispatch, f32, output, release, u32, type Program } from "../../gpu/program.ts";
import { dropoutUniforms } from "../dropout/uniforms.ts";
import { elementWgsl, widthOf } from "../element.ts";
import { spelledOut } from "../spelled-out.ts";
import dropoutWgsl from "../dropout/dropout.wgsl?raw";
import byKeyWgsl from "./by-key.wgsl?raw";
import byQueryWgsl from "./by-query.wgsl?raw";
import commonWgsl from "./common.wgsl?raw";
import forwardWgsl from "./forward.wgsl?raw";
import type { AttentionOptions } from "./options.ts";

/** Programs that were made, by name and head size: a model has one head size, and each of its layers asks. */
const programs = new Map<string, Program>();

function program(name: string, wgsl: string, headSize: number): Program {
  const key = `${name} ${headSize}`;
  const known = programs.get(key);
  if (known) return known;
  const width = widthOf(headSize);
  const prelude = elementWgsl(width) + dropoutWgsl + commonWgsl;
  const HEAD = headSize / width;
  const text = HEAD > MOST_SPELLED_OUT ? wgsl : spelledOut(wgsl, "d", "HEAD", HEAD);
  const made = { name, wgsl: text, constants: { HEAD, WIDTH: width }, prelude };
  programs.set(key, made);
  return made;
}

/** Above so many elements of a head a software adapter takes ten seconds to compile what is spelled out. */
const MOST_SPELLED_OUT = 16;

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

export function forward(qkv: Tensor, bounds: Tensor, options: AttentionOptions) {
  const { hidden, headSize, capacity, uniforms, workgroups } = sizesOf(qkv, options);
  const [out, lse] = [output([capacity, hidden]), output([capacity, options.heads])];
  dispatch(program("attention", forwardWgsl, headSize), [qkv, bounds, out, lse], uniforms, workgroups);
  return { out, lse };
}

export function backward(
  dOut: Tensor,
  qkv: Tensor,
  bounds: Tensor,
  out: Tensor,
  lse: Tensor,
  options: AttentionOptions,
) {
  const { headSize, capacity, uniforms, workgroups } = sizesOf(qkv, options);
  const [dQkv, delta] = [output(qkv.shape), output([capacity, options.heads])];
  const byQuery = program("attention-by-query", byQueryWgsl, headSize);
  dispatch(byQuery, [qkv, bounds, out, lse, dOut, dQkv, delta], uniforms, workgroups);
  const byKey = program("attention-by-key", byKeyWgsl, headSize);
  dispatch(byKey, [qkv, bounds, lse, delta, dOut, dQkv], uniforms, workgroups);
  release(delta);
  return { dQkv };
}
