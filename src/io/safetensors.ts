import type { ByteSource } from "./byte-source.ts";
import { float16Table } from "./float16.ts";
import { refuseLfsPointer } from "./lfs-pointer.ts";
import { headerLength, parseHeader } from "./safetensors-header.ts";
import { Problem } from "../problem/problem.ts";

/** Where a tensor lies. */
export interface StoredTensor {
  /** The file that holds it. */
  source: ByteSource;
  /** As the format writes it: "F32", "F16", "BF16", "I64"… */
  dtype: string;
  shape: number[];
  /** Byte range in `source`. */
  start: number;
  end: number;
}

/** The tensors of one file, or of several shards read as one. */
export interface Safetensors {
  /** `__metadata__` of the header. */
  metadata: Map<string, string>;
  tensors: Map<string, StoredTensor>;
}

/** Bytes read at a time: what stands in memory beside the floats they become. */
const CHUNK_BYTES = 4 << 20;

/**
 * Opens a safetensors file: reads its header alone and checks it as the Rust library does.
 * Throws a `Problem` whose details name the fault, e.g. "InvalidHeaderLength".
 */
export async function openSafetensors(source: ByteSource): Promise<Safetensors> {
  await refuseLfsPointer(source);
  const length = headerLength(source.name, await source.slice(0, Math.min(8, source.size)), source.size);
  const dataStart = 8 + length;
  const { metadata, entries } = parseHeader(source.name, await source.slice(8, dataStart), source.size - dataStart);
  const tensors = new Map(
    entries.map(({ name, dtype, shape, start, end }) => [
      name,
      { source, dtype, shape, start: dataStart + start, end: dataStart + end },
    ]),
  );
  return { metadata, tensors };
}

/**
 * The values of a tensor in row-major order, as float32 whatever their type in the file (F32, F16, BF16, F64).
 * Throws a `Problem` when there is no such tensor or its type is none of these.
 */
export async function readTensor(file: Safetensors, name: string): Promise<Float32Array<ArrayBuffer>> {
  const tensor = file.tensors.get(name);
  if (tensor === undefined) {
    throw new Problem({
      found: `The checkpoint has no tensor "${name}".`,
      expected: "The weights of a complete checkpoint were expected.",
      remedy: "Use a checkpoint that was saved whole.",
    });
  }
  const decoder = decoders.get(tensor.dtype);
  if (decoder === undefined) {
    throw new Problem({
      found: `The tensor "${name}" is stored as ${tensor.dtype}.`,
      expected: "Weights stored as F32, F16, BF16 or F64 were expected.",
      remedy: "Load the model in transformers, call model.float() and save it again with save_pretrained.",
    });
  }
  const values = new Float32Array((tensor.end - tensor.start) / decoder.bytes);
  for (let start = tensor.start; start < tensor.end; start += CHUNK_BYTES) {
    const chunk = await tensor.source.slice(start, Math.min(start + CHUNK_BYTES, tensor.end));
    decoder.decode(chunk, values.subarray((start - tensor.start) / decoder.bytes));
  }
  return values;
}

interface Decoder {
  /** Bytes of an element in the file. */
  bytes: number;
  /** Turns a chunk of whole elements into the first values of `values`. */
  decode(chunk: Uint8Array<ArrayBuffer>, values: Float32Array): void;
}

// The format is little-endian, and so is every machine that runs a browser or Node today: typed arrays are its views.
const decoders = new Map<string, Decoder>([
  ["F32", { bytes: 4, decode: (chunk, values) => values.set(new Float32Array(aligned(chunk))) }],
  ["F64", { bytes: 8, decode: (chunk, values) => values.set(new Float64Array(aligned(chunk))) }],
  ["F16", { bytes: 2, decode: decodeHalves }],
  ["BF16", { bytes: 2, decode: decodeBrainHalves }],
]);

function decodeHalves(chunk: Uint8Array<ArrayBuffer>, values: Float32Array): void {
  const table = float16Table();
  const halves = new Uint16Array(aligned(chunk));
  for (let index = 0; index < halves.length; index++) values[index] = table[halves[index] ?? 0] ?? 0;
}

/** A bfloat16 is the upper half of the float32 of the same value. */
function decodeBrainHalves(chunk: Uint8Array<ArrayBuffer>, values: Float32Array): void {
  const halves = new Uint16Array(aligned(chunk));
  const patterns = new Uint32Array(values.buffer, values.byteOffset, halves.length);
  for (let index = 0; index < halves.length; index++) patterns[index] = (halves[index] ?? 0) << 16;
}

/** The chunk's bytes as a buffer of their own, which wider views can stand on. */
function aligned(chunk: Uint8Array<ArrayBuffer>): ArrayBuffer {
  const isWhole = chunk.byteOffset === 0 && chunk.byteLength === chunk.buffer.byteLength;
  return isWhole ? chunk.buffer : chunk.slice().buffer;
}
