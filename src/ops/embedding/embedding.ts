import type { Tensor } from "@tensorflow/tfjs-core";
import { partsOf } from "../../gpu/parts.ts";
import { u32 } from "../../gpu/program.ts";
import { deviceTensor } from "../device-tensor.ts";
import { computeOnHost } from "../host.ts";
import { elementWgsl, widthOf } from "../wgsl-text.ts";
import { defineKernel, outputInto } from "../kernel.ts";
import gatherWgsl from "./gather.wgsl?raw";
import scatterFewWgsl from "./scatter-few.wgsl?raw";
import scatterWgsl from "./scatter.wgsl?raw";

/**
 * Tokens grouped by the entry of an embedding table that they use (sorted when the batch is uploaded), or by the place of
 * that entry among the rows of `TableRows`.
 */
export interface Grouping {
  /** First place in `order` of each entry, and the end: int32 [entries + 1]. */
  start: Tensor;
  /** Token indexes sorted by entry, then by token: int32 [T]. */
  order: Tensor;
  /** The same two on the host. */
  starts: Int32Array;
  orders: Int32Array;
}

type Tables = { tokens: Tensor; word: Tensor; position?: Tensor; type?: Tensor };

const sumKernel = defineKernel("TabtuneEmbedding", {
  portable: ({ word, position, type }: Tables, { tokens, ids }: { tokens: number; ids: Int32Array }) => {
    const hidden = word.shape[1] ?? 0;
    const y = computeOnHost([word, position ?? word, type ?? word], [tokens, hidden], (out, ...tables) => {
      const [words = out, positions, types] = [tables[0], position && tables[1], type && tables[2]];
      for (let t = 0; t < tokens; t++) {
        const [w, p, s] = [(ids[4 * t] ?? 0) * hidden, (ids[4 * t + 1] ?? 0) * hidden, (ids[4 * t + 2] ?? 0) * hidden];
        for (let h = 0; h < hidden; h++) {
          out[t * hidden + h] = (words[w + h] ?? 0) + (positions?.[p + h] ?? 0) + (types?.[s + h] ?? 0);
        }
      }
    });
    return { y };
  },
  webgpu: (tables, { tokens }, gpu) => {
    const hidden = tables.word.shape[1] ?? 0;
    const y = gpu.output([tables.tokens.shape[0] ?? 0, hidden]);
    const { word, position, type } = tables;
    const width = widthOf(hidden);
    const [HAS_POSITIONS, HAS_SEGMENTS] = [position !== undefined, type !== undefined];
    const program = gpu.program(`embedding-gather ${width} ${HAS_POSITIONS} ${HAS_SEGMENTS}`, () => ({
      name: "embedding-gather",
      wgsl: gatherWgsl,
      constants: { HAS_POSITIONS, HAS_SEGMENTS, WIDTH: width },
      prelude: elementWgsl(width),
    }));
    for (const { first, count } of partsOf(gpu, word.shape[0] ?? 0, hidden)) {
      const words = { tensor: word, first: first * hidden, count: count * hidden };
      gpu.dispatch(
        program,
        // A binding must hold something: it is not read without positions or segment types.
        [tables.tokens, words, position ?? words, type ?? words, y],
        [u32(tokens), u32(hidden / width), u32(first), u32(count)],
        [Math.ceil((tokens * hidden) / width / 64)],
      );
    }
    return { y };
  },
});

/** Entries up to which each is taken to be used by many tokens: segment types, not words or positions. */
const FEW_ENTRIES = 8;

type ScatterInputs = { dy: Tensor; start: Tensor; order: Tensor };
type ScatterOptions = { starts: Int32Array; orders: Int32Array; into: Tensor | undefined };

const scatterKernel = defineKernel("TabtuneEmbeddingScatter", {
  portable: ({ dy }: ScatterInputs, { starts, orders }: ScatterOptions) => {
    const hidden = dy.shape[1] ?? 0;
    const entries = starts.length - 1;
    const dTable = computeOnHost([dy], [entries, hidden], (out, gradient) => {
      for (let entry = 0; entry < entries; entry++) {
        for (let i = starts[entry] ?? 0; i < (starts[entry + 1] ?? 0); i++) {
          const from = (orders[i] ?? 0) * hidden;
          const to = entry * hidden;
          for (let h = 0; h < hidden; h++) out[to + h] = (out[to + h] ?? 0) + (gradient[from + h] ?? 0);
        }
      }
    });
    return { dTable };
  },
  webgpu: ({ dy, start, order }, { starts, into }, gpu) => {
    const hidden = dy.shape[1] ?? 0;
    const entries = starts.length - 1;
    const dTable = outputInto(gpu, into, [entries, hidden]);
    const width = widthOf(hidden);
    const few = gpu.kernels === "gpu" && entries <= FEW_ENTRIES;
    const name = few ? "embedding-scatter-few" : "embedding-scatter";
    const program = gpu.program(`${name} ${width}`, () => ({
      name,
      wgsl: few ? scatterFewWgsl : scatterWgsl,
      constants: { WIDTH: width },
      prelude: elementWgsl(width),
    }));
    for (const { first, count } of partsOf(gpu, entries, hidden)) {
      const part = { tensor: dTable, first: first * hidden, count: count * hidden };
      const sizes = [u32(count), u32(hidden / width), u32(first)];
      const elements = hidden / width;
      const workgroups = few
        ? ([Math.ceil(elements / 4), count] as const)
        : ([Math.ceil((count * elements) / 64)] as const);
      gpu.dispatch(program, [dy, start, order, part], sizes, workgroups);
    }
    return { dTable };
  },
});

/**
 * y[T, H] = word[V, H] + position[P, H] + type[S, H] (of those that there are), looked up by `tokens`: int32 [T, 4] of id,
 * position and segment (the fourth is unused); `ids` are the same numbers on the host.
 */
export function embeddingSum(
  { word, position, type }: { word: Tensor; position: Tensor | null; type: Tensor | null },
  tokens: Tensor,
  ids: Int32Array,
  count: number,
): Tensor {
  return sumKernel({ tokens, word, ...(position && { position }), ...(type && { type }) }, { tokens: count, ids }).y;
}

/** Gradient of one table or of its rows, [entries, H], from dy[T, H]; on a GPU it is written into `into`, where that is given. */
export function embeddingGradient(dy: Tensor, grouping: Grouping, into?: Tensor): Tensor {
  const { start, order, starts, orders } = grouping;
  return scatterKernel({ dy, start, order }, { starts, orders, into }).dTable;
}

/** Counting sort of the tokens by entry; stable, so that sums are always in the same order. */
export function grouped(entries: Int32Array, count: number, capacity: number): Grouping {
  const starts = new Int32Array(count + 1);
  for (const entry of entries) starts[entry + 1] = (starts[entry + 1] ?? 0) + 1;
  for (let entry = 0; entry < count; entry++) starts[entry + 1] = (starts[entry + 1] ?? 0) + (starts[entry] ?? 0);
  const next = starts.slice();
  const orders = new Int32Array(capacity);
  entries.forEach((entry, token) => {
    const place = next[entry] ?? 0;
    orders[place] = token;
    next[entry] = place + 1;
  });
  return { starts, orders, start: deviceTensor(starts, [count + 1]), order: deviceTensor(orders, [capacity]) };
}
