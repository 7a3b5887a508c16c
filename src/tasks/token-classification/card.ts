import { cell, table } from "../../io/markdown.ts";
import type { TokenReport } from "./metrics.ts";
import { typesOfNames } from "./tags.ts";

/** "It finds entities of 6 types: corporation, …". */
export function typesText(labelNames: readonly string[]): string {
  const types = typesOfNames(labelNames).map(cell);
  const what = types.length === 1 ? "entities of one type" : `entities of ${types.length} types`;
  return `It finds ${what}: ${types.join(", ")}. The tag of a word is that of its first token.`;
}

/** Precision, recall and F1 of whole entities by type. */
export function results({ types, micro, macro, weighted, tokenAccuracy, words }: TokenReport): string {
  const percent = (share: number) => share.toFixed(4);
  const line = (name: string, { precision, recall, f1, support }: TokenReport["micro"]) => [
    name,
    ...[precision, recall, f1].map(percent),
    String(support),
  ];
  const lines = [
    ...types.map(({ type, ...scores }) => line(cell(type), scores)),
    line("micro average", micro),
    line("macro average", macro),
    line("weighted average", weighted),
  ];
  const head = table(["Type", "Precision", "Recall", "F1", "Entities"], lines);
  return `${head}\n\nAn entity is right where its type, its first and its last word are. ${percent(tokenAccuracy)} of ${words} words have the right tag.`;
}
