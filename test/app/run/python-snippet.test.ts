import { describe, expect, it } from "vitest";
import { adapterSnippet, pythonSnippet } from "../../../src/app/run/python-snippet.ts";
import { defaultRecipe, type Recipe } from "../../../src/recipe/recipe.ts";
import { defaultTask, taskNamed } from "../../../src/tasks/registry.ts";

const reading = { ...defaultRecipe, maxLength: 96 };
const facts = { folder: "sms", task: defaultTask, pair: false, reading };
const adapterFacts = { ...facts, baseModel: "tiny", labelNames: ["ham", "spam"] };

describe("pythonSnippet", () => {
  it("loads the folder as a pipeline, for one text or two, which are cut as in training", () => {
    const cut = "truncation=True, max_length=96))";
    expect(pythonSnippet(facts)).toContain(`model="sms")\nprint(classify("A text to classify", ${cut}`);
    expect(pythonSnippet({ ...facts, pair: true })).toContain(`"text_pair": "A second text"}, ${cut}`);
  });

  it.each<[string, Partial<Recipe>]>([
    ["pools by", { pooling: "mean" }],
    ["in windows", { longTexts: "windows" }],
    ["first and last tokens", { longTexts: "head-and-tail" }],
  ])("names the model card where pipelines predict something else: %s", (why, changes) => {
    const other = { reading: { ...reading, ...changes } };
    for (const snippet of [pythonSnippet({ ...facts, ...other }), adapterSnippet({ ...adapterFacts, ...other })]) {
      expect(snippet).not.toContain("pipeline(");
      expect(snippet).toContain(why);
      expect(snippet).toContain("sms/README.md");
    }
  });

  it.each([
    ["multi-label", "sigmoid"],
    ["regression", "none"],
  ])("makes the scores of %s from the outputs as it does: %s", (name, scoredBy) => {
    const task = taskNamed(name);
    for (const snippet of [pythonSnippet({ ...facts, task }), adapterSnippet({ ...adapterFacts, task })]) {
      expect(snippet).toContain(`top_k=None, function_to_apply="${scoredBy}")`);
    }
  });

  it("finds entities where words are labelled, whatever the pooling, in windows", () => {
    const words = { task: taskNamed("token-classification"), reading: { ...reading, pooling: "mean" as const } };
    const snippet = pythonSnippet({ ...facts, ...words });
    expect(snippet).toContain('tokenizer = AutoTokenizer.from_pretrained("sms", model_max_length=96)');
    expect(snippet).toContain('find = pipeline("token-classification", model="sms", tokenizer=tokenizer,');
    expect(snippet).toContain('aggregation_strategy="first", stride=32)');
    const adapter = adapterSnippet({ ...adapterFacts, ...words });
    expect(adapter).toContain("base = AutoModelForTokenClassification.from_pretrained(");
    expect(adapter).toContain('find = pipeline("token-classification", model=model, tokenizer=tokenizer,');
  });
});
