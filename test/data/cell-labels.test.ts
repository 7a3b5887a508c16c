import { describe, expect, it } from "vitest";
import { entriesOfList, labelsOfCell, marksWidth } from "../../src/data/cell-labels.ts";
import { guessColumns } from "../../src/data/columns.ts";

describe("entriesOfList", () => {
  it.each([
    ["JSON", '["a, b", "c"]', ["a, b", "c"]],
    [
      "Python's quotes",
      String.raw`['it\'s', "room \"big\"", 'a\\b', 'x\xa0y']`,
      ["it's", 'room "big"', "a\\b", "x\u00a0y"],
    ],
    ["NumPy's spaces", "['a' 'b']", ["a", "b"]],
    ["NumPy's numbers", "[0 2]", ["0", "2"]],
    ["words without quotes", "[good food, big room]", ["good food", "big room"]],
    ["one label of two words", "[good food]", ["good food"]],
    ["tags without quotes", "[O B-PER I-PER]", ["O", "B-PER", "I-PER"]],
    ["a tuple", "('a', 'b')", ["a", "b"]],
    ["a tuple of one", "('a',)", ["a"]],
    ["a set", "{'a', 'b'}", ["a", "b"]],
    ["an empty set", "set()", []],
    ["no list: words in parentheses", "(laughs)", []],
  ])("reads %s", (_, cell, entries) => {
    expect(entriesOfList(cell)).toEqual(entries);
  });
});

describe("labelsOfCell", () => {
  it.each([
    ["separators within quotes", '"Food, drinks", Room', ",", ["Food, drinks", "Room"]],
    ["doubled quotes", '"the ""best""";x', ";", ['the "best"', "x"]],
    ["a quote within a name", '5" nail; x', ";", ['5" nail', "x"]],
    ["separators at the end", "a; b; ", ";", ["a", "b"]],
    ["an object of marks", '{"food": 1.0, "room": 0.0, "staff": true}', null, ["food", "staff"]],
    ["an object of Python's marks", "{'food': False, 'room': True}", null, ["room"]],
    ["None in a list", "['a', None]", null, ["a"]],
  ])("reads %s", (_, cell, delimiter, labels) => {
    expect(labelsOfCell(cell, delimiter)).toEqual(labels);
  });
});

describe("marksWidth", () => {
  it.each([
    ["a mark for each of three labels", ["[0, 1, 1]", "[1.0, 0.0, 0.0]", ""], 3],
    ["numbers of labels", ["[0, 1]", "[1]", "[0]"], null],
    ["numbers of labels in lists of one length", ["[0, 1]", "[1, 0]"], null],
    ["other numbers", ["[0, 2, 2]", "[1, 0, 0]"], null],
  ])("is known of %s", (_, cells, width) => {
    expect(marksWidth(cells)).toBe(width);
  });
});

describe("columns of marks", () => {
  const texts = Array.from({ length: 60 }, (_, row) => `some words of text number ${row}`);
  const marked = (has: string, hasNot: string) =>
    [2, 3, 5].map((step) => texts.map((_, row) => (row % step === 0 ? has : hasNot)));

  it.each([
    ["1", "0"],
    ["1.00", "0.00"],
    ["TRUE", "FALSE"],
    ["T", "F"],
    ["Y", "N"],
    ["ja", "nein"],
    ["x", ""],
    ["1", ""],
    ["✓", ""],
  ])("are known by %j and %j", (has, hasNot) => {
    const { detected } = guessColumns(["text", "food", "room", "staff"], [texts, ...marked(has, hasNot)]);
    expect(detected).toMatchObject({ task: "multi-label", labels: [1, 2, 3] });
  });

  it.each(["\n", "\t", "+", " & "])("are labels with %j between them", (delimiter) => {
    const names = ["food", "room", "staff"];
    const cells = texts.map((_, row) => names.filter((_, place) => row % (place + 2) === 0).join(delimiter));
    expect(guessColumns(["text", "labels"], [texts, cells]).detected.task).toBe("multi-label");
  });

  it("may be lists only where there are several labels", () => {
    const cells = texts.map((_, row) => (row % 5 === 0 ? '["food","staff"]' : row % 2 ? "food" : "staff"));
    expect(guessColumns(["text", "mood"], [texts, cells]).detected.task).toBe("multi-label");
  });

  it("are no labels in grades with a plus", () => {
    const cells = texts.map((_, row) => ["A", "A+", "B", "B+"][row % 4] ?? "");
    expect(guessColumns(["text", "grade"], [texts, cells]).detected.task).toBe("single-label");
  });
});

it("lists of words and tags are seen in texts of any length", () => {
  const rows = Array.from({ length: 12 }, (_, row) =>
    Array.from({ length: 900 }, (_, word) => `word${row}x${word % 97}`),
  );
  const tokens = rows.map((words) => JSON.stringify(words));
  const tags = rows.map((words) => JSON.stringify(words.map((_, word) => (word % 9 ? "O" : "B-PER"))));
  expect(guessColumns(["tokens", "tags"], [tokens, tags]).detected).toMatchObject({
    task: "token-classification",
    labels: [1],
  });
  const spans = rows.map((words) =>
    JSON.stringify(words.map((_, word) => ({ start: 9 * word, end: 9 * word + 5, label: "PER" }))),
  );
  const texts = rows.map((words) => words.join(" "));
  expect(guessColumns(["text", "entities"], [texts, spans]).detected).toMatchObject({
    task: "token-classification",
    labels: [1],
  });
});
