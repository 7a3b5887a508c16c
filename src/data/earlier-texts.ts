import { Problem } from "../problem/problem.ts";
import { createRandom, shuffledIndices } from "./random.ts";
import type { TextFile } from "./text-lines.ts";

/** Texts of an earlier task, none of which is in both parts. */
export interface EarlierTexts {
  /** Those that may be used against forgetting. */
  train: string[];
  /** Those on which it is measured. */
  validation: string[];
}

/**
 * The texts of a file, each once, of which a seeded share is held out, at least one. Throws a Problem where there is only
 * one text.
 */
export function splitEarlierTexts(
  { name, lines }: TextFile,
  { share, seed }: { share: number; seed: number },
): EarlierTexts {
  const texts = [...new Set(lines)];
  if (texts.length < 2) {
    throw new Problem({
      found: `${name} has one text alone.`,
      expected: "Some texts were expected to measure forgetting with, and others to protect.",
      remedy: "Take a file of more texts, one a line.",
    });
  }
  const heldOut = Math.min(texts.length - 1, Math.max(1, Math.round(share * texts.length)));
  const order = shuffledIndices(texts.length, createRandom(seed));
  const some = (places: Int32Array) => Array.from(places.sort(), (place) => texts[place] ?? "");
  return { train: some(order.slice(heldOut)), validation: some(order.slice(0, heldOut)) };
}
