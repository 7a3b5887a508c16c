import { describe, expect, it } from "vitest";
import { bert } from "../../src/families/bert/bert.ts";
import { distilbert } from "../../src/families/distilbert/distilbert.ts";
import { unwrapped } from "../../src/families/unwrap.ts";
import { thrownBy } from "../io/thrown-by.ts";

const word = "embeddings.word_embeddings.weight";
const own = [`bert.${word}`, "bert.pooler.dense.bias", "classifier.weight"];
const of = (names: string[]) => new Map(names.map((name, i) => [name, i]));

describe("unwrapped", () => {
  it.each(["module.", "model.", "_orig_mod.", "_orig_mod.module.", "bert.", "encoder.", "net.transformer.0."])(
    "takes off %s, uniformly",
    (prefix) => {
      const { tensors, prefix: found } = unwrapped(bert, of(own.map((name) => prefix + name)));
      expect(found).toBe(prefix);
      expect([...tensors]).toEqual(own.map((name, i) => [name, i]));
    },
  );

  it.each([["bert."], [""]])("leaves the names of transformers alone: %s", (prefix) => {
    const names = [`${prefix}${word}`, `${prefix}encoder.layer.0.output.dense.bias`, "cls.predictions.bias"];
    expect(unwrapped(bert, of(names))).toEqual({ tensors: of(names), prefix: "" });
  });

  it("takes off a wrapper around a bare encoder, and does not take a head outside of it for transformers'", () => {
    const { tensors } = unwrapped(
      bert,
      of([`encoder.${word}`, "encoder.encoder.layer.0.output.dense.bias", "classifier.weight", "loss.weight"]),
    );
    expect([...tensors.keys()]).toEqual([
      word,
      "encoder.layer.0.output.dense.bias",
      "outside.classifier.weight",
      "loss.weight",
    ]);
  });

  it("finds DistilBERT's encoder, and takes no other family's weights for it", async () => {
    const names = [`distilbert.${word}`, "pre_classifier.weight", "vocab_projector.bias"];
    const { tensors, prefix } = unwrapped(distilbert, of(names.map((name) => `model.${name}`)));
    expect([[...tensors.keys()], prefix]).toEqual([names, "model."]);
    const other = Promise.resolve().then(() => unwrapped(distilbert, of([`bert.${word}`])));
    expect((await thrownBy(other)).expected).toContain("“bert”, “distilbert”");
  });

  it("refuses two encoders, and those of other families", async () => {
    const two = Promise.resolve().then(() => unwrapped(bert, of([`query.${word}`, `passage.bert.${word}`])));
    expect((await thrownBy(two)).found).toContain("2 encoders: query., passage.bert.");
    for (const family of ["roberta", "model.electra", "xlm_roberta"]) {
      const other = Promise.resolve().then(() => unwrapped(bert, of([`${family}.${word}`])));
      expect((await thrownBy(other)).found).toContain(family);
    }
  });
});
