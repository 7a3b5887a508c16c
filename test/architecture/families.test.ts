import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { families } from "../../src/families/registry.ts";
import { languageHeadLayout, parameterLayout } from "../../src/model/layout.ts";
import type { ModelConfig } from "../../src/model/config.ts";

const sizes = {
  vocabularySize: 8,
  hiddenSize: 4,
  layers: 1,
  heads: 1,
  intermediateSize: 8,
  maxPositions: 8,
  typeVocabularySize: 2,
};

/** What checkpoints call the modules of encoder and heads, without what every model's roles are called. */
const modules = new Set(
  families.flatMap(({ type, names }) => {
    const isProjected = names.embeddings.projection !== undefined;
    const config = { ...sizes, ...(isProjected && { embeddingSize: 2 }), family: type, names } as ModelConfig;
    const layer = /^.*\.0\./;
    const layout = [...parameterLayout(config, 2, "pooler"), ...languageHeadLayout(config)];
    const roles = new Set(layout.map(({ role }) => role.replace(/\.(weight|bias)$/, "")));
    return layout
      .flatMap(({ parts }) => parts)
      .map((name) =>
        name
          .replace(names.base, "")
          .replace(layer, "")
          .replace(/\.(weight|bias)$/, ""),
      )
      .filter((name) => /[._]/.test(name) && !roles.has(name));
  }),
);

/** Types that tokenizer.json itself names, whatever the model. */
const TOKENIZER_TYPES = /^(Bert(Normalizer|PreTokenizer)|RobertaProcessing)$/;

/** A file that sentence-transformers writes, whatever the model. */
const SENTENCE_FILE = "sentence_bert_config.json";

const isOthers = (word: string) => word === SENTENCE_FILE || TOKENIZER_TYPES.test(word);

/** Identifiers and texts of a file that name a family or a checkpoint's parameter; sources' titles are left out. */
function namesIn(path: string, text: string): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const isNamed = (word: string) =>
    families.some(({ type }) => word.toLowerCase().includes(type)) || [...modules].some((name) => word.includes(name));
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && node.name.getText() === "source") return;
    const isText =
      ts.isIdentifier(node) || ts.isStringLiteralLike(node) || ts.isJsxText(node) || ts.isTemplateLiteralToken(node);
    if (isText && !isOthers(node.text) && isNamed(node.text)) found.push(`${path}: ${node.text.trim()}`);
    node.forEachChild(visit);
  };
  visit(file);
  return found;
}

/** Files that hold nothing but titles of sources. */
const TITLES = ["src/recipe/fields/sources.ts"];

describe("the names of families and of their parameters", () => {
  it("stand in families/ alone", () => {
    expect(modules).toContain("attention.self.query");
    expect(modules).toContain("vocab_transform");
    expect(modules).toContain("embeddings_project");
    const files = readdirSync("src", { recursive: true, encoding: "utf8" })
      .map((path) => `src/${path.replaceAll("\\", "/")}`)
      .filter((path) => /\.tsx?$/.test(path) && !path.startsWith("src/families/"));
    expect(files.length).toBeGreaterThan(300);
    const found = files
      .filter((path) => !TITLES.includes(path))
      .flatMap((path) => namesIn(path, readFileSync(path, "utf8")));
    expect(found).toEqual([]);
  });

  it.each([
    ["an identifier", "const bertOnly = 1;"],
    ["a text", 'const title = "Drop a BERT checkpoint";'],
    ["a template", "const a = `${1} of DistilBERT`;"],
    ["text on the page", "const a = <p>a BERT checkpoint</p>;"],
    ["a parameter", 'const a = "encoder.layer.0.attention.self.query.weight";'],
    ["a parameter of another family", 'const a = "pre_classifier.weight";'],
  ])("are found: %s", (_, text) => {
    expect(namesIn("src/a.tsx", text)).toHaveLength(1);
  });

  it.each([
    ["a type of tokenizer.json", 'const a = type === "BertNormalizer";'],
    ["a source's title", 'const a = { source: "Devlin et al. 2019, BERT" };'],
    ["a comment", "// as BERT does"],
    ["a role", 'const a = "encoder.layer.0.qkv.weight";'],
  ])("are not %s", (_, text) => {
    expect(namesIn("src/a.tsx", text)).toEqual([]);
  });
});
