import type { Tensor } from "@tensorflow/tfjs-core";
import { u32 } from "../../gpu/program.ts";
import { deviceTensor } from "../device-tensor.ts";
import { hostView } from "../host.ts";
import { defineKernel } from "../kernel.ts";
import rotaryWgsl from "./rotary.wgsl?raw";

/** What the angles of rotary positions depend on. */
export interface RotaryForm {
  /** A table of angles for each. */
  bases: readonly number[];
  /** Numbers of a head, an even number. */
  headSize: number;
}

/** Angles by position of a row. */
export interface Rotary {
  base: number;
  /** Cosine and sine of each position's angles [positions, head size / 2, 2]. */
  table: Tensor;
}

/** Cosines and sines as they were computed for the longest rows so far. */
const known = new Map<string, Float32Array<ArrayBuffer>>();

/** Tables for rows of at most `positions` tokens. Angles are float32 products of position and frequency, as PyTorch's. */
export function uploadRotary({ bases, headSize }: RotaryForm, positions: number): Rotary[] {
  const pairs = headSize / 2;
  return bases.map((base) => {
    const key = `${base} ${headSize}`;
    let values = known.get(key);
    if (!values || values.length < 2 * pairs * positions) known.set(key, (values = angles(base, pairs, positions)));
    const table = values.slice(0, 2 * pairs * positions);
    return { base, table: deviceTensor(table, [positions, pairs, 2]) };
  });
}

function angles(base: number, pairs: number, positions: number): Float32Array<ArrayBuffer> {
  const frequencies = Array.from({ length: pairs }, (_, i) =>
    Math.fround(1 / Math.fround(base ** Math.fround(i / pairs))),
  );
  const values = new Float32Array(2 * pairs * positions);
  for (let position = 0, at = 0; position < positions; position++) {
    for (const frequency of frequencies) {
      const angle = Math.fround(position * frequency);
      values[at++] = Math.cos(angle);
      values[at++] = Math.sin(angle);
    }
  }
  return values;
}

type Inputs = { qkv: Tensor; bounds: Tensor; table: Tensor };
type Attributes = { tokens: number; rowStart: Int32Array; heads: number; back: boolean };

const program = { name: "rotary", wgsl: rotaryWgsl };

const kernel = defineKernel("TabtuneRotary", {
  portable({ qkv, table }: Inputs, { rowStart, heads, back }: Attributes) {
    const [values, turns] = [hostView(qkv), hostView(table)];
    const stride = qkv.shape[1] ?? 0;
    const pairs = table.shape[1] ?? 0;
    const sign = back ? -1 : 1;
    for (let row = 0; row + 1 < rowStart.length; row++) {
      const start = rowStart[row] ?? 0;
      for (let token = start; token < (rowStart[row + 1] ?? 0); token++) {
        // The heads of q and of k, one behind the other.
        for (let head = 0; head < 2 * heads; head++) {
          const at = token * stride + 2 * pairs * head;
          for (let i = 0; i < pairs; i++) {
            const turn = 2 * ((token - start) * pairs + i);
            const [cosine, sine] = [turns[turn] as number, sign * (turns[turn + 1] as number)];
            const [a, b] = [values[at + i] as number, values[at + pairs + i] as number];
            values[at + i] = a * cosine - b * sine;
            values[at + pairs + i] = b * cosine + a * sine;
          }
        }
      }
    }
    return {};
  },
  webgpu({ qkv, bounds, table }, { tokens, heads, back }, gpu) {
    const pairs = table.shape[1] ?? 0;
    const count = tokens * 2 * heads * pairs;
    const uniforms = [u32(tokens), u32(heads), u32(pairs), u32(Number(back))];
    gpu.dispatch(program, [bounds, table, qkv], uniforms, [Math.ceil(count / 64)]);
    return {};
  },
});

/**
 * Turns queries and keys of qkv[T, 3·H] in place by the angles of their tokens' positions in their rows (Su et al. 2021,
 * RoFormer), a head's first half against its second. The backward pass is the same on the gradient, `back`.
 */
export function rotate(
  qkv: Tensor,
  { table }: Rotary,
  rows: { bounds: Tensor; rowStart: Int32Array; tokens: number },
  { heads, back = false }: { heads: number; back?: boolean },
): void {
  const { bounds, rowStart, tokens } = rows;
  kernel({ qkv, bounds, table }, { tokens, rowStart, heads, back });
}
