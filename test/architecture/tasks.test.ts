import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { tasks, textTask } from "../../src/tasks/registry.ts";

/** Metrics of one task, its columns and its fields, and what it does, beside the names of the tasks themselves. */
const WORDS =
  /macroF1|weightedF1|matthews|logLoss|confusion|classWeights|perplexity|masked|masking|maskShare|wholeWord/i;

/** Where a task may be named: its own folders, its arithmetic, its recipe fields, and the advice on it. */
const OWN = /^src\/(tasks|app\/tasks|metrics|recipe|advice)\//;

/** Where else names cannot be avoided, and which. */
const NAMED: Record<string, string[]> = {
  // What the labels of a table are recognized as.
  "src/data/label-kinds.ts": [
    "single-label",
    "multi-label",
    "regression",
    "token-classification",
    "Single-label",
    "a multi-label task",
    "Multi-label",
    "a regression target rather than classes",
    "Regression",
  ],
  // The settings of a reference, as a recipe has them.
  "src/cli/parity/check.ts": ["classWeights"],
  // What such a head is recognized as.
  "src/families/head-kind.ts": [
    "single-label",
    "multi-label",
    "regression",
    "token-classification",
    "masked-lm",
    "The checkpoint is a masked language model without a classifier",
  ],
};

/** A family names transformers' classes, by which a checkpoint says what its head is for. */
const isClassName = (path: string, text: string) =>
  path.startsWith("src/families/") && ["MaskedLM", "TokenClassification"].includes(text);

/** Identifiers and texts of a file that name a task; comments are left out. */
function namesIn(path: string, text: string): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const isNamed = (word: string) =>
    WORDS.test(word) ||
    [...tasks, textTask].some(({ name }) => word.toLowerCase().replaceAll("-", "").includes(name.replaceAll("-", "")));
  const visit = (node: ts.Node): void => {
    const isText =
      ts.isIdentifier(node) || ts.isStringLiteralLike(node) || ts.isJsxText(node) || ts.isTemplateLiteralToken(node);
    if (isText && isNamed(node.text) && !isClassName(path, node.text)) found.push(node.text);
    node.forEachChild(visit);
  };
  visit(file);
  return found;
}

describe("the names of tasks, their metrics and fields", () => {
  it("stand in the tasks' own folders, and where labels and heads are recognized", () => {
    const files = readdirSync("src", { recursive: true, encoding: "utf8" })
      .map((path) => `src/${path.replaceAll("\\", "/")}`)
      .filter((path) => /\.tsx?$/.test(path) && !OWN.test(path));
    expect(files.length).toBeGreaterThan(300);
    const named = files.map((path) => [path, [...new Set(namesIn(path, readFileSync(path, "utf8")))]] as const);
    expect(Object.fromEntries(named.filter(([, names]) => names.length > 0))).toEqual(NAMED);
  });

  it.each([
    ["an identifier", "const singleLabelOnly = 1;"],
    ["a text", 'const task = "single-label";'],
    ["a field of a report", "const score = report.logLoss;"],
    ["a metric's key", 'const best = "macroF1";'],
    ["a field of an event", "const shown = event.perplexity;"],
    ["a field of the recipe", "const share = recipe.maskShare;"],
    ["words of a message", "const text = `the ${count} masked words`;"],
    ["text on the page", "const a = <p>the confusion matrix</p>;"],
  ])("are found: %s", (_, text) => {
    expect(namesIn("src/a.tsx", text)).not.toEqual([]);
  });

  it("are not found in comments", () => {
    expect(namesIn("src/a.tsx", "// as single-label has it\nconst score = metric.of(report);")).toEqual([]);
  });
});
