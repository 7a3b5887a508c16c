import { describe, expect, it } from "vitest";
import { families, familyOf, readConfig } from "../../src/families/registry.ts";
import { tokenClassName, tokenConfig } from "../../src/families/token-config.ts";
import { parameterLayout } from "../../src/model/layout.ts";

const sizes = { vocab_size: 40, hidden_size: 12, num_hidden_layers: 1, num_attention_heads: 2, intermediate_size: 20 };
const configs = {
  bert: { ...sizes, max_position_embeddings: 16, classifier_dropout: 0.3 },
  distilbert: { vocab_size: 40, dim: 12, n_layers: 1, n_heads: 2, hidden_dim: 20, max_position_embeddings: 16, dropout: 0.15 }, // prettier-ignore
  roberta: { ...sizes, max_position_embeddings: 18, pad_token_id: 1, type_vocab_size: 1 },
  electra: { ...sizes, max_position_embeddings: 16, embedding_size: 8 },
  mpnet: { ...sizes, max_position_embeddings: 18 },
  modernbert: { ...sizes, pad_token_id: 1, global_attn_every_n_layers: 1, classifier_dropout: 0.2 },
};

const tokenHead = (type: keyof typeof configs) => {
  const file = { model_type: type, ...configs[type] };
  const config = tokenConfig(familyOf(file), readConfig(file));
  const parts = parameterLayout(config, 3, config.pooling).flatMap((spec) => (spec.ofHead ? spec.parts : []));
  return { config, parts };
};

describe("a classifier of tokens", () => {
  it.each(["bert", "distilbert", "roberta", "electra", "mpnet"] as const)(
    "is one linear layer in the family %s",
    (type) => {
      const { config, parts } = tokenHead(type);
      expect(parts).toEqual(["classifier.weight", "classifier.bias"]);
      expect(config.names.canonical("classifier.weight")).toBe("classifier.weight");
    },
  );

  it("has a class in transformers in every family, or is refused", () => {
    for (const family of families) expect(tokenClassName(family)).toMatch(/^\w+ForTokenClassification$/);
    const without = { label: "Parsnip", classes: { encoder: "A", classifier: "B", others: ["ParsnipForMaskedLM"] } };
    expect(() => tokenClassName(without)).toThrow("no classifier of tokens for Parsnip");
  });

  it("does not take the head of texts for its own", () => {
    const { config } = tokenHead("roberta");
    expect(config.names.canonical("classifier.out_proj.weight")).toBeNull();
    expect(config.names.canonical("roberta.encoder.layer.0.output.dense.weight")).not.toBeNull();
  });

  it("reads through the other layers of ModernBERT's head", () => {
    expect(tokenHead("modernbert").parts).toEqual([
      ...["head.dense.weight", "head.norm.weight"],
      ...["classifier.weight", "classifier.bias"],
    ]);
  });

  it("drops as its class in transformers does", () => {
    expect(tokenHead("bert").config.classifierDropout).toBe(0.3);
    expect(tokenHead("distilbert").config.classifierDropout).toBe(0.15);
    expect(tokenHead("modernbert").config.classifierDropout).toBe(0.2);
  });
});
