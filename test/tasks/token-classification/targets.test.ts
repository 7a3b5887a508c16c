import { describe, expect, it } from "vitest";
import { labelRows } from "../../../src/data/label-rows.ts";
import { labelsOfRow } from "../../../src/data/row-labels.ts";
import { wordTargets } from "../../../src/tasks/token-classification/targets.ts";

const choice = { text: 0, pair: null, label: 1 };
const read = (rows: [string, string][], names: string[] | null = null) => {
  const cells = [rows.map(([text]) => text), rows.map(([, labels]) => labels)];
  const table = { columns: ["text", "labels"], cells };
  const { rows: found, findings, droppedRows } = labelRows(wordTargets, table, choice, names);
  const tags = (row: number) =>
    [...labelsOfRow(found, row)].flatMap((value, i) => (i % 3 === 2 ? [found.labelNames[value]] : []));
  const spans = (row: number) => [...labelsOfRow(found, row)].filter((_, i) => i % 3 !== 2);
  return { found, tags, spans, findings: findings.map(({ id }) => id), droppedRows };
};

describe("the targets of words", () => {
  it("are tags in IOB2, whatever the scheme", () => {
    const iob1 = read([['["Ann","Lee","met","Bo","Al"]', '["I-PER","I-PER","O","I-PER","B-PER"]']]);
    expect(iob1.found.labelNames).toEqual(["O", "B-PER", "I-PER"]);
    expect(iob1.tags(0)).toEqual(["B-PER", "I-PER", "O", "B-PER", "B-PER"]);
    expect(iob1.found.texts.at(0)).toBe("Ann Lee met Bo Al");
    expect(iob1.spans(0)).toEqual([0, 3, 4, 7, 8, 11, 12, 14, 15, 17]);
    const bilou = read([["Ann Lee met Bo", "B-PER L-PER O U-PER"]]);
    expect(bilou.tags(0)).toEqual(["B-PER", "I-PER", "O", "B-PER"]);
    expect(read([["Ann Lee met", "B I O"]]).found.labelNames).toEqual(["O", "B-ENT", "I-ENT"]);
  });

  it("are tags by themselves where they have no letters", () => {
    const { found, tags } = read([["dogs bark at Rome", "NOUN VERB ADP O"]]);
    expect(found.labelNames).toEqual(["O", "ADP", "NOUN", "VERB"]);
    expect(tags(0)).toEqual(["NOUN", "VERB", "ADP", "O"]);
  });

  it("are named where they are numbers, and that is said", () => {
    const { found, tags, findings } = read([["a b c", "[0, 10, 2]"]]);
    expect(found.labelNames).toEqual(["LABEL_0", "LABEL_2", "LABEL_10"]);
    expect(tags(0)).toEqual(["LABEL_0", "LABEL_10", "LABEL_2"]);
    expect(findings).toEqual(["numbered-tags"]);
    expect(read([["a b c d", "[0, 7, 0, 0]"]]).found.labelNames).toEqual(["O", "LABEL_7"]);
  });

  it("of a word each are said to be without their sentences", () => {
    const inspected = (rows: [string, string][]) => wordTargets.inspect(read(rows).found).map(({ id }) => id);
    expect(
      inspected([
        ["Ann", "B-PER"],
        ["met", "O"],
      ]),
    ).toContain("single-words");
    expect(
      inspected([
        ["Ann", "B-PER"],
        ["met Bo", "O B-PER"],
      ]),
    ).not.toContain("single-words");
  });

  it("are entities where each even number follows itself or the odd one before it", () => {
    const rows: [string, string][] = [
      ["Ann Lee met Bo here", "[1, 2, 0, 1, 0]"],
      ["in Port Sable Bay", "[0, 5, 6, 6]"],
    ];
    const { found, tags, findings } = read(rows);
    expect(found.labelNames).toEqual(["O", "B-TYPE_1", "I-TYPE_1", "B-TYPE_2", "I-TYPE_2", "B-TYPE_3", "I-TYPE_3"]);
    expect(tags(1)).toEqual(["O", "B-TYPE_3", "I-TYPE_3", "I-TYPE_3"]);
    expect(findings).toEqual(["numbered-tags"]);
    // Numbers are places among the names of a head.
    const known = read(rows, ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"]);
    expect(known.tags(0)).toEqual(["B-PER", "I-PER", "O", "B-PER", "O"]);
    expect(known.findings).toEqual([]);
  });

  it("are words in pieces where spans cut them, which is said", () => {
    const { tags, findings } = read([["Ann Lee met", '[[0, 6, "PER"]]']]);
    expect(tags(0)).toEqual(["B-PER", "I-PER", "O", "O"]);
    expect(findings).toEqual(["cut-words"]);
    expect(read([["東京都に行く", '[[0, 2, "LOC"]]']]).findings).toEqual([]);
  });

  it("are the entities of spans in code points, by words that end where these do", () => {
    const { tags, spans, findings } = read([
      ["🙂 Ann-Lee met Bo.", '[[2, 9, "PER"], [14, 16, "PER"]]'],
      ["nobody", "[]"],
    ]);
    expect(spans(0)).toEqual([0, 1, 2, 5, 5, 6, 6, 9, 10, 13, 14, 16, 16, 17]);
    expect(tags(0)).toEqual(["O", "B-PER", "I-PER", "I-PER", "O", "B-PER", "O"]);
    expect(tags(1)).toEqual(["O"]);
    expect(findings).toEqual([]);
  });

  it("report rows and spans that cannot be read", () => {
    const { found, findings, droppedRows } = read([
      ["a b c", "O O"],
      ["Ann is here", '[[0, 3, "PER"], [0, 6, "X"], [50, 60, "PER"]]'],
    ]);
    expect(droppedRows).toBe(1);
    expect(found.texts.length).toBe(1);
    expect(findings).toEqual(["unread-labels", "lost-spans"]);
  });

  it("follow the names of a head, and its scheme", () => {
    const rows: [string, string][] = [
      ["Ann Lee met Bo", '["B-PER","I-PER","O","B-PER"]'],
      ["in Rome", '["O","B-LOC"]'],
    ];
    const bioes = read(rows, ["S-PER", "E-PER", "B-PER", "I-PER", "O"]);
    expect(bioes.tags(0)).toEqual(["B-PER", "E-PER", "O", "S-PER"]);
    expect(bioes.findings).toEqual(["unknown-validation-labels"]);
    expect(bioes.found.texts.length).toBe(1);
    expect(read(rows, ["O", "PER", "LOC"]).tags(0)).toEqual(["PER", "PER", "O", "PER"]);
  });

  it("are split by the rarest type of each row", () => {
    const { found } = read([
      ["Ann", "B-PER"],
      ["Bo in Rome", "B-PER O B-LOC"],
      ["here", "O"],
    ]);
    expect([...wordTargets.strata(found)]).toEqual([2, 1, 0]);
    expect(wordTargets.describe([found]).text).toBe("LOC 1, PER 2 in 3 texts");
    expect(wordTargets.lacks(found)).toBeNull();
  });
});
