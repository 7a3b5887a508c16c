import type { ParsedTable } from "../io/parsed-table.ts";
import { TextColumn, type Texts } from "../io/text-column.ts";
import { counted, quoted } from "../recipe/wording.ts";
import { looksOf, type ColumnLook } from "./column-look.ts";
import { nameWords } from "./column-name.ts";
import { areWordsAndTags, holdTagWords } from "./column-task.ts";
import type { Finding } from "./summary.ts";

/** Names of columns of words, of what they are tagged with, and of what says which words are a sentence. */
const WORD_NAME = /^(words?|tokens?|form)$/;
const TAG_NAME =
  /^((ner|pos|bio|iob|iob 2|entity|chunk|word|token)( tags?)?|tags?|upos|xpos|deprel|entity (type|label)|labels?)$/;
const SENTENCE_NAME =
  /^(sentence|sent|document|doc|text|tweet|post|paragraph|sequence|seq|example|utterance|line)( (id|no|nr|num|number|idx|index))?$/;
/** More tags than this are words. */
const MOST_TAGS = 100;

/** A table whose rows were put together, and what is to be said of it. */
interface GroupedTable {
  table: ParsedTable;
  finding: Finding;
}

/**
 * A table with a word and its tags in each row, and a column that says which words are a sentence, as a table with lists of
 * the words and of the tags of each sentence. Null where the table is no such one.
 */
export function groupWords(table: ParsedTable): GroupedTable | null {
  const { columns, cells, rowCount, lines } = table;
  const looks = looksOf(columns, cells);
  const roles = rolesOf(looks);
  if (roles === null) return null;
  const { words, tags, sentence } = roles;
  const starts = sentenceStarts(cells[sentence.column] ?? []);
  if (starts === null) return null;
  const grouped = [words, ...tags].map(({ column }) => lists(cells, words.column, column, starts));
  const names = TextColumn.of(starts.map((row) => cells[sentence.column]?.at(row) ?? ""));
  const kept = [
    { column: sentence.column, texts: names },
    ...[words, ...tags].flatMap(({ column }, i) => (grouped[i] ? [{ column, texts: grouped[i] }] : [])),
  ].sort((a, b) => a.column - b.column);
  const others = columns.filter((_, column) => kept.every((one) => one.column !== column));
  const left = others.length === 0 ? "" : ` Not read: ${quoted(others, 5)}.`;
  return {
    table: {
      ...table,
      columns: kept.map(({ column }) => columns[column] ?? ""),
      cells: kept.map(({ texts }) => texts),
      rowCount: starts.length,
      lines: lines && Int32Array.from(starts, (row) => lines[row] ?? 0),
    },
    finding: {
      id: "grouped-words",
      severity: "note",
      text: `Each row has one word: ${counted(rowCount, "row")} are read as ${counted(starts.length, "sentence")}, which the column "${sentence.name}" tells apart.${left}`,
      remedy: "",
      tableRows: [],
    },
  };
}

interface Roles {
  words: ColumnLook;
  tags: ColumnLook[];
  sentence: ColumnLook;
}

function rolesOf(looks: readonly ColumnLook[]): Roles | null {
  const isNamed = (name: RegExp) => (look: ColumnLook) => name.test(nameWords(look.name).join(" "));
  const sentence = looks.find(isNamed(SENTENCE_NAME));
  if (sentence === undefined) return null;
  const others = looks.filter((look) => look !== sentence && look.meanWords < 1.5 && look.lists < 0.1);
  const lettered = others.filter(holdTagWords);
  const words =
    others.find((look) => isNamed(WORD_NAME)(look) && look.filled > 0.9 && !lettered.includes(look)) ??
    others.find((look) => lettered.some((tags) => areWordsAndTags(look, tags)));
  if (words === undefined) return null;
  const areTags = (look: ColumnLook) =>
    isNamed(TAG_NAME)(look) && look.numeric < 0.5 && look.distinct > 1 && look.distinct <= MOST_TAGS;
  const tags = others.filter(
    (look) => look !== words && look.distinct < words.distinct && (lettered.includes(look) || areTags(look)),
  );
  return tags.length > 0 ? { words, tags, sentence } : null;
}

/**
 * The rows in which sentences begin: those whose cell is filled, where most are not, else those whose cell is another one
 * than before. Null where that makes no sentences.
 */
function sentenceStarts(cells: Texts): number[] | null {
  const filled: number[] = [];
  const changes: number[] = [];
  const distinct = new Set<string>();
  let before: string | null = null;
  for (const [row, cell] of [...cells].entries()) {
    if (cell.trim() !== "") filled.push(row);
    if (cell !== before) changes.push(row);
    if (cell !== before) distinct.add(cell);
    before = cell;
  }
  const starts = filled.length === cells.length ? changes : filled;
  // Sentences of few words on average are none, and numbers that come again and again count within a sentence.
  const areSentences = starts.length > 1 && starts.length <= cells.length / 2;
  const areApart = starts === filled || distinct.size >= 0.9 * changes.length;
  return areSentences && areApart && starts[0] === 0 ? starts : null;
}

/** The cells of a column as a list of each sentence; rows without a word are left out, and no tag is outside of entities. */
function lists(cells: readonly Texts[], words: number, column: number, starts: readonly number[]): TextColumn {
  const all = cells[column] ?? [];
  const grouped = new TextColumn();
  starts.forEach((start, sentence) => {
    const entries: string[] = [];
    for (let row = start; row < (starts[sentence + 1] ?? all.length); row++) {
      if ((cells[words]?.at(row) ?? "").trim() !== "") entries.push(all.at(row)?.trim() || "O");
    }
    grouped.push(JSON.stringify(entries));
  });
  grouped.seal();
  return grouped;
}
