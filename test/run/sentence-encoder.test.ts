import { describe, expect, it } from "vitest";
import type { ByteSource } from "../../src/io/byte-source.ts";
import { openModel } from "../../src/run/open-model.ts";
import { textSource } from "../io/model-folder.ts";
import { thrownBy } from "../io/thrown-by.ts";
import { checkpointFiles, tinyTensors } from "../model/tiny-checkpoint.ts";

const module = (path: string, kind: string) => ({ path, type: `sentence_transformers.models.${kind}` });
const modules = (...listed: object[]) => textSource("modules.json", JSON.stringify(listed));
const pooling = (modes: Record<string, unknown>, path = "1_Pooling") =>
  textSource(`${path}/config.json`, JSON.stringify({ word_embedding_dimension: 64, ...modes }));
const transformer = module("", "Transformer");

async function summaryOf(...more: ByteSource[]) {
  const { summary } = await openModel([...(await checkpointFiles(await tinyTensors())), ...more]);
  return { pooling: summary.sentencePooling, note: summary.notes.find((note) => note.includes("sentence encoder")) };
}

describe("a folder of sentence-transformers", () => {
  it("says how it pools, how long its texts were, and what comes after", async () => {
    const found = await summaryOf(
      modules(transformer, module("1_Pooling", "Pooling"), module("2_Normalize", "Normalize")),
      pooling({ pooling_mode_cls_token: false, pooling_mode_mean_tokens: true }),
      textSource("sentence_bert_config.json", '{"max_seq_length": 256, "do_lower_case": false}'),
    );
    expect(found.pooling).toBe("mean");
    expect(found.note).toBe(
      "The checkpoint is a sentence encoder of sentence-transformers. It was trained pooled by the mean of the tokens, on texts of up to 256 tokens. What comes after the pooling (Normalize) is left aside: the classifier reads the pooled vector.",
    );
  });

  it("is read in the places and the spelling of other versions", async () => {
    const elsewhere = modules(transformer, module("pooling", "Pooling"), module("2_Dense", "Dense"));
    const found = await summaryOf(elsewhere, pooling({ pooling_mode: "cls" }, "pooling"));
    expect(found.pooling).toBe("cls");
    expect(found.note).toContain("(Dense)");
    expect(await summaryOf(pooling({ pooling_mode_cls_token: true }))).toMatchObject({ pooling: "cls" });

    const inner = await checkpointFiles(await tinyTensors());
    const old = inner.map((file) => ({ ...file, name: `model/0_Transformer/${file.name}` }));
    const { summary } = await openModel([
      ...old,
      {
        ...modules(module("0_Transformer", "Transformer"), module("1_Pooling", "Pooling")),
        name: "model/modules.json",
      },
      pooling({ pooling_mode_mean_tokens: true }, "model/1_Pooling"),
    ]);
    expect(summary.sentencePooling).toBe("mean");
  });

  it("offers no pooling that a recipe cannot have", async () => {
    for (const mode of ["max_tokens", "mean_sqrt_len_tokens", "weightedmean_tokens", "lasttoken"]) {
      const found = await summaryOf(pooling({ [`pooling_mode_${mode}`]: true }));
      expect(found.pooling).toBeNull();
      expect(found.note).toContain(`pooled by ${mode.replaceAll("_", " ")}. That pooling cannot be chosen here.`);
    }
    const joined = await summaryOf(pooling({ pooling_mode_mean_tokens: true, pooling_mode_max_tokens: true }));
    expect(joined).toMatchObject({ pooling: null });
    expect(joined.note).toContain("mean tokens and max tokens");
    expect(await summaryOf(modules(transformer))).toEqual({
      pooling: null,
      note: "The checkpoint is a sentence encoder of sentence-transformers.",
    });
  });

  it("is none without its files, and is refused where they are broken", async () => {
    expect(await summaryOf()).toEqual({ pooling: null, note: undefined });
    expect((await thrownBy(summaryOf(textSource("modules.json", "[{")))).found).toContain("modules.json");
  });
});
