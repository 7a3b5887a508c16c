import type { LabelledRows } from "../../data/rows.ts";
import type { Finding } from "../../data/summary.ts";
import { WORD_WIDTH } from "../../data/word-tokens.ts";
import { counted, quoted } from "../../recipe/wording.ts";
import { entityCounts } from "./entity-counts.ts";

const SHOWN_ROWS = 20;
const are = (rows: readonly number[]) => (rows.length === 1 ? "is" : "are");

/** Rows whose words and tags do not belong together. */
export function brokenFinding(rows: readonly number[], nothingLeft: boolean): Finding[] {
  if (rows.length === 0) return [];
  return [
    {
      id: "unread-labels",
      severity: nothingLeft ? "blocking" : "warning",
      text: `${counted(rows.length, "row has", "rows have")} tags that do not go with the words, one for each, or spans that cannot be read, and ${are(rows)} left out.`,
      remedy: "Give each word a tag, or spans as [start, end, label], and choose the columns of both.",
      tableRows: rows.slice(0, SHOWN_ROWS),
    },
  ];
}

/** Rows with spans that are no entity. */
export function lostFinding(rows: readonly number[]): Finding[] {
  if (rows.length === 0) return [];
  return [
    {
      id: "lost-spans",
      severity: "warning",
      text: `${counted(rows.length, "row has", "rows have")} spans that are beyond the text, hold no word, or overlap an earlier one; these spans are left out.`,
      remedy:
        "Count spans in characters (code points) from the beginning of the text, and keep one of those that overlap.",
      tableRows: rows.slice(0, SHOWN_ROWS),
    },
  ];
}

/** Entities that begin or end within a word, which is learned in pieces. */
export function cutFinding({ texts, rows, spans }: { texts: string[]; rows: number[]; spans: number }): Finding[] {
  if (texts.length === 0) return [];
  return [
    {
      id: "cut-words",
      severity: texts.length > 0.1 * spans ? "warning" : "note",
      text: `${counted(texts.length, "span begins or ends", "spans begin or end")} within a word, in ${counted(rows.length, "row")}: ${quoted([...new Set(texts)], 3)}. Such words are learned in pieces.`,
      remedy:
        "Count places from 0 in characters (code points); the end is the place after the last character of an entity.",
      tableRows: rows.slice(0, SHOWN_ROWS),
    },
  ];
}

/** Rows with types that a head does not have. */
export function unknownTypesFinding(
  unknown: ReadonlyMap<string, readonly number[]>,
  labelNames: readonly string[],
  nothingLeft: boolean,
): Finding[] {
  const rows = [...new Set([...unknown.values()].flat())].sort((a, b) => a - b);
  if (rows.length === 0) return [];
  return [
    {
      id: "unknown-validation-labels",
      severity: nothingLeft ? "blocking" : "warning",
      text: `${counted(rows.length, "row has", "rows have")} entities of a type that is not among those learned (${quoted([...unknown.keys()], 5)}) and ${are(rows)} left out.`,
      remedy: `Rename these types to those that are learned: ${quoted(labelNames, 9)}.`,
      tableRows: rows.slice(0, SHOWN_ROWS),
    },
  ];
}

/** Texts of one word each, whose sentences are not known. */
export function singleWordsFinding({ texts, labels }: LabelledRows): Finding[] {
  const isOfOneWord = texts.length > 1 && labels.length === WORD_WIDTH * texts.length;
  if (!isOfOneWord) return [];
  return [
    {
      id: "single-words",
      severity: "warning",
      text: "Each text is a single word, so that no word is read beside the others of its sentence.",
      remedy:
        'Add a column "sentence" that numbers the sentences, or save the words as CoNLL does: an empty line after each sentence.',
      tableRows: [],
    },
  ];
}

export function noEntities(rows: LabelledRows): Finding[] {
  if (entityCounts(rows).size > 0) return [];
  return [
    {
      id: "one-class",
      severity: "blocking",
      text: rows.texts.length === 0 ? "No row has both a text and tags." : "No word of any text is part of an entity.",
      remedy: "Choose another label column: there is nothing to find.",
      tableRows: [],
    },
  ];
}
