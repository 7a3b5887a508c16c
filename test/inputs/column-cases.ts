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
    finding: "other-task",
  },
  {
    what: "several labels in a cell",
    file: "emotions.csv",
    contents: `text,emotions\n${rows(30, (text, row) => `${text},${one(row, ["joy|fear", "joy", "fear", "anger|joy", "anger"])}`)}`,
    expected: { task: "multi-label", label: "emotions", classes: { joy: 18, fear: 12, anger: 12 } },
    finding: "other-task",
  },
  {
    what: "many different numbers",
    file: "similarity.csv",
    contents: `text,score\n${rows(40, (text, row) => `${text},${(row / 7).toFixed(2)}`)}`,
    expected: { task: "regression", label: "score", classes: {} },
    finding: "other-task",
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
