import { splitEarlierTexts } from "../data/earlier-texts.ts";
import { linesWithout, openTextFile } from "../data/text-lines.ts";
import { fileSource } from "../io/node-file.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { OpenedModel } from "../run/open-model.ts";
import type { RunInput } from "../run/run.ts";
import { encodeRows } from "../tokenize/encode-rows.ts";
import type { Tokenizer } from "../tokenize/tokenizer.ts";

/** The options of an earlier corpus as given. */
export type EarlierCorpusOptions = Partial<Record<"earlier-corpus" | "earlier-valid", string>>;

/**
 * Reads the texts of `--earlier-corpus`, of which a seeded share is held out unless `--earlier-valid` names others; null
 * when it is not given. Says on standard error where the checkpoint has no head to measure with. Throws a Problem for
 * files without enough texts.
 */
export async function earlierCorpus(
  values: EarlierCorpusOptions,
  { summary }: OpenedModel,
  recipe: Recipe,
  tokenizer: Tokenizer,
): Promise<RunInput["earlierCorpus"] | null> {
  const { "earlier-corpus": path, "earlier-valid": validPath } = values;
  if (path === undefined) return null;
  if (summary.languageHead === "new") {
    console.error(
      "warning: The checkpoint has no head of a masked language model, so a new one is asked: its loss is near that of guessing, and says and protects little. Pretraining on such texts (pretrainEpochs) teaches the head first.",
    );
  }
  const file = await openTextFile(await fileSource(path));
  const unique = { ...file, lines: [...new Set(file.lines)] };
  const valid = validPath === undefined ? null : await openTextFile(await fileSource(validPath));
  const { train, validation } = valid
    ? { train: linesWithout(unique, valid.lines), validation: valid.lines }
    : splitEarlierTexts(file, { share: recipe.validationShare, seed: recipe.seed });
  const encoded = (texts: string[]) => encodeRows(texts, null, recipe.maxLength, tokenizer);
  return { train: encoded(train), validation: encoded(validation) };
}
