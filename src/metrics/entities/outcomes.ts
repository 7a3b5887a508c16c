import type { Entity } from "./tags.ts";

/** What became of the true entities of a type, one count each, and which of the type were predicted without any there. */
export interface TypeOutcomes {
  type: string;
  /** Type, first and last word are right. */
  right: number;
  /** The words are right, and the type is another one. */
  otherType: number;
  /** A predicted entity has some of the words, and more or fewer. */
  otherWords: number;
  missed: number;
  /** Predicted entities of the type that have no word of a true one. */
  invented: number;
}

/**
 * Counts by type how the entities of sequences were found, in the classes of the MUC conferences (Chinchor and Sundheim
 * 1993): correct, incorrect, partial, missing, spurious.
 */
export class OutcomeCounts {
  private readonly counts = new Map<string, TypeOutcomes>();

  /** Takes the entities of one sequence. */
  add(truth: readonly Entity[], predicted: readonly Entity[]): void {
    for (const entity of truth) this.of(entity)[outcomeOf(entity, predicted)]++;
    for (const entity of predicted) {
      if (!truth.some((other) => overlap(entity, other))) this.of(entity).invented++;
    }
  }

  /** By type, in the order of code units. */
  all(): TypeOutcomes[] {
    return [...this.counts.values()].sort((a, b) => (a.type < b.type ? -1 : 1));
  }

  private of([type]: Entity): TypeOutcomes {
    const known = this.counts.get(type);
    if (known) return known;
    const counts = { type, right: 0, otherType: 0, otherWords: 0, missed: 0, invented: 0 };
    this.counts.set(type, counts);
    return counts;
  }
}

function outcomeOf([type, first, last]: Entity, predicted: readonly Entity[]) {
  const same = predicted.find(([, from, to]) => from === first && to === last);
  if (same) return same[0] === type ? "right" : "otherType";
  return predicted.some((other) => overlap([type, first, last], other)) ? "otherWords" : "missed";
}

function overlap([, first, last]: Entity, [, from, to]: Entity): boolean {
  return from <= last && to >= first;
}
