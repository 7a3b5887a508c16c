import { conllForm, cutAtSpace, isBetweenWords, type ConllForm } from "./conll-form.ts";
import { linesTable } from "./labelled-lines.ts";
import { note, type ParsedTable } from "./parsed-table.ts";
import { RecordColumns } from "./record-columns.ts";
import { linesOf, type TextFile } from "./table-text.ts";

/** A file that was taken for CoNLL without having its form. */
const USUAL: ConllForm = { cellsOf: cutAtSpace, word: 0, tag: null, hasHeader: false };

/** Reads CoNLL lines into one row for each sentence, with lists `tokens` and `tags`. */
export async function readConll(file: TextFile): Promise<ParsedTable> {
  const columns = new RecordColumns(["tokens", "tags"]);
  const { cellsOf, word, tag, hasHeader } = conllForm(linesOfSample(file)) ?? USUAL;
  const sentence = { tokens: [] as string[], tags: [] as string[], line: 1 };
  const end = () => {
    const { tokens, tags, line } = sentence;
    if (tokens.length === 0) return;
    const cells = Object.entries({ tokens: JSON.stringify(tokens), tags: JSON.stringify(tags) });
    columns.add(cells, line);
    sentence.tokens = [];
    sentence.tags = [];
  };
  let isFirst = true;
  for await (const { text, number } of linesOf(file, columns.faults)) {
    if (isBetweenWords(text)) {
      if (!text.startsWith("#")) end();
      continue;
    }
    const isHeader = isFirst && hasHeader;
    isFirst = false;
    if (isHeader) continue;
    const cells = cellsOf(text);
    const token = cells[word] ?? "";
    const own = (tag === null ? cells.at(-1) : cells[tag]) ?? "";
    if (cells.length < 2 || token === "" || own === "") {
      note(columns.faults.broken, number);
      continue;
    }
    if (sentence.tokens.length === 0) sentence.line = number;
    sentence.tokens.push(token);
    sentence.tags.push(own);
  }
  end();
  return linesTable(columns, file, "conll");
}

function linesOfSample({ sample, isCut }: TextFile): string[] {
  const lines = sample.split(/\r\n|\n|\r/);
  if (isCut) lines.pop();
  return lines;
}
