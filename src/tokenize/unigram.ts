import type { Int32List } from "../io/int32-list.ts";
import type { JsonObject } from "../io/json-object.ts";
import { byteTokens } from "./byte-alphabet.ts";
import type { VocabularyModel } from "./vocabulary-model.ts";

/** How much less an unknown character scores than the lowest piece, as in SentencePiece. */
const UNKNOWN_PENALTY = 10;

/**
 * SentencePiece's Unigram model (Kudo 2018): of all ways to spell a text in pieces, the one with the highest sum of
 * scores. Sums are float64 and a later way must be strictly better, as in the Rust library's `encode_optimized`.
 */
export class Unigram implements VocabularyModel {
  readonly ids = new Map<string, number>();
  readonly unknownId: number | null;
  private readonly scores: Float64Array;
  private readonly unknownScore: number;
  /** Length of the longest piece, in UTF-16 units, by its first unit. */
  private readonly longest = new Map<number, number>();
  private readonly bytes: Int32Array | null;

  /** @param model the field `model` of tokenizer.json; throws where it is no Unigram model */
  constructor(model: JsonObject) {
    const pieces = model.vocab as [string, number][];
    this.scores = new Float64Array(pieces.length);
    let lowest = Infinity;
    for (const [id, [piece, score]] of pieces.entries()) {
      this.ids.set(piece, id);
      this.scores[id] = score;
      lowest = Math.min(lowest, score);
      const first = piece.charCodeAt(0);
      if (piece.length > (this.longest.get(first) ?? 0)) this.longest.set(first, piece.length);
    }
    this.unknownId = typeof model.unk_id === "number" ? model.unk_id : null;
    this.unknownScore = lowest - UNKNOWN_PENALTY;
    this.bytes = model.byte_fallback === true ? byteTokens(this.ids) : null;
  }

  append(text: string, into: Int32List, spans?: Int32List): void {
    const { starts, found } = this.bestPath(text);
    const pieces: { id: number; from: number; to: number }[] = [];
    for (let to = text.length; to > 0;) {
      const from = starts[to] ?? 0;
      const id = found[to] ?? 0;
      const later = pieces.at(-1);
      // Unknown characters in a row are one unknown token.
      if (later !== undefined && id === this.unknownId && later.id === id) later.from = from;
      else pieces.push({ id, from, to });
      to = from;
    }
    for (const { id, from, to } of pieces.reverse()) {
      const before = into.length;
      if (id === this.unknownId) this.appendUnknown(text.slice(from, to), id, into);
      else into.push(id);
      for (let token = before; token < into.length; token++) {
        spans?.push(from);
        spans?.push(to);
      }
    }
  }

  /** For each end of a piece on the best path the place where it begins and its id: `[length + 1]`. */
  private bestPath(text: string): { starts: Int32Array; found: Int32Array } {
    const starts = new Int32Array(text.length + 1).fill(-1);
    const found = new Int32Array(text.length + 1);
    const best = new Float64Array(text.length + 1);
    const offer = (from: number, to: number, id: number, score: number) => {
      const sum = score + (best[from] ?? 0);
      if (starts[to] !== -1 && sum <= (best[to] ?? 0)) return;
      starts[to] = from;
      found[to] = id;
      best[to] = sum;
    };
    for (let from = 0; from < text.length;) {
      const next = from + ((text.codePointAt(from) ?? 0) > 0xffff ? 2 : 1);
      const last = Math.min(text.length, from + (this.longest.get(text.charCodeAt(from)) ?? 0));
      let hasSingle = false;
      for (let to = next; to <= last; to++) {
        const id = this.ids.get(text.slice(from, to));
        if (id === undefined) continue;
        offer(from, to, id, this.scores[id] ?? 0);
        hasSingle ||= to === next;
      }
      if (!hasSingle) {
        if (this.unknownId === null) throw new Error("The model has no unknown token.");
        offer(from, next, this.unknownId, this.unknownScore);
      }
      from = next;
    }
    return { starts, found };
  }

  private appendUnknown(text: string, unknownId: number, into: Int32List): void {
    const known = this.ids.get(text);
    if (known !== undefined || this.bytes === null) into.push(known ?? unknownId);
    else for (const byte of new TextEncoder().encode(text)) into.push(this.bytes[byte] ?? unknownId);
  }
}
