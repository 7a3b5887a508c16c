import { describe, expect, it } from "vitest";
import { pythonSnippet } from "../../../src/app/run/python-snippet.ts";

describe("pythonSnippet", () => {
  it("loads the folder as a pipeline, for one text or two", () => {
    expect(pythonSnippet("sms", false, "pooler")).toContain('model="sms")\nprint(classify("A text');
    expect(pythonSnippet("sms", true, "pooler")).toContain("text_pair");
  });

  it("does not where transformers' classifier would pool otherwise", () => {
    const snippet = pythonSnippet("sms", false, "mean");
    expect(snippet).not.toContain("pipeline");
    expect(snippet).toContain("sms/README.md");
  });
});
