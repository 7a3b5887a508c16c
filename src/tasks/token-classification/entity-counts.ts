import { labelsOfRow } from "../../data/row-labels.ts";
import type { LabelledRows } from "../../data/rows.ts";
import { WORD_WIDTH } from "../../data/word-tokens.ts";
import { lenientEntities } from "../../metrics/entities/lenient.ts";
import { counted } from "../../recipe/wording.ts";
import { tagForm } from "./tags.ts";

/** Entities of each type in both parts, by type. */
export interface EntitySummary {
  types: { type: string; train: number; validation: number }[];
}

/** Number of entities of each type; only types that occur. */
export function entityCounts(rows: LabelledRows): Map<string, number> {
  const { counted: tags } = tagForm(rows.labelNames);
  const counts = new Map<string, number>();
  for (let row = 0; row < rows.texts.length; row++) {
    const own = labelsOfRow(rows, row);
    const ofWords = Array.from(
      { length: own.length / WORD_WIDTH },
      (_, word) => tags[own[WORD_WIDTH * word + 2] ?? -1] ?? "O",
    );
    for (const [type] of lenientEntities(ofWords)) counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return counts;
}

export function entitySummary(train: LabelledRows, validation: LabelledRows): EntitySummary {
  const [own, held] = [entityCounts(train), entityCounts(validation)];
  const types = [...new Set([...own.keys(), ...held.keys()])].sort();
  return { types: types.map((type) => ({ type, train: own.get(type) ?? 0, validation: held.get(type) ?? 0 })) };
}

/** "group 264, person 660 in 3,394 texts". */
export function typesText(parts: readonly LabelledRows[]): string {
  const all = new Map<string, number>();
  for (const part of parts) {
    for (const [type, count] of entityCounts(part)) all.set(type, (all.get(type) ?? 0) + count);
  }
  const texts = parts.reduce((sum, { texts: { length } }) => sum + length, 0);
  const shown = [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([type, count]) => `${type} ${count}`);
  return `${shown.length === 0 ? "none" : shown.join(", ")} in ${counted(texts, "text")}`;
}
