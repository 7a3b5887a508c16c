import { describe, expect, it } from "vitest";
import { inspectChoice } from "../../src/data/choice.ts";
import { guessColumns } from "../../src/data/columns.ts";
import { tableOf } from "./column-kinds.ts";

function seen(columns: string[], cells: string[][]) {
  const { guess, detected } = guessColumns(columns, cells);
  const name = (column: number | null) => (column === null ? null : (columns[column] ?? null));
  const { text, pair, labels, task } = detected;
  return { text: name(text), pair: name(pair), labels: labels.map(name).join("+"), task, guess };
}

function seenIn(spec: string) {
  const { columns, cells } = tableOf(spec);
  return seen(columns, cells);
}

describe("second texts whose names share a word", () => {
  it.each([
    ["query_text:title, passage_text:long, label:binary", "query_text", "passage_text"],
    ["Question Body:text, Answer Body:long, label:binary", "Question Body", "Answer Body"],
    ["input premise:text, input hypothesis:text, gold_label:two", "input premise", "input hypothesis"],
  ])("%s", (spec, text, pair) => {
    expect(seenIn(spec)).toMatchObject({ text, pair });
  });

  it("but not two sides of no pair", () => {
    expect(seenIn("city_text:title, review_text:long, label:binary")).toMatchObject({
      text: "review_text",
      pair: null,
    });
  });
});

describe("the label among others", () => {
  it.each([
    ["text:text, vote_1:two, vote_2:two, majority_vote:two", "majority_vote"],
    ["annotation_1:mood, annotation_2:mood, consensus_annotation:mood, text:text", "consensus_annotation"],
    ["text:text, label_1:two, label_2:two, final_label:two", "final_label"],
    ["reviewText:long, vote:count, overall:stars", "overall"],
    ["title:title, description:long, telecommuting:mark, has_logo:binary, fraudulent:mark", "fraudulent"],
  ])("%s", (spec, label) => {
    expect(seenIn(spec)).toMatchObject({ labels: label, task: "single-label" });
  });

  it.each(["label", "Kategorie"])("a column %s with one value is the label where nothing else is", (name) => {
    const { columns, cells } = tableOf(`text:text, ${name}:empty`);
    cells[1] = (cells[1] ?? []).map(() => "only");
    expect(seen(columns, cells)).toMatchObject({ labels: name, guess: { text: 0, label: 1 } });
    const others = tableOf(`text:text, ${name}:empty, stars:stars`);
    others.cells[1] = cells[1];
    expect(seen(others.columns, others.cells).labels).toBe("stars");
  });
});

describe("a word and its tag a row", () => {
  const words = "Anna met Carl at the old station in Rome while it rained and Otto sang to all of them there".split(
    " ",
  );
  const tagged = (spec: string, tagOf: (word: string) => string) => {
    const { columns, cells } = tableOf(spec);
    cells[1] = (cells[1] ?? []).map((_, row) => words[(row * 7) % words.length] ?? "");
    cells[2] = cells[1].map((word) => tagOf(word));
    return seen(columns, cells);
  };

  it.each([
    ["Sentence #:empty, Word:word, Tag:two", "Word", "Tag"],
    ["sentence_id:count, token:word, ner:two", "token", "ner"],
  ])("%s is token classification", (spec, text, labels) => {
    const tagOf = (word: string) => (/^[A-Z]/.test(word) ? "B-per" : "O");
    expect(tagged(spec, tagOf)).toMatchObject({ text, labels, task: "token-classification" });
  });

  it("but words with plain classes are not", () => {
    expect(tagged("n:count, word:word, class:two", (word) => (word.length > 3 ? "long" : "short")).task).toBe(
      "single-label",
    );
  });
});

describe("numbers with a comma", () => {
  const taskOf = (value: (row: number) => string) => {
    const { columns, cells } = tableOf("text:text, labels of it:empty");
    cells[1] = (cells[1] ?? []).map((_, row) => value(row));
    return inspectChoice({ columns, cells }, { text: 0, pair: null, label: 1 }, () => true).task;
  };

  it.each([
    ["from 0 to 27", (row: number) => (row % 5 ? String(row % 28) : `${row % 13},${14 + (row % 14)}`)],
    ["from 1 to 9", (row: number) => (row % 4 ? String(1 + (row % 9)) : `${1 + (row % 4)},${6 + (row % 3)}`)],
  ])("are several classes where each number stands alone, too: %s", (_, value) => {
    expect(taskOf(value)).toBe("multi-label");
  });

  it.each([
    ["grades", (row: number) => `${1 + (row % 5)}${row % 3 ? `,${row % 10}` : ""}`],
    ["prices", (row: number) => `${row % 40},${String(row % 100).padStart(2, "0")}`],
  ])("are decimals otherwise: %s", (_, value) => {
    expect(taskOf(value)).toBe("regression");
  });
});
