import type { Finding } from "../data/summary.ts";
import type { Texts } from "../io/text-column.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { checkpointFit, type CheckpointFit } from "../tokenize/checkpoint-fit.ts";
import { fitFindings } from "./fit-findings.ts";
import { unknownToken } from "../tokenize/special-tokens.ts";
import type { Tokenizer } from "../tokenize/tokenizer.ts";
import type { OpenedModel } from "./open-model.ts";

/** How well an opened checkpoint fits the texts that it is to read, and what is to be said of it. */
export function fitToCheckpoint(
  texts: Texts,
  { tokenizer: files, config, summary }: OpenedModel,
  tokenizer: Tokenizer,
  { longTexts }: Pick<Recipe, "longTexts">,
): { fit: CheckpointFit; findings: Finding[] } {
  const { maxPositions } = config;
  const fit = checkpointFit(texts, { tokenizer, unknownId: unknownToken(files), maxPositions });
  const by = { lowercase: summary.lowercase, maxPositions, readsWindows: longTexts === "windows" };
  return { fit, findings: fitFindings(fit, by) };
}
