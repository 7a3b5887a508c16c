import type { Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import type { Recorder } from "../../gpu/device.ts";
import { f32, u32, type Program } from "../../gpu/program.ts";
import dropoutWgsl from "../dropout/dropout.wgsl?raw";
import { dropoutUniforms } from "../dropout/random.ts";
import { unrolled } from "../wgsl-text.ts";
import { BLOCK, blockRanges } from "./blocks.ts";
import byKeyWgsl from "./by-key-tiled.wgsl?raw";
import byQueryWgsl from "./by-query-tiled.wgsl?raw";
import factorWgsl from "./factor.wgsl?raw";
import forwardWgsl from "./forward-tiled.wgsl?raw";
import gradientWgsl from "./gradient-tiles.wgsl?raw";
import type { BackwardInputs, ForwardInputs, HostOptions } from "./options.ts";
import { specializedTiles } from "./specialized.ts";
import { tileProducts } from "./tile-products.ts";
import tilesWgsl from "./tiles.wgsl?raw";

/** Quads of a head that a step of the scores takes: a tile's columns. */
const TILE_QUADS = 8;

/** One of the three kernels. */
interface Pass {
  name: string;
  wgsl: string;
  /** Tensors that it reads or writes whole heads of, by quads. */
  read: string[];
  written: string;
  /** Products of a pair of blocks along the head (scores and their gradients), and along the other tokens. */
  inner: number;
  outer: number;
  /** Chunks that a thread sums up: 16 numbers each of one product, which with twice as many would not fit registers. */
  mostChunks: number;
  /** Where the relative table is bound. */
  relativeAt: number;
}

const FORWARD: Pass = {
  name: "attention-tiled",
  wgsl: forwardWgsl,
  read: ["qkv"],
  written: "out",
  inner: 1,
  outer: 1,
  mostChunks: 4,
  relativeAt: 5,
};

const BY_QUERY: Pass = {
  name: "attention-by-query-tiled",
  wgsl: gradientWgsl + byQueryWgsl,
  read: ["qkv", "dout", "out"],
  written: "dqkv",
  inner: 2,
  outer: 1,
  mostChunks: 4,
  relativeAt: 8,
};

const BY_KEY: Pass = {
  name: "attention-by-key-tiled",
  wgsl: gradientWgsl + byKeyWgsl,
  read: ["qkv", "dout"],
  written: "dqkv",
  inner: 2,
  outer: 2,
  mostChunks: 2,
  relativeAt: 7,
};

/** How a pass cuts heads of this size; all in quads, or in chunks of them. */
function cutOf({ mostChunks }: Pass, headSize: number) {
  const QUADS = Math.ceil(headSize / 4);
  const CHUNKS = Math.ceil(QUADS / TILE_QUADS);
  const CHUNK = Math.ceil(QUADS / CHUNKS);
  const PIECES = Math.ceil(CHUNKS / mostChunks);
  return { QUADS, CHUNKS, CHUNK, PIECES, PIECE: Math.ceil(CHUNKS / PIECES) };
}

/** Reads four numbers of a head that begins at element `first`; behind the head's end are zeros. */
function readerWgsl(name: string, byFours: boolean): string {
  const head = `fn ${name}_quad(first: u32, quad: u32) -> vec4<f32> {`;
  if (byFours) return `${head} return ${name}[first + quad]; }\n`;
  return `${head}
  let at = first + 4u * quad;
  let count = HEAD - 4u * quad;
  var numbers = vec4<f32>(${name}[at], 0.0, 0.0, 0.0);
  if (count > 1u) { numbers.y = ${name}[at + 1u]; }
  if (count > 2u) { numbers.z = ${name}[at + 2u]; }
  if (count > 3u) { numbers.w = ${name}[at + 3u]; }
  return numbers;
}
`;
}

/** Writes four numbers of a head, or those that it has. */
function writerWgsl(name: string, byFours: boolean): string {
  const head = `fn store_${name}(first: u32, quad: u32, numbers: vec4<f32>) {`;
  if (byFours) return `${head} ${name}[first + quad] = numbers; }\n`;
  return `${head}
  let at = first + 4u * quad;
  let count = HEAD - 4u * quad;
  ${name}[at] = numbers.x;
  if (count > 1u) { ${name}[at + 1u] = numbers.y; }
  if (count > 2u) { ${name}[at + 2u] = numbers.z; }
  if (count > 3u) { ${name}[at + 3u] = numbers.w; }
}
`;
}

/** The kernel for this head size, its loops over registers spelled out: drivers differ in which they unroll. */
function programOf(gpu: Recorder, pass: Pass, qkv: Tensor, { tokens, heads, form }: HostOptions): Program {
  const [capacity = 0, columns = 0] = qkv.shape;
  const headSize = columns / 3 / heads;
  const own = specializedTiles(form, pass.relativeAt);
  const products = tileProducts(gpu, { rows: tokens, capacity, inner: columns / 3, columns });
  const key = own.key + products.key;
  return gpu.program(`${pass.name} ${headSize}${key}`, () => {
    const byFours = headSize % 4 === 0;
    const { PIECE, ...cut } = cutOf(pass, headSize);
    const access = pass.read.map((name) => readerWgsl(name, byFours)).join("") + writerWgsl(pass.written, byFours);
    const stored = `alias stored = ${byFours ? "vec4<f32>" : "f32"};\n`;
    const spelled = (text: string) => unrolled(unrolled(text, "i", "4u", 4), "g", "PIECE", PIECE);
    return {
      name: pass.name + key,
      wgsl: spelled(pass.wgsl),
      constants: {
        HEAD: headSize,
        ELEMENTS: byFours ? cut.QUADS : headSize,
        PIECE,
        ...cut,
        ...own.constants,
        ...products.constants,
      },
      prelude: stored + dropoutWgsl + spelled(tilesWgsl + products.wgsl) + own.wgsl(spelled) + factorWgsl + access,
      features: products.features,
    };
  });
}

/** Records a pass, in as many dispatches as keep each of them short. */
function record(gpu: Recorder, pass: Pass, bound: TensorInfo[], qkv: Tensor, options: HostOptions): void {
  const { tokens, heads, dropout, rowStart, form } = options;
  const headSize = (qkv.shape[1] ?? 0) / 3 / heads;
  const table = form?.relative ? [form.relative.table] : [];
  const program = programOf(gpu, pass, qkv, options);
  const { PIECES, CHUNKS, CHUNK } = cutOf(pass, headSize);
  const flopsPerTile = 2 * BLOCK * BLOCK * heads * (PIECES * pass.inner + pass.outer) * 4 * CHUNKS * CHUNK;
  // Each pass reads and writes about six numbers of a token's place in a head.
  const bytes = 24 * tokens * heads * headSize;
  const reach = form?.window ?? Infinity;
  const [{ tiles } = { tiles: 0 }] = blockRanges(rowStart, Infinity, reach);
  const parts = gpu.partsFor({ flops: tiles * flopsPerTile, bytes });
  const shared = [u32(heads), f32(form?.scale ?? 1 / Math.sqrt(headSize)), ...dropoutUniforms(dropout)];
  for (const range of blockRanges(rowStart, tiles / parts, reach)) {
    const [from, to] = [range.first * heads * PIECES, range.end * heads * PIECES];
    const work = { flops: range.tiles * flopsPerTile, bytes: (bytes * range.tiles) / tiles };
    gpu.dispatch(program, [qkv, ...bound, ...table], [...shared, u32(from), u32(to)], [to - from], work);
  }
}

export function forward({ qkv, blocks }: ForwardInputs, options: HostOptions, gpu: Recorder) {
  const [capacity = 0, width = 0] = qkv.shape;
  const [out, lse] = [gpu.output([capacity, width / 3]), gpu.output([capacity, options.heads])];
  record(gpu, FORWARD, [blocks, out, lse], qkv, options);
  return { out, lse };
}

/** Writes dqkv, and delta[T, heads] = dout · out. */
export function backward(
  { dOut, qkv, blocks, out, lse }: BackwardInputs,
  { dQkv, delta }: { dQkv: TensorInfo; delta: TensorInfo },
  options: HostOptions,
  gpu: Recorder,
): void {
  record(gpu, BY_QUERY, [blocks, lse, dOut, dQkv, out, delta], qkv, options);
  record(gpu, BY_KEY, [blocks, lse, dOut, dQkv, delta], qkv, options);
}
