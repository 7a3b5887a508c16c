import { type InputCase, one, rows } from "./input-case.ts";

export const columnCases: InputCase[] = [
  {
    what: "names in other languages",
    file: "отзывы.csv",
    contents: `источник,отзыв,метка\n${rows(40, (text, row) => `${one(row, ["сайт", "почта", "форум"])},хорошо и ${text},${one(row, ["a", "b", "c", "d", "e"])}`)}`,
    expected: { text: "отзыв", label: "метка" },
  },
  {
    what: "two texts that belong together",
    file: "pairs.csv",
    contents: `premise,hypothesis,gold_label\n${rows(24, (text, row) => `${text},so ${text} it is,${one(row, ["yes", "no", "maybe"])}`)}`,
    expected: { text: "premise", pair: "hypothesis", label: "gold_label" },
  },
  {
    what: "a label that was decided on, beside those that led to it",
    file: "votes.csv",
    contents: `comment,vote_1,vote_2,majority_vote\n${rows(24, (text, row) => `${text},${one(row, ["up", "down"])},${one(row, ["down", "up", "up"])},${one(row, ["up", "down", "down"])}`)}`,
    expected: { text: "comment", pair: null, label: "majority_vote" },
  },
  {
    what: "a word and its tag in each row",
    file: "ner.csv",
    contents: `Sentence #,Word,Tag\n${rows(24, (text, row) => `${row % 4 ? "" : row / 4},${text.split(" ")[row % 5] ?? ""},${row % 3 ? "O" : "B-geo"}`)}`,
    expected: { rows: 6, task: "token-classification", text: "Word", label: "Tag" },
    finding: "grouped-words",
  },
  {
    what: "tags that are numbers without names",
    file: "numbers.jsonl",
    contents: rows(24, (text, row) =>
      JSON.stringify({
        tokens: ["Ann", "Lee", ...text.split(" ")],
        ner_tags: [1, 2, ...text.split(" ").map(() => 0)],
        row,
      }),
    ),
    expected: { task: "token-classification", text: "tokens", label: "ner_tags" },
    finding: "numbered-tags",
  },
  {
    what: "spans as doccano writes them",
    file: "doccano.jsonl",
    contents: rows(24, (text, row) =>
      JSON.stringify({ id: row, text: `Ann ${text}`, label: [[0, 3, "PER"]], Comments: [] }),
    ),
    expected: { task: "token-classification", text: "text", label: "label" },
    finding: "detected-task",
  },
  {
    what: "a second text whose name does not say so",
    file: "tickets.csv",
    contents: `subject line,message,team\n${rows(24, (text, row) => `about ${text},${text} and more of it,${one(row, ["a", "b"])}`)}`,
    expected: { text: "message", pair: null, label: "team" },
    finding: "unused-text",
  },
  {
    what: "several labels in columns of 0 and 1",
    file: "toxic.csv",
    contents: `comment,toxic,threat,insult\n${rows(30, (text, row) => `${text},${row % 2},${row % 3 ? 0 : 1},${row % 5 ? 0 : 1}`)}`,
    expected: { task: "multi-label", label: ["toxic", "threat", "insult"] },
    finding: "detected-task",
  },
  {
    what: "several labels in a cell",
    file: "emotions.csv",
    contents: `text,emotions\n${rows(30, (text, row) => `${text},${one(row, ["joy|fear", "joy", "fear", "anger|joy", "anger"])}`)}`,
    expected: { task: "multi-label", label: "emotions", classes: { joy: 18, fear: 12, anger: 12 } },
    finding: "detected-task",
  },
  {
    what: "many different numbers",
    file: "similarity.csv",
    contents: `text,score\n${rows(40, (text, row) => `${text},${(row / 7).toFixed(2)}`)}`,
    expected: { task: "regression", label: "score", classes: {} },
    finding: "detected-task",
  },
  {
    what: "five stars",
    file: "stars.csv",
    contents: `text,rating\n${rows(40, (text, row) => `${text},${1 + (row % 5)}`)}`,
    expected: { task: "single-label", label: "rating" },
  },
  {
    what: "labels that look alike",
    file: "alike.csv",
    contents: `text,label\n${rows(40, (text, row) => `${text},${one(row, ["Neg", "pos", "neg", "pos"])}`)}`,
    expected: { classes: { Neg: 10, neg: 10, pos: 20 } },
    finding: "look-alike-labels",
  },
  {
    what: "words for a missing value",
    file: "missing.csv",
    contents: `text,label\n${rows(40, (text, row) => `${text},${one(row, ["yes", "no", "yes", "nan"])}`)}`,
    expected: { rows: 40 },
    finding: "missing-word-labels",
  },
  {
    what: "two columns of one name",
    file: "twice.csv",
    contents: `text,label,label\n${rows(20, (text, row) => `${text},${one(row, ["a", "b"])},${row}`)}`,
    expected: { text: "text", label: "label" },
    finding: "same-names",
  },
  {
    what: "no column of labels",
    file: "texts.csv",
    contents: `text,number\n${rows(40, (text, row) => `${text},${row}`)}`,
    expected: { text: "text", label: null },
    finding: "no-columns",
  },
];
