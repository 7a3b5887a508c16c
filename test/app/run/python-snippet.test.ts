import { describe, expect, it } from "vitest";
import { adapterSnippet, pythonSnippet } from "../../../src/app/run/python-snippet.ts";
import { defaultRecipe, type Recipe } from "../../../src/recipe/recipe.ts";

const reading = { ...defaultRecipe, maxLength: 96 };

describe("pythonSnippet", () => {
  it("loads the folder as a pipeline, for one text or two, which are cut as in training", () => {
    const cut = "truncation=True, max_length=96))";
    expect(pythonSnippet("sms", false, reading)).toContain(`model="sms")\nprint(classify("A text to classify", ${cut}`);
    expect(pythonSnippet("sms", true, reading)).toContain(`"text_pair": "A second text"}, ${cut}`);
  });

  it.each<[string, Partial<Recipe>]>([
    ["pools by", { pooling: "mean" }],
    ["in windows", { longTexts: "windows" }],
    ["first and last tokens", { longTexts: "head-and-tail" }],
  ])("names the model card where pipelines predict something else: %s", (why, changes) => {
    const other = { ...reading, ...changes };
    const adapter = adapterSnippet("sms", false, { reading: other, baseModel: "tiny", labelNames: ["ham", "spam"] });
    for (const snippet of [pythonSnippet("sms", false, other), adapter]) {
      expect(snippet).not.toContain("pipeline(");
      expect(snippet).toContain(why);
      expect(snippet).toContain("sms/README.md");
    }
  });
});
