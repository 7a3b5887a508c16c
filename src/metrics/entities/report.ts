import { averaged, microOf, ratio, scoresOfCounts, type HitCounts } from "../averages.ts";
import type { ClassScores } from "../report.ts";
import { lenientEntities } from "./lenient.ts";
import { OutcomeCounts, type TypeOutcomes } from "./outcomes.ts";
import { strictEntities } from "./strict.ts";
import type { Entity, Scheme } from "./tags.ts";

/** Entities that were found against those that are there; equal to seqeval's with zero_division = 0. */
export interface EntityReport {
  /** Number of sequences. */
  rows: number;
  /** Number of words. */
  words: number;
  /** Share of the words with the right tag. */
  tokenAccuracy: number;
  /** Types in truth or prediction, by code unit; their support is the number of true entities. */
  types: ({ type: string } & ClassScores)[];
  /** True entities of which a part was found with the right type, and not the whole: first or last word is wrong. */
  misplaced: number;
  micro: ClassScores;
  macro: ClassScores;
  weighted: ClassScores;
  /** How the entities of each type were found; of the same types. */
  outcomes: TypeOutcomes[];
}

/**
 * Compares the entities of sequences as they come. An entity is right where type, first and last word are.
 */
export class EntityScorer {
  private readonly counts = new Map<string, HitCounts>();
  private readonly outcomes = new OutcomeCounts();
  private rows = 0;
  private words = 0;
  private misplaced = 0;
  private rightWords = 0;
  private readonly entitiesOf: (tags: readonly string[]) => Entity[];

  /** @param scheme whose entities alone count; null for what any reader finds, as conlleval */
  constructor(scheme: Scheme | null = null) {
    this.entitiesOf = scheme === null ? lenientEntities : (tags) => strictEntities(tags, scheme);
  }

  /**
   * Takes the tags of the words of one sequence.
   *
   * @throws RangeError when the lengths differ, or for a letter that the scheme does not have
   */
  add(truth: readonly string[], predicted: readonly string[]): void {
    if (truth.length !== predicted.length) {
      throw new RangeError(`${truth.length} true tags and ${predicted.length} predicted ones.`);
    }
    const [own, guesses] = [this.entitiesOf(truth), this.entitiesOf(predicted)];
    this.outcomes.add(own, guesses);
    const found = new Set(guesses.map(keyOf));
    for (const [type, counts] of entityCounts(own, guesses)) addCounts(this.counts, type, counts);
    for (const entity of own) {
      if (!found.has(keyOf(entity)) && guesses.some((guess) => overlaps(guess, entity))) this.misplaced++;
    }
    this.rows++;
    this.words += truth.length;
    this.rightWords += truth.filter((tag, place) => tag === predicted[place]).length;
  }

  report(): EntityReport {
    return {
      rows: this.rows,
      words: this.words,
      tokenAccuracy: ratio(this.rightWords, this.words),
      ...scoresOfTypes(this.counts),
      misplaced: this.misplaced,
      outcomes: this.outcomes.all(),
    };
  }
}

/** Entities of one sequence that are there, that were predicted, and both, by type. */
export function entityCounts(truth: readonly Entity[], predicted: readonly Entity[]): Map<string, HitCounts> {
  const counts = new Map<string, HitCounts>();
  const found = new Set(predicted.map(keyOf));
  for (const [type] of predicted) addCounts(counts, type, { hits: 0, predicted: 1, support: 0 });
  for (const entity of truth) {
    addCounts(counts, entity[0], { hits: Number(found.has(keyOf(entity))), predicted: 0, support: 1 });
  }
  return counts;
}

/** Adds the counts of a type, so many times. */
export function addCounts(all: Map<string, HitCounts>, type: string, added: HitCounts, times = 1): void {
  const counts = all.get(type) ?? { hits: 0, predicted: 0, support: 0 };
  counts.hits += times * added.hits;
  counts.predicted += times * added.predicted;
  counts.support += times * added.support;
  all.set(type, counts);
}

/** The scores of all types that were counted. */
export function scoresOfTypes(
  counts: ReadonlyMap<string, HitCounts>,
): Pick<EntityReport, "types" | "micro" | "macro" | "weighted"> {
  const types = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  const scores = types.map(([type, own]) => ({ type, ...scoresOfCounts(own) }));
  const support = scores.reduce((sum, one) => sum + one.support, 0);
  return {
    types: scores,
    micro: microOf(types.map(([, own]) => own)),
    macro: averaged(scores, support, () => 1),
    weighted: averaged(scores, support, (type) => type.support),
  };
}

/** Whether two entities have their type and a word in common. */
function overlaps([type, first, last]: Entity, [otherType, otherFirst, otherLast]: Entity): boolean {
  return type === otherType && first <= otherLast && otherFirst <= last;
}

function keyOf([type, first, last]: Entity): string {
  return `${first} ${last} ${type}`;
}
