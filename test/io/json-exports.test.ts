import { describe, expect, it } from "vitest";
import { guessColumns } from "../../src/data/columns.ts";
import { readTable } from "../../src/io/read-table.ts";
import { byRow } from "../data/cells.ts";
import { textSource } from "./model-folder.ts";

async function read(text: string) {
  const table = await readTable(textSource("export.json", text));
  return { ...table, rows: byRow(table.cells) };
}

const two = [
  ["a good film", "pos"],
  ["a bad film", "neg"],
];
const rows = two.map(([text, label]) => ({ text, label }));
const json = (value: unknown) => JSON.stringify(value);
const lines = (values: unknown[]) => values.map(json).join("\n");

describe("JSON that programs export", () => {
  it.each<[string, string]>([
    [
      "Label Studio's choices",
      json(
        rows.map(({ text, label }, id) => ({
          id,
          data: { text },
          annotations: [{ result: [{ from_name: "label", type: "choices", value: { choices: [label] } }] }],
        })),
      ),
    ],
    ["Doccano's lists of one label", lines(rows.map(({ text, label }) => ({ text, label: [label] })))],
    ["Elasticsearch's sources", lines(rows.map((row, id) => ({ _index: "films", _id: String(id), _source: row })))],
    [
      "Elasticsearch's answer",
      json({ took: 3, hits: { total: 2, hits: rows.map((row) => ({ _id: "a", _source: row })) } }),
    ],
    ["Django's fields", json(rows.map((fields, pk) => ({ model: "film.review", pk, fields })))],
    ["rows two objects down", json({ rasa_nlu_data: { regex_features: [], common_examples: rows } })],
    ["splits within an object", json({ corpus: { name: "films", train: rows, test: rows.slice(1) } })],
    [
      "columns beside plain values",
      json({ name: "films", text: two.map(([text]) => text), label: two.map(([, label]) => label) }),
    ],
    [
      "class names of the viewer of Hugging Face",
      json({
        features: [
          { name: "text", type: { dtype: "string", _type: "Value" } },
          { name: "label", type: { names: ["neg", "pos"], _type: "ClassLabel" } },
        ],
        rows: rows.map(({ text, label }, row_idx) => ({ row_idx, row: { text, label: label === "pos" ? 1 : 0 } })),
      }),
    ],
  ])("%s", async (_, text) => {
    const { columns, rows } = await read(text);
    expect(rows.map((row) => row.slice(columns.indexOf("text")))).toEqual(two);
    expect(columns.slice(columns.indexOf("text"))).toEqual(["text", "label"]);
  });

  it.each(["patterns", "utterances"])("a chat bot's %s by intent", async (name) => {
    const { columns, rows } = await read(
      json({
        intents: [
          { tag: "greet", [name]: ["hi there", "hello"], responses: ["yes"] },
          { tag: "leave", [name]: ["bye"] },
        ],
      }),
    );
    expect(columns).toEqual(["text", "label"]);
    expect(rows).toEqual([
      ["hi there", "greet"],
      ["hello", "greet"],
      ["bye", "leave"],
    ]);
  });

  it("columns by role of a conversation, and MongoDB's numbers", async () => {
    const said = (user: string, assistant: string) => ({
      messages: [
        { role: "user", content: user },
        { role: "assistant", content: assistant },
      ],
    });
    const chat = await read(lines([said("a good film", "pos"), said("a bad film", "neg")]));
    expect(chat).toMatchObject({ columns: ["user", "assistant"], rows: two });
    const labelled = await read(lines(two.map(([text = "", label]) => ({ label, ...said(text, "no comment") }))));
    expect(labelled.columns).toEqual(["label", "user", "assistant"]);
    expect(labelled.rows[0]).toEqual(["pos", "a good film", "no comment"]);
    const mongo = await read(
      lines([
        { review: "a good film", stars: { $numberInt: "5" } },
        { review: "dull", stars: { $numberInt: "1" } },
      ]),
    );
    expect(mongo.rows).toEqual([
      ["a good film", "5"],
      ["dull", "1"],
    ]);
  });

  it.each(["// written by hand", "# version 2"])("comments above JSON Lines: %s", async (comment) => {
    const table = await read(`${comment}\n${lines(rows)}`);
    expect(table).toMatchObject({
      columns: ["text", "label"],
      rows: two,
      format: { kind: "json-lines", skippedLines: 1 },
    });
    expect([...(table.lines ?? [])]).toEqual([2, 3]);
  });
});

describe("lists and objects in cells", () => {
  it.each([
    ["text,label\na good film,['pos']\na bad film,['neg']\n", "pos"],
    ["text\tlabel\na good film\t[4]\na bad film\t[0]\n", "4"],
    ['text,label\na good film,"=""007"""\na bad film,"=""010"""\n', "007"],
    ['text;label\n"=""a good film""";="pos"\n"=""a bad film""";="neg"\n', "pos"],
  ])("takes the values out of lists of one and out of formulas: %j", async (text, label) => {
    expect((await read(text)).rows[0]).toEqual(["a good film", label]);
  });

  it.each([
    [
      "lists of several",
      lines([
        { text: "a", label: ["x"] },
        { text: "b", label: ["x", "y"] },
      ]),
      ['["x"]', '["x","y"]'],
    ],
    [
      "texts in brackets",
      lines([
        { text: "a", label: "[x]" },
        { text: "b", label: "[y]" },
      ]),
      ["[x]", "[y]"],
    ],
  ])("leaves %s", async (_, text, labels) => {
    expect((await read(text)).rows.map((row) => row[1])).toEqual(labels);
  });

  it.each([
    ["annotations", (row: number) => [{ id: row, value: "a" }]],
    ["label", (row: number) => ({ by: "someone", at: row % 3 })],
  ])("objects in a column %s are no labels", async (name, value) => {
    const many = Array.from({ length: 12 }, (_, row) => ({
      text: `film number ${row} was good`,
      [name]: value(row),
      mood: row % 2 ? "up" : "down",
    }));
    const { columns, cells } = await read(lines(many));
    expect(guessColumns(columns, cells).guess).toMatchObject({ text: 0, label: 2 });
  });
});
