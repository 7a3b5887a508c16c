import * as v from "valibot";
import type { ByteSource } from "../io/byte-source.ts";
import { packTree, readTree } from "../io/state-tree.ts";

/** What is shown of a save without reading it whole. */
export interface SaveFacts {
  /** Milliseconds since 1970. */
  savedAt: number;
  /** Steps made, of `steps`; null where that is not known. */
  step: number;
  steps: number | null;
  /** Names of the data and of the model, where there is a list of runs. */
  names?: { data: string; model: string };
}

const factsSchema = v.object({
  savedAt: v.number(),
  step: v.number(),
  steps: v.nullable(v.number()),
  names: v.exactOptional(v.object({ data: v.string(), model: v.string() })),
});

/** Ends each file; the last character is the version of what is saved: others are not read. */
const MAGIC = "TABSAVE1";
/** Magic word, number of the save, bytes of state and of facts (8 each), SHA-256. */
const TRAILER = 8 * 4 + 32;
const HASHED_AT_ONCE = 4 << 20;

/**
 * The bytes of a save: its state, its facts, and a trailer with their lengths and the hash of both. A file that was not
 * written to its end has no trailer that fits.
 */
export async function* saveBytes(number: number, state: unknown, facts: SaveFacts): AsyncGenerator<Uint8Array> {
  const hash = new PieceHash();
  let length = 0;
  for await (const piece of packTree(state)) {
    length += piece.length;
    await hash.add(piece);
    yield piece;
  }
  const told = new TextEncoder().encode(JSON.stringify(facts));
  await hash.add(told);
  yield told;
  const trailer = new Uint8Array(TRAILER);
  const view = new DataView(trailer.buffer);
  trailer.set(new TextEncoder().encode(MAGIC));
  for (const [i, count] of [number, length, told.length].entries()) view.setBigUint64(8 + 8 * i, BigInt(count), true);
  await hash.add(trailer.subarray(0, TRAILER - 32));
  trailer.set(await hash.end(), TRAILER - 32);
  yield trailer;
}

/** A save whose trailer fits its file; whether its bytes are right is not known yet. */
export interface OpenedSave {
  number: number;
  facts: SaveFacts;
  /** Whether all bytes are as they were written. */
  isWhole(): Promise<boolean>;
  state(): Promise<unknown>;
}

/** Null where the file does not end as a save of this version does. */
export async function openSave(source: ByteSource): Promise<OpenedSave | null> {
  const { size } = source;
  if (size < TRAILER) return null;
  const trailer = await source.slice(size - TRAILER, size);
  if (new TextDecoder().decode(trailer.subarray(0, MAGIC.length)) !== MAGIC) return null;
  const view = new DataView(trailer.buffer, trailer.byteOffset);
  const [number = 0, length = 0, told = 0] = [8, 16, 24].map((at) => Number(view.getBigUint64(at, true)));
  if (length + told + TRAILER !== size) return null;
  const facts = readFacts(new TextDecoder().decode(await source.slice(length, length + told)));
  if (!facts) return null;
  const body = { name: source.name, size: length, slice: source.slice.bind(source) };
  return {
    number,
    facts,
    async isWhole() {
      const hash = new PieceHash();
      for (let from = 0; from < length + told; from += HASHED_AT_ONCE)
        await hash.add(await source.slice(from, Math.min(length + told, from + HASHED_AT_ONCE)));
      await hash.add(trailer.subarray(0, TRAILER - 32));
      const found = await hash.end();
      return found.every((byte, i) => byte === trailer[TRAILER - 32 + i]);
    },
    state: () => readTree(body),
  };
}

/** Null where a byte was changed such that they are none. */
function readFacts(text: string): SaveFacts | null {
  try {
    const { success, output } = v.safeParse(factsSchema, JSON.parse(text));
    return success ? output : null;
  } catch {
    return null;
  }
}

/** SHA-256 over the SHA-256 of pieces of 4 MB each, however the bytes come: no large file is in memory whole. */
class PieceHash {
  private readonly piece = new Uint8Array(HASHED_AT_ONCE);
  private filled = 0;
  private readonly hashes: Uint8Array[] = [];

  async add(bytes: Uint8Array): Promise<void> {
    for (let from = 0; from < bytes.length;) {
      const part = bytes.subarray(from, from + HASHED_AT_ONCE - this.filled);
      this.piece.set(part, this.filled);
      this.filled += part.length;
      from += part.length;
      if (this.filled === HASHED_AT_ONCE) await this.close();
    }
  }

  async end(): Promise<Uint8Array> {
    await this.close();
    const all = new Uint8Array(32 * this.hashes.length);
    for (const [i, hash] of this.hashes.entries()) all.set(hash, 32 * i);
    return sha256(all);
  }

  private async close(): Promise<void> {
    if (this.filled > 0) this.hashes.push(await sha256(this.piece.subarray(0, this.filled)));
    this.filled = 0;
  }
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** The hash of a whole file, as that of saves: equal files have equal hashes. Hexadecimal. */
export async function hashOf(source: ByteSource): Promise<string> {
  const hash = new PieceHash();
  for (let from = 0; from < source.size; from += HASHED_AT_ONCE)
    await hash.add(await source.slice(from, Math.min(source.size, from + HASHED_AT_ONCE)));
  return Array.from(await hash.end(), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
