import type { Report } from "../../src/metrics/report.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bert } from "../../src/families/bert/bert.ts";
import { type CardFacts, modelCard } from "../../src/export/model-card.ts";
import { scoresOfCells } from "../../src/metrics/class-scores.ts";
import { scoresOf } from "../../src/metrics/report-of.ts";
import { defaultRecipe, type Recipe } from "../../src/recipe/recipe.ts";
import { defaultTrainedTask } from "../../src/tasks/trained-tasks.ts";
import { parseYaml } from "./yaml-subset.ts";

const report: Report = { logLoss: 0.125, ...scoresOf([80, 2, 3, 15], 2) };
const facts: CardFacts = {
  task: defaultTrainedTask,
  family: bert,
  name: "sms-spam",
  baseModel: "sentence-transformers/all-MiniLM-L6-v2",
  baseLicence: "",
  dataName: "sms.csv",
  trainRows: 400,
  labelNames: ["ham", "spam"],
  report,
  weights: "best",
  step: 75,
  isPair: false,
  recipe: defaultRecipe,
  dtype: "float32",
  isAdapter: false,
};

function frontMatterOf(card: string): string {
  const match = /^---\n([^]*?)\n---\n/.exec(card);
  if (match?.[1] === undefined) throw new Error("There is no front matter.");
  return match[1];
}

describe("modelCard", () => {
  it("opens with what the Hub reads", () => {
    expect(parseYaml(frontMatterOf(modelCard(facts)))).toEqual({
      library_name: "transformers",
      pipeline_tag: "text-classification",
      base_model: "sentence-transformers/all-MiniLM-L6-v2",
      tags: ["text-classification", "bert", "tabtune"],
      metrics: ["accuracy", "f1", "precision", "recall", "matthews_correlation"],
      "model-index": [
        {
          name: "sms-spam",
          results: [
            {
              task: { type: "text-classification" },
              dataset: { name: "sms.csv", type: "custom" },
              metrics: [
                { type: "accuracy", name: "Accuracy", value: 0.95 },
                { type: "f1", name: "Macro F1", value: Number(report.macro.f1.toFixed(6)) },
              ],
            },
          ],
        },
      ],
    });
  });

  it("stays valid with any names", () => {
    const text = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("a: b", "- x", "# y", '"', "\u2028", "---\n"));
    fc.assert(
      fc.property(text, text, text, (name, dataName, baseModel) => {
        const matter = parseYaml(frontMatterOf(modelCard({ ...facts, name, dataName, baseModel })));
        expect(matter).toMatchObject({
          "model-index": [{ name, results: [{ dataset: { name: dataName } }] }],
        });
      }),
    );
  });

  it("says how long texts are read, and does the same in Python, with an adapter too", () => {
    const recipe: Recipe = { ...facts.recipe, longTexts: "windows", maxLength: 64, windowOverlap: 16 };
    for (const isAdapter of [false, true]) {
      const card = modelCard({ ...facts, recipe, isAdapter });
      expect(card).toContain("Texts longer than 64 tokens are read in windows, each with 16 tokens of the one before");
      expect(card).toContain("max_length=64, stride=16");
      expect(card).toContain("logits.mean(0)");
      expect(card).not.toContain("pipeline(");
      const ends = modelCard({ ...facts, recipe: { ...recipe, longTexts: "head-and-tail" }, isAdapter });
      expect(ends).toContain("Of texts longer than 64 tokens the first and the last tokens are read");
      expect(ends).toContain("head = (kept + 2) // 4");
    }
  });

  it("names no base model that the Hub would refuse", () => {
    expect(frontMatterOf(modelCard({ ...facts, baseModel: "my folder" }))).not.toContain("base_model");
    expect(modelCard({ ...facts, baseModel: "my folder" })).toContain("my folder");
  });

  it.each(["pooler", "mean", "cls"] as const)("shows how a pair model pooled by %s is called", (pooling) => {
    const pairs = { ...facts, isPair: true, recipe: { ...defaultRecipe, pooling } };
    const call = pooling === "pooler" ? '"text_pair": "Its second text"' : "tokenize(texts, seconds, padding=True";
    expect(modelCard(pairs)).toContain(call);
    expect(modelCard({ ...pairs, isPair: false })).not.toContain(call);
    expect(modelCard(pairs)).toContain("a text and a second text");
    expect(modelCard({ ...pairs, isPair: false })).not.toContain("second text");
  });

  it("shows how the adapter of a pair model is called", () => {
    const adapter = { ...facts, isAdapter: true };
    expect(modelCard({ ...adapter, isPair: true })).toContain('classify({"text": "A text of your own", "text_pair":');
    expect(modelCard(adapter)).toContain('classify("A text of your own"');
  });

  it("names only some of thousands of classes", () => {
    const classes = 4000;
    const labelNames = Array.from({ length: classes }, (_, k) => `class-${k}`);
    const cells = labelNames.map((_, k) => [k, k % 2 ? k : 0, 1] as const);
    const scores: Report = { logLoss: 1, ...scoresOfCells(cells, classes) };
    const card = modelCard({ ...facts, labelNames, report: scores });
    expect(card.length).toBeLessThan(20_000);
    expect(card).toContain("and 3900 more");
    expect(card).toContain("3900 more are not listed");
  });

  it("reports each class, the averages and the confusion matrix", () => {
    const card = modelCard(facts);
    expect(card).toContain("Accuracy 0.9500");
    expect(card).toContain("| ham | 0.9639 | 0.9756 | 0.9697 | 82 |");
    expect(card).toContain("| spam | 0.8824 | 0.8333 | 0.8571 | 18 |");
    expect(card).toContain("| spam | 3 | 15 |");
    expect(card).toMatch(/\| macro average \|.*\| 100 \|/);
  });

  it("keeps label names from breaking the tables", () => {
    const card = modelCard({ ...facts, labelNames: ["a|b", "line\n<script>"] });
    expect(card).toContain("| a\\|b |");
    expect(card).toContain("| line \\<script\\> |");
  });

  it("holds the whole recipe, whatever is in it", () => {
    const recipe = { ...defaultRecipe, classWeights: { "```": 2 } };
    const json = /````json\n([^]*?)\n````/.exec(modelCard({ ...facts, recipe }))?.[1] ?? "";
    expect(JSON.parse(json)).toEqual(recipe);
  });

  it("says that transformers' classifier is right for the pooler alone, and what to load for the others", () => {
    expect(modelCard(facts)).toContain('pipeline("text-classification"');
    for (const [pooling, code] of [
      ["cls", "pooled = states[-1][:, 0]"],
      ["mean", "pooled = (states[-1] * mask).sum(1) / mask.sum(1)"],
      ["mean-last-4", "sum(states[1:][-4:])"],
    ] as const) {
      const card = modelCard({ ...facts, recipe: { ...defaultRecipe, pooling } });
      expect(card).not.toContain('pipeline("text-classification"');
      expect(card).toMatch(
        /without the pooler.*`AutoModelForSequenceClassification` .* would put that layer before it/,
      );
      // transformers 4's ModernBERT has the last of its hidden_states without the norm behind it.
      expect(card).toContain("states = (*out.hidden_states[:-1], out.last_hidden_state)");
      expect(card).toContain(code);
    }
  });

  it("leaves out a matrix that nobody could read", () => {
    const labelNames = Array.from({ length: 30 }, (_, k) => `class ${k}`);
    const report = { logLoss: 1, ...scoresOf(new Array<number>(900).fill(1), 30) };
    expect(modelCard({ ...facts, labelNames, report })).not.toContain("Confusion");
  });
});
