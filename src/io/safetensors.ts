import { Problem } from "../problem/problem.ts";
import { refuseLfsPointer, type ByteSource } from "./byte-source.ts";
import { float16Table } from "./float16.ts";
import { isObject } from "./json-object.ts";

/** Where a tensor is stored. */
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

/** Number of bytes read at a time, which are in memory beside the floats made of them. */
const CHUNK_BYTES = 4 << 20;

/**
 * Opens a safetensors file: reads only its header and checks it as the Rust library does.
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

// The format is little-endian, as is every machine that runs a browser or Node today, so typed arrays can be views.
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

/** The chunk's bytes as a buffer of their own, aligned for wider views. */
function aligned(chunk: Uint8Array<ArrayBuffer>): ArrayBuffer {
  const isWhole = chunk.byteOffset === 0 && chunk.byteLength === chunk.buffer.byteLength;
  return isWhole ? chunk.buffer : chunk.slice().buffer;
}

/** Bytes per element of each type of the format. */
const elementBytes = new Map([
  ["BOOL", 1],
  ["U8", 1],
  ["I8", 1],
  ["F8_E5M2", 1],
  ["F8_E4M3", 1],
  ["I16", 2],
  ["U16", 2],
  ["F16", 2],
  ["BF16", 2],
  ["I32", 4],
  ["U32", 4],
  ["F32", 4],
  ["F64", 8],
  ["I64", 8],
  ["U64", 8],
]);

const LARGEST_HEADER = 100_000_000;

/** One line of the header; offsets count from the end of the header. */
interface HeaderEntry {
  name: string;
  dtype: string;
  shape: number[];
  start: number;
  end: number;
}

/** A checked header. */
interface SafetensorsHeader {
  metadata: Map<string, string>;
  /** In order of offset. */
  entries: HeaderEntry[];
}

/** The problem of a damaged file; `details` begins with the Rust library's name of the fault. */
function damaged(file: string, kind: string, found: string): Problem {
  return new Problem({
    found: `${file} is not a sound safetensors file: ${found}.`,
    expected: "A complete model.safetensors as Hugging Face writes it was expected.",
    remedy: "Download or copy the file again, in full, and open it once more.",
    details: `${kind}: ${found}`,
  });
}

/**
 * Length of the JSON header, from the first 8 bytes of a file of `fileSize` bytes.
 * Checks and their names are those of the Rust library (safetensors/src/tensor.rs).
 */
function headerLength(file: string, first: Uint8Array<ArrayBuffer>, fileSize: number): number {
  if (fileSize < 8 || first.length < 8) {
    throw damaged(file, "HeaderTooSmall", `it has ${fileSize} bytes, fewer than the 8 that state the header's length`);
  }
  const length = new DataView(first.buffer, first.byteOffset).getBigUint64(0, true);
  if (length > BigInt(LARGEST_HEADER)) {
    throw damaged(file, "HeaderTooLarge", `it states a header of ${length} bytes, over the limit of ${LARGEST_HEADER}`);
  }
  if (Number(length) + 8 > fileSize) {
    throw damaged(file, "InvalidHeaderLength", `it states a header of ${length} bytes but has only ${fileSize} in all`);
  }
  return Number(length);
}

/** Reads and checks the JSON header against `dataBytes`, the bytes that follow it. Throws a `Problem`. */
function parseHeader(file: string, header: Uint8Array, dataBytes: number): SafetensorsHeader {
  const top = jsonObject(file, header);
  const metadata = new Map<string, string>();
  const entries: HeaderEntry[] = [];
  for (const [name, value] of Object.entries(top)) {
    if (name === "__metadata__") readMetadata(file, value, metadata);
    else entries.push(readEntry(file, name, value));
  }
  entries.sort((a, b) => a.start - b.start || a.end - b.end);

  let position = 0;
  for (const entry of entries) {
    if (entry.start !== position || entry.end < entry.start) {
      const found = `"${entry.name}" lies at bytes ${entry.start} to ${entry.end} where byte ${position} was due`;
      throw damaged(file, "InvalidOffset", found);
    }
    position = entry.end;
    const bytes = checkedBytes(file, entry);
    if (bytes !== BigInt(entry.end - entry.start)) {
      const found = `"${entry.name}" of shape [${entry.shape.join(", ")}] and type ${entry.dtype} needs ${bytes} bytes but has ${entry.end - entry.start}`;
      throw damaged(file, "TensorInvalidInfo", found);
    }
  }
  if (position !== dataBytes) {
    const which = dataBytes < position ? "it is cut off" : "it has bytes of no tensor";
    const found = `${which}, for its header speaks of ${position} bytes of weights and ${dataBytes} are there`;
    throw damaged(file, "MetadataIncompleteBuffer", found);
  }
  return { metadata, entries };
}

function jsonObject(file: string, header: Uint8Array): Record<string, unknown> {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(header);
  } catch {
    throw damaged(file, "InvalidHeader", "its header is not UTF-8 text");
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw damaged(file, "InvalidHeaderDeserialization", "its header is not JSON");
  }
  if (!isObject(value)) throw damaged(file, "InvalidHeaderDeserialization", "its header is not a JSON object");
  return value;
}

function readMetadata(file: string, value: unknown, metadata: Map<string, string>): void {
  if (value === null) return;
  if (!isObject(value)) throw damaged(file, "InvalidHeaderDeserialization", "its __metadata__ is not a JSON object");
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== "string") {
      throw damaged(file, "InvalidHeaderDeserialization", `"${key}" in its __metadata__ is not a string`);
    }
    metadata.set(key, text);
  }
}

function readEntry(file: string, name: string, value: unknown): HeaderEntry {
  if (isObject(value)) {
    const { dtype, shape, data_offsets: offsets } = value;
    const isSound = typeof dtype === "string" && elementBytes.has(dtype) && isCounts(shape) && isCounts(offsets);
    if (isSound && offsets.length === 2) {
      return { name, dtype, shape, start: offsets[0] ?? 0, end: offsets[1] ?? 0 };
    }
  }
  throw damaged(file, "InvalidHeaderDeserialization", `the header's entry "${name}" is not as the format has it`);
}

/** Number of bytes for shape and type, in 64 bits as in the Rust library. */
function checkedBytes(file: string, entry: HeaderEntry): bigint {
  let bytes = 1n;
  for (const factor of [...entry.shape, elementBytes.get(entry.dtype) ?? 1]) {
    bytes *= BigInt(factor);
    if (bytes >= 1n << 64n) {
      throw damaged(file, "ValidationOverflow", `"${entry.name}" has the impossible shape [${entry.shape.join(", ")}]`);
    }
  }
  return bytes;
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isInteger(item) && item >= 0 && item <= 2 ** 64);
}
