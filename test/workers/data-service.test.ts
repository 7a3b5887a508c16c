import { augmentationSteps } from "../../src/recipe/augmentation-steps.ts";
import { cleaningSteps } from "../../src/recipe/cleaning-steps.ts";
import { defaultRecipe } from "../../src/recipe/recipe.ts";
import { afterEach, describe, expect, it } from "vitest";
import { cutAt } from "../../src/data/text-limit.ts";
import { encodeRows } from "../../src/tokenize/encode-rows.ts";
import { createTokenizer } from "../../src/tokenize/tokenizer.ts";
import { scoredOutcomes } from "../../src/run/scored-outcomes.ts";
import { trainedTaskNamed } from "../../src/tasks/trained-tasks.ts";
import { createDataService } from "../../src/workers/data-service.ts";
import { EncodedJobs } from "../../src/workers/encoded-jobs.ts";
import type { Progress } from "../../src/workers/protocol.ts";
import { createTokenizeService } from "../../src/workers/tokenize-service.ts";
import { smallTokenizer } from "../tokenize/starter-tokenizer.ts";

const words = Array.from({ length: 60 }, (_, i) => `w${i}`);
const files = smallTokenizer(words);
const tokenizer = createTokenizer(files);
const csv = ["text,label", ...words.map((word, i) => `${word} ${word} again,${i % 2 === 0 ? "ham" : "spam"}`)].join(
  "\n",
);
const table = new File([csv], "sms.csv");
const columns = { text: 0, pair: null, label: 1 };
const ports: MessagePort[] = [];
afterEach(() => ports.splice(0).forEach((port) => port.close()));

/** A data service whose tokenizers send ids to `jobs`. */
async function connect() {
  const data = createDataService();
  const jobs = new EncodedJobs();
  const toTokenizer = new MessageChannel();
  const toTrain = new MessageChannel();
  ports.push(toTokenizer.port1, toTokenizer.port2, toTrain.port1, toTrain.port2);
  jobs.addPort(toTrain.port1);
  const opening = { files, fromData: toTokenizer.port2, toTrain: toTrain.port2 } as const;
  await createTokenizeService().open(opening, ignore);
  await data.connectTokenizers({ ports: [toTokenizer.port1] }, ignore);
  return { data, jobs };
}

const ignore = () => undefined;
const openTrain = { slot: "train", file: table, format: {} } as const;
const select = { columns, share: 0.25, seed: 1 } as const;

const kinds = ["warm", "cold", "mild"];
const earlierTable = new File(
  [["kind,message", ...words.slice(0, 30).map((word, i) => `${kinds[i % 3]},${word} before`)].join("\n")],
  "old.csv",
);
const selectEarlier = {
  columns: { text: 1, pair: null, label: 0 },
  labelNames: ["warm", "cold"],
  share: 0.25,
  seed: 1,
};

describe("the data service", () => {
  it("samples texts to train on, for which a tokenizer says how well it fits them", async () => {
    const { data } = await connect();
    await data.openTable(openTrain, ignore);
    const { trainRows } = await data.selectRows(select, ignore);
    expect((await data.sampleTexts({ most: 10 }, ignore)).texts).toHaveLength(10);
    expect((await data.sampleTexts({ most: 1000 }, ignore)).texts).toHaveLength(trainRows);
    const tokenizers = createTokenizeService();
    const [toTrain, fromData] = [new MessageChannel().port1, new MessageChannel().port1];
    ports.push(toTrain, fromData);
    await tokenizers.open({ files, toTrain, fromData }, ignore);
    const texts = Array.from({ length: 60 }, () => "слово");
    const [finding] = await tokenizers.fit({ texts, lowercase: true, maxPositions: 16 }, ignore);
    expect(finding).toMatchObject({ id: "checkpoint-fit", severity: "warning" });
    expect(finding?.text).toContain("Cyrillic, which this checkpoint's tokenizer does not know.");
  });

  it("counts what steps of cleaning would do, and stops where a later call takes its place", async () => {
    const { data } = await connect();
    await data.openTable(openTrain, ignore);
    const asked = { columns, steps: cleaningSteps(defaultRecipe) };
    const first = data.surveyCleaning(asked, ignore);
    const second = data.surveyCleaning(asked, ignore);
    expect(await first).toBeNull();
    expect((await second)?.map(({ field, isOn, rows }) => [field, isOn, rows])).toContainEqual(["cleanHtml", false, 0]);
  });

  it("opens, guesses, splits and encodes a table", async () => {
    const { data, jobs } = await connect();
    const opened = await data.openTable(openTrain, ignore);
    expect(opened).toMatchObject({ name: "sms.csv", rowCount: 60, guess: columns });
    const summary = await data.selectRows(select, ignore);
    expect(summary.labelNames).toEqual(["ham", "spam"]);
    expect(summary.trainRows + summary.validationRows).toBe(60);
    expect(summary.validationRows).toBeGreaterThan(8);

    const seen: Progress[] = [];
    const encode = { job: "v", part: "validation", limit: cutAt(4) } as const;
    const encoded = await data.encode(encode, (progress) => seen.push(progress));
    expect(encoded.rows).toBe(summary.validationRows);
    expect(seen.at(-1)).toEqual({ what: "Tokenizing", done: encoded.rows, total: encoded.rows });

    const all = [...Array(encoded.rows).keys()];
    const rows = await data.rowTexts({ part: "validation", rows: all }, ignore);
    const texts = rows.map((row) => row.text);
    expect(await jobs.job("v")).toEqual(encodeRows(texts, null, 4, tokenizer));
    rows.forEach(({ tableRow, text }, row) => {
      expect(text).toBe(`w${tableRow - 1} w${tableRow - 1} again`);
      expect(encoded.labels.labels[row]).toBe((tableRow - 1) % 2);
    });
  });

  it("cuts the validation rows of the last run into slices, though another table is open by then", async () => {
    const { data } = await connect();
    const withColumn = csv
      .split("\n")
      .map((line, i) => `${line},${i === 0 ? "channel" : i % 3 === 0 ? "letter" : "mail"}`)
      .join("\n");
    await data.openTable({ ...openTrain, file: new File([withColumn], "more.csv") }, ignore);
    await data.selectRows({ ...select, share: 0.5 }, ignore);
    const { rows } = await data.encode({ job: "v", part: "validation", limit: cutAt(4) }, ignore);
    await data.openTable(openTrain, ignore);
    await data.selectRows(select, ignore);
    const texts = await data.rowTexts({ part: "validation", rows: [...Array(rows).keys()] }, ignore);
    const letters = texts.map(({ tableRow }) => tableRow % 3 === 0);
    const scored = scoredOutcomes(trainedTaskNamed("single-label"), {
      task: "single-label",
      weights: "best",
      step: 1,
      labelNames: ["ham", "spam"],
      report: { rows },
      truth: { labels: Int32Array.from(texts, ({ tableRow }) => (tableRow - 1) % 2) },
      scores: {
        // All letters are wrong.
        predicted: Int32Array.from(texts, ({ tableRow }, i) => (tableRow - 1 + Number(letters[i])) % 2),
        truthProbability: new Float32Array(rows).fill(0.5),
      },
    });
    if (!scored) throw new Error("The outcomes of rows were expected.");
    const query = { by: "column", column: "channel", value: "letter" } as const;
    const asked = [{ by: "contains", word: "again" } as const];
    const { slices, columns: found, labelNames } = await data.slices({ scored, asked }, ignore);
    expect(slices[0]).toMatchObject({ query, rows: letters.filter(Boolean).length, value: 0 });
    expect(slices.find((slice) => slice.name === "contains “again”")?.rows).toBe(rows);
    expect([found.map(({ name }) => name), labelNames]).toEqual([["channel"], ["ham", "spam"]]);
    const { rows: own } = await data.sliceRows({ scored, query }, ignore);
    expect([...own]).toEqual(letters.flatMap((isLetter, row) => (isLetter ? [row] : [])));
    const { candidates, tested } = await data.sliceCandidates({ scored }, ignore);
    expect(candidates.map(({ name }) => name)).toEqual(["channel is “letter”"]);
    expect(tested).toBeGreaterThan(0);
  });

  it("names the labels of the training rows of the last run", async () => {
    const { data } = await connect();
    await data.openTable(openTrain, ignore);
    await data.selectRows(select, ignore);
    await data.encode({ job: "t", part: "train", limit: cutAt(4) }, ignore);
    await data.editTable({ edits: [{ row: 1, dropped: true }] }, ignore);
    await data.selectRows(select, ignore);
    const rows = [0, 5, 17];
    const texts = await data.rowTexts({ part: "train", rows }, ignore);
    const { labels } = await data.trainLabels({ rows }, ignore);
    expect(labels).toEqual(texts.map(({ tableRow }) => [tableRow % 2 === 1 ? "ham" : "spam"]));
  });

  it("reads texts and labels of files of their own as one table", async () => {
    const { data } = await connect();
    const texts = new File([words.map((word) => `${word} ${word} once more`).join("\n")], "train_text.txt");
    const labels = new File([words.map((_, i) => i % 2).join("\n")], "train_labels.txt");
    const names = new File(["0\tham\n1\tspam\n"], "mapping.txt");
    const opened = await data.openTable({ ...openTrain, file: texts, beside: [labels, names] }, ignore);
    expect(opened).toMatchObject({
      name: "train_text.txt",
      rowCount: 60,
      format: { kind: "parallel" },
      guess: columns,
    });
    expect((await data.selectRows(select, ignore)).labelNames).toEqual(["ham", "spam"]);
    const tooFew = new File(["0\n1"], "labels.txt");
    const wrong = async () => data.openTable({ ...openTrain, file: texts, beside: [tooFew] }, ignore);
    await expect(wrong()).rejects.toThrow("labels.txt has 2");
  });

  it.each([true, false])("keeps the table before until a held one is settled, with take %s", async (take) => {
    const { data } = await connect();
    await data.openTable(openTrain, ignore);
    await data.selectRows(select, ignore);
    const other = new File(["text,label\n" + "a b,x\nc d,y\n".repeat(8)], "other.csv");
    const held = await data.openTable({ ...openTrain, file: other, hold: true }, ignore);
    expect(held).toMatchObject({ name: "other.csv", rowCount: 16 });
    expect((await data.selectRows(select, ignore)).labelNames).toEqual(["ham", "spam"]);
    await data.settle({ what: "table", slot: "train", take }, ignore);
    expect((await data.selectRows(select, ignore)).labelNames).toEqual(take ? ["x", "y"] : ["ham", "spam"]);
  });

  it("measures lengths in tokens, of both parts", async () => {
    const { data } = await connect();
    await data.openTable(openTrain, ignore);
    await data.selectRows(select, ignore);
    const lengths = await data.measureLengths({ job: "l" }, ignore);
    // [CLS] word word [UNK] [SEP]
    expect(lengths).toMatchObject({ unit: "tokens", longest: 5, mean: 5 });
    expect(lengths.longerThan[4]).toBe(60);
  });

  it("takes a second file for validation, and closes it again", async () => {
    const { data } = await connect();
    await data.openTable(openTrain, ignore);
    const held = new File(["label,text\nspam,other one\nham,other two\n"], "held.csv");
    await data.openTable({ slot: "validation", file: held, format: {} }, ignore);
    expect(await data.selectRows(select, ignore)).toMatchObject({ trainRows: 60, validationRows: 2 });
    const rows = await data.rowTexts({ part: "validation", rows: [1, 0] }, ignore);
    expect(rows.map((row) => [row.tableRow, row.text])).toEqual([
      [2, "other two"],
      [1, "other one"],
    ]);
    await data.closeTable({ slot: "validation" }, ignore);
    expect((await data.selectRows(select, ignore)).trainRows).toBeLessThan(60);
  });

  it("keeps the rows of a run when others are chosen after it", async () => {
    const { data } = await connect();
    await data.openTable(openTrain, ignore);
    await data.selectRows(select, ignore);
    await data.encode({ job: "v", part: "validation", limit: cutAt(4) }, ignore);
    const ask = { part: "validation", rows: [0, 1, 2, 3, 4, 5, 6, 7] } as const;
    const before = await data.rowTexts({ ...ask, rows: [...ask.rows] }, ignore);
    await data.selectRows({ ...select, seed: 2 }, ignore);
    expect(await data.rowTexts({ ...ask, rows: [...ask.rows] }, ignore)).toEqual(before);
  });

  it("lays all rows into folds, encodes them with copies at the end, and keeps their cells", async () => {
    const { data, jobs } = await connect();
    await data.openTable(openTrain, ignore);
    const recipe = { ...defaultRecipe, augmentSwap: 0.5, augmentCopies: 1 };
    await data.selectRows({ ...select, testShare: 0.2, augmentation: augmentationSteps(recipe) }, ignore);
    const folding = { job: "all", limit: cutAt(16), counts: { folds: 4, repeats: 2 }, seed: 1, asRun: true };
    const { labels, copyOf, folds } = await data.encodeFolds(folding, ignore);
    const all = (await data.cellsOf({ part: "folds" }, ignore)).length;
    expect(all).toBe(48);
    expect(copyOf.length).toBeGreaterThan(0);
    expect(labels.labels).toHaveLength(all + copyOf.length);
    expect((await jobs.job("all")).fullLengths).toHaveLength(all + copyOf.length);
    expect(folds).toHaveLength(8);
    for (const { train, held } of folds) expect(train.length + held.length).toBe(all);
    const [first] = await data.cellsOf({ part: "folds" }, ignore);
    const [asValidation] = await data.rowTexts({ part: "validation", rows: [0] }, ignore);
    const [asFold] = await data.rowTexts({ part: "folds", rows: [0] }, ignore);
    expect(asValidation).toEqual(first);
    expect(asFold).toEqual(first);

    const validation = { slot: "validation", file: table, format: {} } as const;
    await data.openTable(validation, ignore);
    await data.selectRows(select, ignore);
    await expect(data.encodeFolds(folding, ignore)).rejects.toThrow("second file");
  });

  it("opens a text file, and encodes its texts without those held out", async () => {
    const { data, jobs } = await connect();
    await data.openTable(openTrain, ignore);
    await data.selectRows(select, ignore);
    const [held] = await data.rowTexts({ part: "validation", rows: [0] }, ignore);
    const encode = { job: "p", limit: cutAt(4) } as const;
    await expect(data.encodeTextFile(encode, ignore)).rejects.toThrow("no data");
    const file = new File(["w1 w2\n\n", `${held?.text}\n`, "w3"], "own.txt");
    const opened = await data.openTextFile({ slot: "pretrain", file }, ignore);
    expect(opened).toMatchObject({ name: "own.txt", lines: 3, words: 6, preview: ["w1 w2", held?.text, "w3"] });
    const seen: Progress[] = [];
    expect(await data.encodeTextFile(encode, (progress) => seen.push(progress))).toEqual({ rows: 2 });
    expect(seen.at(-1)).toEqual({ what: "Tokenizing", done: 2, total: 2 });
    expect(await jobs.job("p")).toEqual(encodeRows(["w1 w2", "w3"], null, 4, tokenizer));

    const bad = new File(["%PDF-1.7"], "own.pdf");
    await expect(data.openTextFile({ slot: "pretrain", file: bad }, ignore)).rejects.toThrow("is a PDF");
    expect(await data.encodeTextFile({ ...encode, job: "q" }, ignore)).toEqual({ rows: 2 });
    await data.closeTextFile({ slot: "pretrain" }, ignore);
    await expect(data.encodeTextFile(encode, ignore)).rejects.toThrow("no data");
  });

  it("keeps what was open when a file cannot be read", async () => {
    const { data } = await connect();
    await data.openTable(openTrain, ignore);
    const summary = await data.selectRows(select, ignore);
    const empty = { ...openTrain, file: new File([], "empty.csv") };
    await expect(data.openTable(empty, ignore)).rejects.toThrow("empty.csv");
    await data.encode({ job: "t", part: "train", limit: cutAt(4) }, ignore);
    expect(await data.selectRows(select, ignore)).toEqual(summary);
  });

  it("refuses to encode what must not be trained on, and what is not there", async () => {
    const { data } = await connect();
    const encode = { job: "t", part: "train", limit: cutAt(4) } as const;
    await expect(data.encode(encode, ignore)).rejects.toThrow("no data");
    const one = new File(["text,label\na b,x\nc d,x\ne f,x\n"], "one.csv");
    await data.openTable({ ...openTrain, file: one }, ignore);
    const summary = await data.selectRows(select, ignore);
    expect(summary.findings.map((finding) => finding.severity)).toContain("blocking");
    await expect(data.encode(encode, ignore)).rejects.toThrow("without such faults");
  });

  it("sorts the rows of an earlier task by the classes it is given, apart from the others", async () => {
    const { data, jobs } = await connect();
    await data.openTable(openTrain, ignore);
    const summary = await data.selectRows(select, ignore);
    await data.openTable({ slot: "earlier", file: earlierTable, format: {} }, ignore);
    const earlier = await data.selectEarlier(selectEarlier, ignore);
    expect(earlier).toMatchObject({ labelNames: ["warm", "cold"], trainRows: 14, validationRows: 6, droppedRows: 10 });
    expect(earlier.findings.map(({ severity, text }) => [severity, text])).toContainEqual([
      "warning",
      'In old.csv: 10 rows have a label that is not among the classes and are left out: the classes are "warm", "cold"; these rows have "mild".',
    ]);

    const encode = (part: "earlierTrain" | "earlierValidation") =>
      data.encode({ job: part, part, limit: cutAt(8) }, ignore);
    const [train, held] = [await encode("earlierTrain"), await encode("earlierValidation")];
    expect([train.rows, held.rows]).toEqual([14, 6]);
    expect(train.labels.labels.filter((label) => label === 1)).toHaveLength(7);
    const ids = [await jobs.job("earlierTrain"), await jobs.job("earlierValidation")];
    expect(ids.map(({ rowStart }) => rowStart.length - 1)).toEqual([14, 6]);
    // The texts that the errors list shows are those of the new task.
    await data.encode({ job: "v", part: "validation", limit: cutAt(4) }, ignore);
    const [first] = await data.rowTexts({ part: "validation", rows: [0] }, ignore);
    expect(first?.text).toMatch(/again$/);
    await data.closeTable({ slot: "earlier" }, ignore);
    expect(() => data.selectEarlier(selectEarlier, ignore)).toThrow("no data");
    expect(await data.selectRows(select, ignore)).toEqual(summary);
  });

  it("takes the earlier task's texts in place of its rows, each once, in two parts, and the other way round", async () => {
    const { data, jobs } = await connect();
    const earlier = { slot: "earlier" } as const;
    const split = { share: 0.25, seed: 1 } as const;
    expect(() => data.selectEarlierTexts(split, ignore)).toThrow("no data");
    await data.openTable({ ...earlier, file: earlierTable, format: {} }, ignore);
    const texts = words.slice(0, 8).map((word) => `${word} before`);
    const file = new File([[...texts, "", texts[0]].join("\n")], "old.txt");
    expect(await data.openTextFile({ ...earlier, file }, ignore)).toMatchObject({ lines: 9 });
    expect(() => data.selectEarlier(selectEarlier, ignore)).toThrow("no data");
    expect(await data.selectEarlierTexts(split, ignore)).toEqual({ trainRows: 6, validationRows: 2 });
    const encode = (part: "earlierTrain" | "earlierValidation") =>
      data.encode({ job: part, part, limit: cutAt(8) }, ignore);
    expect([await encode("earlierTrain"), await encode("earlierValidation")]).toEqual([
      { labels: { labels: new Int32Array(0) }, rows: 6 },
      { labels: { labels: new Int32Array(0) }, rows: 2 },
    ]);
    const parts = [await jobs.job("earlierTrain"), await jobs.job("earlierValidation")];
    const firsts = parts.flatMap(({ ids, rowStart }) => [...rowStart.slice(0, -1)].map((start) => ids[start + 1]));
    expect(new Set(firsts).size).toBe(8);

    const one = new File(["alone\nalone"], "one.txt");
    await data.openTextFile({ ...earlier, file: one }, ignore);
    expect(() => data.selectEarlierTexts(split, ignore)).toThrow("one.txt has one text alone");
    await data.openTable({ ...earlier, file: earlierTable, format: {} }, ignore);
    expect(() => data.selectEarlierTexts(split, ignore)).toThrow("no data");
    expect(await data.selectEarlier(selectEarlier, ignore)).toMatchObject({ trainRows: 14 });
    await data.closeTextFile({ ...earlier }, ignore);
    expect(() => data.selectEarlier(selectEarlier, ignore)).toThrow("no data");
  });

  it("refuses earlier rows of which none has one of the classes, in the words of the command line", async () => {
    const { data } = await connect();
    await data.openTable({ slot: "earlier", file: earlierTable, format: {} }, ignore);
    const others = { ...selectEarlier, labelNames: ["ham", "spam"] };
    const { findings } = await data.selectEarlier(others, ignore);
    expect(findings.some(({ severity, text }) => severity === "blocking" && text.startsWith("In old.csv: "))).toBe(
      true,
    );
    const encode = { job: "e", part: "earlierTrain", limit: cutAt(4) } as const;
    await expect(data.encode(encode, ignore)).rejects.toThrow("own classes were expected: ham, spam");
  });

  it.each([
    ["two classes", (row: number) => (row % 2 ? "ham" : "spam")],
    ["faults in every row", (row: number) => (row % 3 ? "Ham" : row % 2 ? "ham" : "nan")],
  ])("tells the page as much of 40,000 rows as of 10,000: %s", async (_, labelOf) => {
    const sizeOf = async (rows: number) => {
      // Texts that repeat, under several labels, and cells to the right of the last column.
      const lines = Array.from({ length: rows }, (_, row) => `the same text ${row % 500},${labelOf(row)},more`);
      const file = new File([["text,label", ...lines].join("\n")], "long.csv");
      const service = createDataService();
      const answers = [
        await service.openTable({ ...openTrain, file }, ignore),
        await service.selectRows({ ...select, columns }, ignore),
      ];
      return JSON.stringify(answers).length;
    };
    const [few, many] = [await sizeOf(10_000), await sizeOf(40_000)];
    expect(many).toBeLessThan(few + 500);
    expect(many).toBeLessThan(50_000);
  });
});

describe("edits", () => {
  it("change what is selected from then on, export as a file and a patch, and end with the table", async () => {
    const data = createDataService();
    await data.openTable(openTrain, ignore);
    const before = await data.selectRows(select, ignore);
    const edits = [
      { row: 1, dropped: true },
      { row: 2, cells: [{ column: 1, text: "ham" }] },
    ];
    const { preview } = await data.editTable({ edits }, ignore);
    expect(preview[0]).toEqual(["w1 w1 again", "ham"]);
    const { trainRows, validationRows } = await data.selectRows(select, ignore);
    expect(trainRows + validationRows).toBe(before.trainRows + before.validationRows - 1);
    const { file } = await data.tableCsv({ neutralize: false }, ignore);
    const lines = (await file.text()).split("\r\n");
    expect(lines.slice(0, 3)).toEqual(["text,label", "w1 w1 again,ham", "w2 w2 again,ham"]);
    const patch = new File([(await data.editPatch(undefined, ignore)).text], "sms.edits.jsonl");
    expect(await data.readEditPatch({ file: patch }, ignore)).toEqual({ edits });
    await data.openTable(openTrain, ignore);
    expect((await data.selectRows(select, ignore)).trainRows).toBe(before.trainRows);
    expect((await data.editPatch(undefined, ignore)).text.trim().split("\n")).toHaveLength(1);
  });
});
