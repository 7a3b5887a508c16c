import type { PreparedData } from "../data/dataset.ts";
import type { RunInput } from "../run/run.ts";
import type { Tokenizer } from "../tokenize/tokenizer.ts";
import { earlierCorpus, type EarlierCorpusOptions } from "./earlier-corpus.ts";
import { earlierData, type EarlierOptions } from "./earlier.ts";
import { earlierFormatOptions } from "./table-options.ts";
import { pretrainTexts } from "./text-file.ts";

/** Options of commands that take more than the rows to train on. */
export const otherOptions = {
  "text-file": { type: "string" },
  earlier: { type: "string" },
  "earlier-valid": { type: "string" },
  "earlier-text": { type: "string" },
  "earlier-pair": { type: "string" },
  "earlier-label": { type: "string" },
  "earlier-corpus": { type: "string" },
  ...earlierFormatOptions,
} as const;

/**
 * What a run takes beside its rows: texts to pretrain on, and an earlier task. Throws a Problem for files that cannot
 * serve.
 */
export async function otherInput(
  values: EarlierOptions & EarlierCorpusOptions & { "text-file"?: string },
  { opened, recipe }: RunInput,
  data: PreparedData,
  tokenizer: Tokenizer,
): Promise<Pick<RunInput, "pretrainTexts" | "earlier" | "earlierCorpus">> {
  const textFile = values["text-file"];
  const texts = textFile === undefined ? null : await pretrainTexts(textFile, recipe, opened, data.validation);
  const earlier = await earlierData(values, opened, recipe, tokenizer);
  const corpus = await earlierCorpus(values, opened, recipe, tokenizer);
  return {
    ...(texts && { pretrainTexts: texts }),
    ...(earlier && { earlier }),
    ...(corpus && { earlierCorpus: corpus }),
  };
}
