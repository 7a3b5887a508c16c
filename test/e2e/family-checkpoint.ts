import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readAll } from "../../src/io/byte-source.ts";
import { normalValues } from "../../src/model/initialize.ts";
import { tinyConfig, tinyTensors, weightFile } from "../model/tiny-checkpoint.ts";
import { kindFiles, readKind, sentencePieceModel } from "../tokenize/kinds.ts";

/** More than the number of tokens of each tokenizer here. */
const vocabulary = 2000;

/** The class of each family in transformers, its table of words, and the files of its tokenizer. */
const families = {
  modernbert: {
    encoder: "ModernBertModel",
    words: "model.embeddings.tok_embeddings.weight",
    tokenizer: () => {
      const { tokenizerJson, tokenizerConfigJson } = kindFiles(readKind("modernbert"));
      return { "tokenizer.json": tokenizerJson, "tokenizer_config.json": tokenizerConfigJson };
    },
  },
  "deberta-v2": {
    encoder: "DebertaV2Model",
    words: "deberta.embeddings.word_embeddings.weight",
    // As on the Hub, where there is no tokenizer.json.
    tokenizer: () => ({
      "spm.model": sentencePieceModel("deberta-v3"),
      "tokenizer_config.json": JSON.stringify(readKind("deberta-v3").config),
    }),
  },
};

/**
 * Writes a folder with a small encoder of a family, as a person may have downloaded it: the reference's layers, random
 * words for a tokenizer of the family's kind, and no head.
 */
export async function writeFamilyCheckpoint(folder: string, name: keyof typeof families): Promise<void> {
  const { encoder, words, tokenizer } = families[name];
  const all = await tinyTensors(`families/${name}`);
  const width = all.get(words)?.shape[1] ?? 0;
  all.set(words, { shape: [vocabulary, width], values: normalValues(vocabulary * width, 0.3, 7) });
  const tensors = new Map([...all].filter(([tensor]) => !/^(head|pooler|classifier)[.]/.test(tensor)));
  const config = tinyConfig(
    { architectures: [encoder], vocab_size: vocabulary, id2label: undefined, label2id: undefined },
    `families/${name}`,
  );
  const weights = await readAll(await weightFile("model.safetensors", tensors));
  mkdirSync(folder, { recursive: true });
  for (const [file, content] of Object.entries({
    ...tokenizer(),
    "config.json": config,
    "model.safetensors": weights,
  })) {
    writeFileSync(join(folder, file), content);
  }
}
