import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bytesSource, type ByteSource } from "../../src/io/byte-source.ts";
import { toFloat16 } from "../../src/io/float16.ts";
import { fileSource } from "../../src/io/node-file.ts";
import { openSafetensors, readTensor } from "../../src/io/safetensors.ts";
import { smallTokenizer } from "../tokenize/starter-tokenizer.ts";
import { textSource } from "../io/model-folder.ts";

/** Tensors of a checkpoint by name. */
export type Tensors = Map<string, { shape: number[]; values: Float32Array<ArrayBuffer> }>;
export type StoredDtype = "F32" | "F16" | "BF16";

/** A folder in test/reference with a small model. */
export type Reference = "tiny" | `families/${string}`;

const fileOf = (reference: Reference, name: string) =>
  fileURLToPath(new URL(`../reference/${reference}/checkpoint/${name}`, import.meta.url));

/** config.json of a reference's checkpoint, with changes; undefined takes a field away. */
export function tinyConfig(changes: Record<string, unknown> = {}, reference: Reference = "tiny"): string {
  const config = JSON.parse(readFileSync(fileOf(reference, "config.json"), "utf8")) as Record<string, unknown>;
  return JSON.stringify({ ...config, ...changes });
}

/** All tensors of a reference's checkpoint. */
export async function tinyTensors(reference: Reference = "tiny"): Promise<Tensors> {
  const file = await openSafetensors(await fileSource(fileOf(reference, "model.safetensors")));
  const tensors: Tensors = new Map();
  for (const [name, { shape }] of file.tensors) tensors.set(name, { shape, values: await readTensor(file, name) });
  return tensors;
}

/** The same tensors under other names; those renamed to null are left out. */
export function renamed(tensors: Tensors, rename: (name: string) => string | null): Tensors {
  const result: Tensors = new Map();
  for (const [name, tensor] of tensors) {
    const next = rename(name);
    if (next !== null) result.set(next, tensor);
  }
  return result;
}

/** A WordPiece tokenizer.json of as many pieces as the tiny model's vocabulary (or another number). */
export function tinyTokenizer(pieces = 997): string {
  return smallTokenizer(Array.from({ length: pieces - 4 }, (_, i) => `w${i + 4}`)).tokenizerJson;
}

const bytesOf: Record<StoredDtype, (values: Float32Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>> = {
  F32: (values) => new Uint8Array(values.slice().buffer),
  F16: (values) => new Uint8Array(Uint16Array.from(values, toFloat16).buffer),
  BF16: (values) =>
    new Uint8Array(Uint16Array.from(new Uint32Array(values.slice().buffer), (bits) => bits >>> 16).buffer),
};

/** A safetensors file of the tensors, written here, so that reading it is not tested against our own writing. */
export async function weightFile(name: string, tensors: Tensors, dtype: StoredDtype = "F32"): Promise<ByteSource> {
  const header: Record<string, unknown> = {};
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let at = 0;
  for (const [tensor, { shape, values }] of tensors) {
    const bytes = bytesOf[dtype](values);
    header[tensor] = { dtype, shape, data_offsets: [at, at + bytes.length] };
    parts.push(bytes);
    at += bytes.length;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(json.length), true);
  return bytesSource(name, new Uint8Array(await new Blob([length, json, ...parts]).arrayBuffer()));
}

/** The files of a checkpoint as a person would drop them. */
export async function checkpointFiles(
  tensors: Tensors,
  {
    config = tinyConfig(),
    tokenizer = tinyTokenizer(),
    dtype,
  }: { config?: string; tokenizer?: string; dtype?: StoredDtype } = {},
): Promise<ByteSource[]> {
  return [
    textSource("config.json", config),
    textSource("tokenizer.json", tokenizer),
    await weightFile("model.safetensors", tensors, dtype),
  ];
}
