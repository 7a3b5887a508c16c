import { cellValue } from "../../data/cell-value.ts";
import { inCodePoints, spansOfCell, type LabelledSpan } from "../../data/labelled-spans.ts";
import { wordsOfList, wordsOfText, type Word } from "../../data/text-words.ts";
import { tagsOf } from "../../metrics/entities/schemes.ts";
import type { Entity } from "../../metrics/entities/tags.ts";

/** A text with its words, and the tag of each. */
interface TaggedRow {
  text: string;
  words: Word[];
  tags: string[];
  /** Spans of the cell that are no entity here: outside of the text, without a word, or over another one. */
  lost: number;
  /** Number of entities that are spans, and the texts of those that begin or end within a word. */
  spans: number;
  cut: readonly string[];
}

/**
 * Reads a text and its labels: a list of words and one of their tags, words and tags with spaces between them, or a text
 * and the spans of its entities, which become tags in IOB2. Null where the cells do not belong together.
 */
export function taggedRow(text: string, labels: string): TaggedRow | null {
  const listed = listOf(text);
  const spans = listed === null ? spansOfCell(labels) : null;
  if (spans !== null) return ofSpans(text, spans);
  const words = listed ?? wordsIn(text);
  const tags = listOf(labels) ?? wordsIn(labels);
  if (words.length === 0 || words.length !== tags.length) return null;
  return { text: words.join(" "), words: wordsOfList(words), tags, lost: 0, spans: 0, cut: [] };
}

/** The text of a cell, and its words where the cell is a list of them: the text has a space between these. */
export function readText(cell: string): { text: string; words: Word[] | null } {
  const words = listOf(cell);
  if (words) return { text: words.join(" "), words: wordsOfList(words) };
  return { text: /\s/.test(cell) ? cell : cell.trim(), words: null };
}

const wordsIn = (text: string) => text.split(/\s+/).filter((word) => word !== "");

/** The entries of a cell that is a list of plain values. */
function listOf(cell: string): string[] | null {
  const value = cellValue(cell);
  if (!Array.isArray(value)) return null;
  const entries = (value as unknown[]).map((entry) =>
    typeof entry === "string" ? entry : typeof entry === "number" ? String(entry) : entry === null ? "O" : undefined,
  );
  return entries.every((entry) => entry !== undefined) ? entries : null;
}

function ofSpans(text: string, all: readonly LabelledSpan[]): TaggedRow {
  const characters = Array.from(text);
  const inOrder = inCodePoints(all, characters).sort((a, b) => a.start - b.start || b.end - a.end);
  const words = wordsOfText(text, inOrder);
  const entities: Entity[] = [];
  const cut: string[] = [];
  let free = 0;
  for (const { start, end, label } of inOrder) {
    const first = words.findIndex((word) => word.start >= start);
    const last = words.findLastIndex((word) => word.end <= end);
    if (first < free || last < first || start < 0) continue;
    entities.push([label, first, last]);
    free = last + 1;
    if (cutsWord(characters, start) || cutsWord(characters, end)) cut.push(characters.slice(start, end).join(""));
  }
  const tags = tagsOf(entities, words.length, "IOB2");
  return { text, words, tags, lost: all.length - entities.length, spans: entities.length, cut };
}

const WORD_CHARACTER = /[\p{L}\p{N}\p{M}_]/u;
/** Letters of scripts that write words without spaces, or endings of other words onto them. */
const WITHOUT_SPACES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Whether a place stands between two letters of a word. */
function cutsWord(characters: readonly string[], place: number): boolean {
  const sides = [characters[place - 1] ?? "", characters[place] ?? ""];
  return sides.every((side) => WORD_CHARACTER.test(side) && !WITHOUT_SPACES.test(side));
}
