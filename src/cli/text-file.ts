import type { EncodedRows, LabelledRows } from "../data/rows.ts";
import { linesWithout, openTextFile } from "../data/text-lines.ts";
import { fileSource } from "../io/node-file.ts";
import { Problem } from "../problem/problem.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { OpenedModel } from "../run/open-model.ts";
import { encodeRows } from "../tokenize/encode-rows.ts";
import { createTokenizer } from "../tokenize/tokenizer.ts";

/**
 * The encoded texts of `--text-file`, without those held out. Throws a Problem when the recipe has no pretraining that
 * would read them.
 */
export async function pretrainTexts(
  path: string,
  recipe: Recipe,
  opened: OpenedModel,
  heldOut: LabelledRows,
): Promise<EncodedRows> {
  if (recipe.pretrainEpochs === 0) {
    throw new Problem({
      found: "--text-file was given, and the recipe has 0 epochs of pretraining.",
      expected: "A text file is for continued pretraining alone.",
      remedy: "Add --set pretrainEpochs=3, or leave the file out.",
    });
  }
  const file = await openTextFile(await fileSource(path));
  const lines = linesWithout(file, [...heldOut.texts, ...(heldOut.pairs ?? [])]);
  return encodeRows(lines, null, recipe.maxLength, createTokenizer(opened.tokenizer));
}
