import { describe, expect, it } from "vitest";
import { groupTables } from "../../../src/app/drop/group-tables.ts";

const labels = "0\n1\n1\n0\n1\n";
const texts = "A dull and endless film.\nI would see it again\ngood fun\nno\nquite charming, really\n";

/** Names of the files of each table, of files given by name and content. */
async function grouped(...files: [name: string, text?: string][]): Promise<string[][]> {
  const tables = await groupTables(files.map(([name, text = ""]) => new File([text], name)));
  return tables.map(({ file, beside }) => [file, ...beside].map(({ name }) => name));
}

describe("groupTables", () => {
  it("puts the file for validation second", async () => {
    expect(await grouped(["sst_dev.csv"], ["sst_train.csv"])).toEqual([["sst_train.csv"], ["sst_dev.csv"]]);
    expect(await grouped(["validation.csv"], ["rows.csv"])).toEqual([["rows.csv"], ["validation.csv"]]);
    expect(await grouped(["devices.csv"], ["b.csv"])).toEqual([["devices.csv"], ["b.csv"]]);
    expect(await grouped(["test.jsonl"], ["valid.jsonl"], ["train.jsonl"])).toEqual([
      ["train.jsonl"],
      ["valid.jsonl"],
      ["test.jsonl"],
    ]);
  });

  it("puts texts and labels together by their names, and the names of the labels with them", async () => {
    expect(await grouped(["train_labels.txt", labels], ["train_text.txt", texts])).toEqual([
      ["train_text.txt", "train_labels.txt"],
    ]);
    expect(await grouped(["mapping.txt"], ["y.txt", labels], ["sentences.txt", texts])).toEqual([
      ["sentences.txt", "y.txt", "mapping.txt"],
    ]);
    expect(await grouped(["seq.in", texts], ["label", labels])).toEqual([["seq.in", "label"]]);
    expect(await grouped(["reviews.txt", texts], ["classes.txt", labels])).toEqual([["reviews.txt", "classes.txt"]]);
    expect(await grouped(["texts.txt", texts], ["labels.txt", labels], ["label_names.txt"])).toEqual([
      ["texts.txt", "labels.txt", "label_names.txt"],
    ]);
  });

  it("keeps the parts of a data set apart", async () => {
    const dropped: [string, string?][] = [
      ["mapping.txt", "0\tno\n1\tyes\n"],
      ["val_labels.txt", labels],
      ["val_text.txt", texts],
      ["train_labels.txt", labels],
      ["train_text.txt", texts],
    ];
    expect(await grouped(...dropped)).toEqual([
      ["train_text.txt", "train_labels.txt", "mapping.txt"],
      ["val_text.txt", "val_labels.txt", "mapping.txt"],
    ]);
  });

  it("tells files whose names say nothing by their lines, whatever their order", async () => {
    expect(await grouped(["a.txt", labels], ["b.txt", texts])).toEqual([["b.txt", "a.txt"]]);
    const words = "положительный\nотрицательный\nположительный\nположительный\n";
    expect(await grouped(["один.txt", "Очень хороший фильм.\nСкучно до слёз\nда\nнет\n"], ["два.txt", words])).toEqual([
      ["один.txt", "два.txt"],
    ]);
  });

  it("leaves tables alone", async () => {
    const rows = "text\tlabel\nso good\tyes\nso bad\tno\n";
    expect(await grouped(["a.txt", rows], ["b.txt", rows])).toEqual([["a.txt"], ["b.txt"]]);
    const fastText = "__label__a some words\n__label__b other words\n";
    expect(await grouped(["train.txt", fastText], ["valid.txt", fastText])).toEqual([["train.txt"], ["valid.txt"]]);
    // Columns of one table in two files are joined by a key, not by their lines.
    expect(await grouped(["texts.csv", texts], ["labels.csv", labels])).toEqual([["texts.csv"], ["labels.csv"]]);
  });
});
