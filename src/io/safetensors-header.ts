import { Problem } from "../problem/problem.ts";

/** Bytes of an element of each type that the format knows. */
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

/** A header that has passed all checks. */
interface SafetensorsHeader {
  metadata: Map<string, string>;
  /** In order of offset. */
  entries: HeaderEntry[];
}

/** The error of a damaged file; `details` begins with the name that the Rust library gives the fault. */
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
export function headerLength(file: string, first: Uint8Array<ArrayBuffer>, fileSize: number): number {
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
export function parseHeader(file: string, header: Uint8Array, dataBytes: number): SafetensorsHeader {
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

/** Bytes that shape and type ask for, in 64 bits as the Rust library counts. */
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

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isInteger(item) && item >= 0 && item <= 2 ** 64);
}
