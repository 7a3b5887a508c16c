import fc from "fast-check";
import Papa from "papaparse";
import { describe, expect, it } from "vitest";
import { bert } from "../../src/families/bert/bert.ts";
import { configJson } from "../../src/export/config-json.ts";
import { metricsJsonl } from "../../src/export/entries.ts";
import { RowScorer } from "../../src/metrics/row-scores.ts";
import { rowScoresFrom } from "../metrics/row-scores-from.ts";
import { predictionsCsv } from "../../src/export/predictions-csv.ts";
import { defaultRecipe } from "../../src/recipe/recipe.ts";
import { defaultTrainedTask } from "../../src/tasks/trained-tasks.ts";

const parsed = (text: string) => JSON.parse(text) as Record<string, unknown>;

describe("configJson", () => {
  const base = { _name_or_path: "x/y", architectures: ["BertModel"], hidden_size: 8, torch_dtype: "float16", odd: [1] };

  it("names head, labels and dtype, and keeps the rest", () => {
    expect(
      parsed(
        configJson(base, {
          task: defaultTrainedTask,
          family: bert,
          labelNames: ["ham", "spam"],
          dtype: "float32",
          pooling: "pooler",
          reading: defaultRecipe,
          cleaning: defaultRecipe,
        }),
      ),
    ).toEqual({
      architectures: ["BertForSequenceClassification"],
      model_type: "bert",
      problem_type: "single_label_classification",
      num_labels: 2,
      id2label: { "0": "ham", "1": "spam" },
      label2id: { ham: 0, spam: 1 },
      torch_dtype: "float32",
      dtype: "float32",
      hidden_size: 8,
      odd: [1],
    });
    expect(base._name_or_path).toBe("x/y");
  });

  it("says how rows are pooled where transformers' classifier would not, and forgets how they were", () => {
    const pooled = parsed(
      configJson(
        { ...base, tabtune: { pooling: "cls" } },
        {
          task: defaultTrainedTask,
          family: bert,
          labelNames: ["ham", "spam"],
          dtype: "float32",
          pooling: "mean",
          reading: defaultRecipe,
          cleaning: defaultRecipe,
        },
      ),
    );
    expect(pooled).toMatchObject({ architectures: ["BertModel"], tabtune: { pooling: "mean" }, num_labels: 2 });
    const plain = parsed(
      configJson(
        { ...base, tabtune: { pooling: "cls" } },
        {
          task: defaultTrainedTask,
          family: bert,
          labelNames: ["ham", "spam"],
          dtype: "float32",
          pooling: "pooler",
          reading: defaultRecipe,
          cleaning: defaultRecipe,
        },
      ),
    );
    expect(plain).not.toHaveProperty("tabtune");
    expect(plain.architectures).toEqual(["BertForSequenceClassification"]);
  });

  it("keeps label names that mean something to JavaScript", () => {
    const text = configJson(
      {},
      {
        task: defaultTrainedTask,
        family: bert,
        labelNames: ["__proto__", "constructor", 'ünï "q"'],
        dtype: "float16",
        pooling: "pooler",
        reading: defaultRecipe,
        cleaning: defaultRecipe,
      },
    );
    const label2id = parsed(text).label2id;
    expect(Object.entries(label2id ?? {})).toEqual([
      ["__proto__", 0],
      ["constructor", 1],
      ['ünï "q"', 2],
    ]);
  });
});

describe("predictionsCsv", () => {
  const rows = [
    { line: 3, text: 'He said "no", twice', pair: null },
    { line: 7, text: "=1+1\nsecond line", pair: null },
  ];
  const truth = { labels: Int32Array.of(1, 0) };
  const scores = rowScoresFrom(truth.labels, [0.25, 0.75, 0.1, 0.9], 2);

  it("has a line a row with labels and probabilities", () => {
    const text = [...predictionsCsv({ rows, truth, scores, task: defaultTrainedTask }, ["ham", "sp,am"])].join("");
    expect(Papa.parse<string[]>(text, { skipEmptyLines: true }).data).toEqual([
      ["line", "text", "label", "predicted", "probability_ham", "probability_sp,am"],
      ["3", 'He said "no", twice', "sp,am", "sp,am", "0.25", "0.75"],
      ["7", "=1+1\nsecond line", "ham", "sp,am", "0.1", "0.9"],
    ]);
  });

  it("names the most probable classes where there are more than are kept of each row", () => {
    const classes = 4000;
    const names = Array.from({ length: classes }, (_, k) => `class ${k}`);
    const scorer = new RowScorer(Int32Array.of(7), classes);
    scorer.add(Float32Array.from({ length: classes }, (_, k) => (k === 3999 ? 20 : k === 7 ? 19 : 0)));
    const task = defaultTrainedTask;
    const only = { task, rows: rows.slice(0, 1), truth: { labels: Int32Array.of(7) }, scores: scorer.scores() };
    const text = [...predictionsCsv(only, names)].join("");
    const [header = [], line = []] = Papa.parse<string[]>(text, { skipEmptyLines: true }).data;
    expect(header.slice(0, 8)).toEqual([
      ...["line", "text", "label", "predicted", "class_1", "probability_1", "class_2", "probability_2"],
    ]);
    expect(header).toHaveLength(24);
    expect(line.slice(2, 5)).toEqual(["class 7", "class 3999", "class 3999"]);
    expect(line[6]).toBe("class 7");
    expect(Number(line[5])).toBeCloseTo(Math.E / (1 + Math.E), 3);
  });

  it("has a column more for pairs", () => {
    const pairs = rows.map((row) => ({ ...row, pair: "other" }));
    const lines = [...predictionsCsv({ rows: pairs, truth, scores, task: defaultTrainedTask }, ["a", "b"])];
    expect(lines[0]).toBe("line,text,second_text,label,predicted,probability_a,probability_b\r\n");
    expect(lines[1]).toContain(",other,b,b,");
  });

  it("comes out of a CSV reader as it went in, whatever the text", () => {
    const cells = fc.array(fc.string({ unit: "binary" }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(cells, (texts) => {
        const predictions = {
          task: defaultTrainedTask,
          rows: texts.map((text, i) => ({ line: i + 1, text, pair: null })),
          truth: { labels: new Int32Array(texts.length) },
          scores: rowScoresFrom(
            new Int32Array(texts.length),
            texts.map(() => 1),
            1,
          ),
        };
        const text = [...predictionsCsv(predictions, ["only"])].join("");
        const back = Papa.parse<string[]>(text, { newline: "\r\n", delimiter: "," }).data;
        expect(back.slice(1, -1).map((row) => row[1])).toEqual(texts);
      }),
    );
  });
});

describe("metricsJsonl", () => {
  it("writes one object a line, in order", () => {
    const lines = [
      ...metricsJsonl([
        { type: "step", loss: 1.5 },
        { type: "step", loss: NaN },
      ]),
    ];
    expect(lines).toEqual(['{"type":"step","loss":1.5}\n', '{"type":"step","loss":null}\n']);
  });
});
