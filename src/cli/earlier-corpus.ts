import { createRandom, shuffledIndices } from "../data/random.ts";
import { linesWithout, openTextFile } from "../data/text-lines.ts";
import { fileSource } from "../io/node-file.ts";
import { hasMaskedLmHead } from "../model/masked-lm-head.ts";
import { Problem } from "../problem/problem.ts";
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
  { config, files }: OpenedModel,
  recipe: Recipe,
  tokenizer: Tokenizer,
): Promise<RunInput["earlierCorpus"] | null> {
  const { "earlier-corpus": path, "earlier-valid": validPath } = values;
  if (path === undefined) return null;
  if (!hasMaskedLmHead(config, files.weights)) {
    console.error(
      "warning: The checkpoint has no head of a masked language model, so a new one is asked: its loss is near that of guessing, and says and protects little. Pretraining on such texts (pretrainEpochs) teaches the head first.",
    );
  }
  const file = await openTextFile(await fileSource(path));
  const unique = { ...file, lines: [...new Set(file.lines)] };
  const valid = validPath === undefined ? null : await openTextFile(await fileSource(validPath));
  const { train, validation } = valid
    ? { train: linesWithout(unique, valid.lines), validation: valid.lines }
    : splitLines(unique.lines, recipe, file.name);
  const encoded = (texts: string[]) => encodeRows(texts, null, recipe.maxLength, tokenizer);
  return { train: encoded(train), validation: encoded(validation) };
}

function splitLines(lines: string[], { validationShare, seed }: Recipe, name: string) {
  if (lines.length < 2) {
    throw new Problem({
      found: `${name} has one text alone.`,
      expected: "Some texts were expected to measure with, and others to protect.",
      remedy: "Take a file of more texts, one a line, or name others with --earlier-valid.",
    });
  }
  const heldOut = Math.min(lines.length - 1, Math.max(1, Math.round(validationShare * lines.length)));
  const order = shuffledIndices(lines.length, createRandom(seed));
  const some = (places: Int32Array) => Array.from(places.sort(), (place) => lines[place] ?? "");
  return { train: some(order.slice(heldOut)), validation: some(order.slice(0, heldOut)) };
}
