import { lenientEntities } from "../../../metrics/entities/lenient.ts";
import { taggedRow } from "../../../tasks/token-classification/tagged-row.ts";
import { areLettered, usualTag } from "../../../tasks/token-classification/tags.ts";
import { listEntries } from "../../../tasks/list-entries.ts";

/**
 * A text whose words are a list as a sentence, and its tags as the entities that they mark: "Ann Lee (PER), Rome (LOC)".
 * Tags without letters are listed as they are, and so are cells that are not understood.
 */
export function readableTags({ text, label }: { text: string; label: string }): { text: string; label: string } {
  const [words, tags] = [listEntries(text), listEntries(label)];
  const row = words && tags ? { words, tags } : wordsOf(text, label);
  const readText = words?.join(" ") ?? text;
  if (!row) return { text: readText, label: tags?.join(" ") ?? label };
  // Words and tags of a row that was cut off may end at different places.
  const shown = row.tags.slice(0, row.words.length);
  if (!areLettered(shown)) return { text: readText, label: shown.join(" ") };
  const entities = lenientEntities(shown.map(usualTag)).map(
    ([type, first, last]) => `${row.words.slice(first, last + 1).join(" ")} (${type})`,
  );
  return { text: readText, label: entities.length > 0 ? entities.join(", ") : "no entity" };
}

function wordsOf(text: string, label: string): { words: string[]; tags: string[] } | null {
  const row = taggedRow(text, label);
  if (!row) return null;
  const characters = Array.from(row.text);
  return { words: row.words.map(({ start, end }) => characters.slice(start, end).join("")), tags: row.tags };
}
