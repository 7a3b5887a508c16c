import { Problem } from "../problem/problem.ts";
import type { ByteSource } from "./byte-source.ts";

/** Numbers of a tensor that are read only when they are written out, so that no second copy of a model is held. */
export interface LazyNumbers {
  kind: "lazy";
  length: number;
  /** In order, together `length` numbers. */
  pieces(): AsyncIterable<Float32Array> | Iterable<Float32Array>;
}

const arrays = { Float32Array, Float64Array, Int32Array, Uint32Array, Uint8Array };
type ArrayName = keyof typeof arrays;

/**
 * An array of numbers in the header of a file, and where its bytes are. Numbers that JSON cannot say are written as
 * `{ $number: "Infinity" }`, and objects with fields that begin with "$" as `{ $object: [[key, value], …] }`.
 */
interface Placing {
  $array: ArrayName;
  at: number;
  length: number;
}

/** Begins each file; the last character is the version of the format. */
const MAGIC = "TABTREE1";
const ALIGNED = 8;
const PIECE_BYTES = 4 << 20;

interface Placed {
  array: ArrayBufferView | LazyNumbers;
  bytes: number;
}

/**
 * The bytes of a tree of plain values and arrays of numbers, in pieces of up to 4 MB: the magic word, the length of the
 * header (8 bytes), the header (JSON of the tree, with the places of the arrays), and the arrays, little-endian and
 * aligned to 8 bytes. Lazy numbers are asked for when their turn comes. Undefined fields are left out.
 *
 * @throws TypeError for anything that is neither a plain value, an array, an object nor an array of numbers
 */
export async function* packTree(tree: unknown): AsyncGenerator<Uint8Array> {
  const { start, placed } = layOut(tree);
  yield* inPieces(start);
  for (const { array, bytes } of placed) {
    if (ArrayBuffer.isView(array)) yield* inPieces(bytesOf(array));
    else {
      let written = 0;
      for await (const piece of array.pieces()) {
        written += piece.byteLength;
        yield* inPieces(bytesOf(piece));
      }
      if (written !== bytes) throw new RangeError(`${bytes} bytes of a tensor were expected, and ${written} came.`);
    }
    if (aligned(bytes) > bytes) yield new Uint8Array(aligned(bytes) - bytes);
  }
}

/** Number of bytes that `packTree` makes of a tree. */
export function packedBytes(tree: unknown): number {
  const { start, placed } = layOut(tree);
  return placed.reduce((sum, { bytes }) => sum + aligned(bytes), start.length);
}

/** The beginning of the file up to the arrays, and the arrays in their order. */
function layOut(tree: unknown): { start: Uint8Array; placed: Placed[] } {
  const placed: Placed[] = [];
  let at = 0;
  const place = (array: Placed["array"], name: ArrayName, length: number): Placing => {
    const bytes = length * arrays[name].BYTES_PER_ELEMENT;
    const placing = { $array: name, at, length };
    placed.push({ array, bytes });
    at += aligned(bytes);
    return placing;
  };
  const header = new TextEncoder().encode(JSON.stringify(marked(tree, place)));
  const start = new Uint8Array(aligned(MAGIC.length + 8 + header.length));
  start.set(new TextEncoder().encode(MAGIC));
  new DataView(start.buffer).setBigUint64(MAGIC.length, BigInt(header.length), true);
  start.set(header, MAGIC.length + 8);
  return { start, placed };
}

/** The tree with what JSON cannot say marked. */
function marked(tree: unknown, place: (array: Placed["array"], name: ArrayName, length: number) => Placing): unknown {
  switch (typeof tree) {
    case "string":
    case "boolean":
      return tree;
    case "number":
      return Number.isFinite(tree) && !Object.is(tree, -0) ? tree : { $number: Object.is(tree, -0) ? "-0" : `${tree}` };
    case "object":
      break;
    default:
      throw new TypeError(`A ${typeof tree} cannot be saved.`);
  }
  if (tree === null) return null;
  if (Array.isArray(tree)) return tree.map((one) => marked(one === undefined ? null : one, place));
  if (ArrayBuffer.isView(tree)) {
    const name = arrayName(tree);
    return place(tree, name, tree.byteLength / arrays[name].BYTES_PER_ELEMENT);
  }
  if (isLazy(tree)) return place(tree, "Float32Array", tree.length);
  const prototype: unknown = Object.getPrototypeOf(tree);
  if (prototype !== Object.prototype && prototype !== null)
    throw new TypeError(`An object of the class ${tree.constructor.name} cannot be saved.`);
  const entries = Object.entries(tree).filter(([, value]) => value !== undefined);
  const own = entries.map(([key, value]): [string, unknown] => [key, marked(value, place)]);
  // A field with a name that means something else here, or to JavaScript, is one of a list.
  return own.some(([key]) => key.startsWith("$") || key === "__proto__") ? { $object: own } : Object.fromEntries(own);
}

/**
 * The tree of a file that `packTree` wrote; lazy numbers come back as Float32Array.
 *
 * @throws Problem where the file is cut, or no such file
 */
export async function readTree(source: ByteSource): Promise<unknown> {
  const start = await read(source, 0, MAGIC.length + 8);
  if (new TextDecoder().decode(start.subarray(0, MAGIC.length)) !== MAGIC) throw noTree(source.name);
  const length = Number(new DataView(start.buffer, start.byteOffset).getBigUint64(MAGIC.length, true));
  if (length > source.size) throw noTree(source.name);
  const header = parseHeader(source.name, await read(source, MAGIC.length + 8, length));
  const body = aligned(MAGIC.length + 8 + length);
  const restored = async (value: unknown): Promise<unknown> => {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) {
      const all: unknown[] = [];
      for (const one of value) all.push(await restored(one));
      return all;
    }
    const mark = value as { $number?: string; $object?: [string, unknown][] } & Partial<Placing>;
    if (mark.$number !== undefined) return Number(mark.$number);
    if (mark.$array !== undefined) {
      const { at = 0, length = 0 } = mark;
      if (!Object.hasOwn(arrays, mark.$array) || !isCount(at) || !isCount(length)) throw noTree(source.name);
      const Kind = arrays[mark.$array];
      const bytes = await read(source, body + at, length * Kind.BYTES_PER_ELEMENT);
      return new Kind(bytes.buffer, bytes.byteOffset, length);
    }
    const own: [string, unknown][] = mark.$object ?? Object.entries(value);
    const object: Record<string, unknown> = {};
    for (const [key, one] of own) {
      const field = { value: await restored(one), enumerable: true, writable: true, configurable: true };
      Object.defineProperty(object, key, field);
    }
    return object;
  };
  return restored(header);
}

function parseHeader(name: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw noTree(name);
  }
}

const isCount = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0;

async function read(source: ByteSource, from: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  if (from + length > source.size) throw noTree(source.name);
  return source.slice(from, from + length);
}

function* inPieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) yield bytes.subarray(from, from + PIECE_BYTES);
}

const aligned = (bytes: number) => Math.ceil(bytes / ALIGNED) * ALIGNED;
const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) => new Uint8Array(buffer, byteOffset, byteLength);
const isLazy = (value: object): value is LazyNumbers => "kind" in value && value.kind === "lazy" && "pieces" in value;

function arrayName(array: ArrayBufferView): ArrayName {
  const found = (Object.keys(arrays) as ArrayName[]).find((name) => array instanceof arrays[name]);
  if (!found) throw new TypeError(`A ${array.constructor.name} cannot be saved.`);
  return found;
}

function noTree(name: string): Problem {
  return new Problem({
    found: `The file ${name} is not a whole saved state.`,
    expected: "A file that Tabtune wrote was expected, from its first to its last byte.",
    remedy: "Take another save.",
  });
}
