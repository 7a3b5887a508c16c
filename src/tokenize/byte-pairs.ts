import type { Int32List } from "../io/int32-list.ts";
import type { JsonObject } from "../io/json-object.ts";
import { byteTokens } from "./byte-alphabet.ts";
import { NumberHeap } from "./number-heap.ts";
import type { VocabularyModel } from "./vocabulary-model.ts";

/** Ids of a pair are one number: left × PAIR + right. Ranks and places likewise. Both stay below 2 ** 53. */
const PAIR = 2 ** 26;

/** Symbols of a word as a linked list; `ids` is −1 where a symbol was merged into the one before it. */
interface Symbols {
  ids: number[];
  /** UTF-16 units of the word at which each symbol begins and ends; a merged one ends where the last of its parts does. */
  starts: number[];
  ends: number[];
  next: number[];
  previous: number[];
}

/**
 * Byte-pair encoding (Sennrich and others 2016) as the Rust library's `BPE` has it: the characters of a word are merged
 * pair by pair, always the pair with the lowest rank, the leftmost of equal ones.
 */
export class BytePairs implements VocabularyModel {
  readonly ids: ReadonlyMap<string, number>;
  readonly unknownId: number | null;
  /** Rank of the merge of a pair, and the id that it gives by rank. */
  private readonly ranks = new Map<number, number>();
  private readonly merged: number[] = [];
  private readonly prefix: string;
  private readonly suffix: string;
  private readonly fusesUnknown: boolean;
  private readonly ignoresMerges: boolean;
  private readonly bytes: Int32Array | null;

  /** @param model the field `model` of tokenizer.json; throws where a merge is of tokens that it does not have */
  constructor(model: JsonObject, ids: ReadonlyMap<string, number>) {
    this.ids = ids;
    this.unknownId = typeof model.unk_token === "string" ? (ids.get(model.unk_token) ?? null) : null;
    this.prefix = typeof model.continuing_subword_prefix === "string" ? model.continuing_subword_prefix : "";
    this.suffix = typeof model.end_of_word_suffix === "string" ? model.end_of_word_suffix : "";
    this.fusesUnknown = model.fuse_unk === true;
    this.ignoresMerges = model.ignore_merges === true;
    this.bytes = model.byte_fallback === true ? byteTokens(ids) : null;
    for (const merge of Array.isArray(model.merges) ? (model.merges as unknown[]) : []) {
      // Files of older versions write a pair as one text.
      const [left = "", right = ""] = typeof merge === "string" ? merge.split(" ") : (merge as string[]);
      const id = ids.get(left + right.slice(this.prefix.length));
      if (id === undefined) throw new Error(`The merge of ${left} and ${right} gives no token.`);
      this.ranks.set(this.id(left) * PAIR + this.id(right), this.merged.length);
      this.merged.push(id);
    }
  }

  append(text: string, into: Int32List, spans?: Int32List): void {
    const whole = this.ignoresMerges ? this.ids.get(text) : undefined;
    if (whole !== undefined) {
      into.push(whole);
      spans?.push(0);
      spans?.push(text.length);
      return;
    }
    const symbols = this.characters(text);
    if (symbols.ids.length > 1) this.merge(symbols);
    for (const [at, id] of symbols.ids.entries()) {
      if (id < 0) continue;
      into.push(id);
      spans?.push(symbols.starts[at] ?? 0);
      spans?.push(symbols.ends[at] ?? 0);
    }
  }

  private id(token: string): number {
    const id = this.ids.get(token);
    if (id === undefined) throw new Error(`The merges name ${token}, which is no token.`);
    return id;
  }

  /** The ids of the characters, with the prefix and the suffix that the vocabulary writes within words. */
  private characters(text: string): Symbols {
    const ids: number[] = [];
    const starts: number[] = [];
    const ends: number[] = [];
    let lastIsUnknown = false;
    for (let at = 0; at < text.length;) {
      const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
      const isFirst = at === 0;
      const start = at;
      at += character.length;
      const written = (isFirst ? "" : this.prefix) + character + (at === text.length ? this.suffix : "");
      const id = this.ids.get(written);
      if (id !== undefined) ids.push(id);
      else if (this.bytes !== null)
        for (const byte of new TextEncoder().encode(written)) ids.push(this.bytes[byte] ?? 0);
      else if (this.fusesUnknown && lastIsUnknown) ends[ends.length - 1] = at;
      else if (this.unknownId !== null) ids.push(this.unknownId);
      while (starts.length < ids.length) {
        starts.push(start);
        ends.push(at);
      }
      lastIsUnknown = id === undefined && this.bytes === null;
    }
    return {
      ids,
      starts,
      ends,
      next: ids.map((_, i) => (i + 1 < ids.length ? i + 1 : -1)),
      previous: ids.map((_, i) => i - 1),
    };
  }

  private merge({ ids, ends, next, previous }: Symbols): void {
    const queue = new NumberHeap();
    const rankAt = (at: number) => {
      const after = at < 0 ? -1 : (next[at] ?? -1);
      return after < 0 ? undefined : this.ranks.get((ids[at] ?? 0) * PAIR + (ids[after] ?? 0));
    };
    const offer = (at: number) => {
      const rank = rankAt(at);
      if (rank !== undefined) queue.push(rank * PAIR + at);
    };
    for (let at = 0; at < ids.length; at++) offer(at);
    for (let first = queue.pop(); first !== undefined; first = queue.pop()) {
      const at = first % PAIR;
      const rank = Math.floor(first / PAIR);
      // The pair may be gone, or another one may stand there by now.
      if ((ids[at] ?? -1) < 0 || rankAt(at) !== rank) continue;
      const after = next[at] ?? -1;
      const later = next[after] ?? -1;
      ids[at] = this.merged[rank] ?? 0;
      ids[after] = -1;
      ends[at] = ends[after] ?? 0;
      next[at] = later;
      if (later >= 0) previous[later] = at;
      offer(previous[at] ?? -1);
      offer(at);
    }
  }
}
