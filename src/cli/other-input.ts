import { readerOf } from "../tasks/targets.ts";
import type { PreparedData } from "../data/dataset.ts";
import { prepareEarlier, refuseUnusable, splitEarlierTexts } from "../data/earlier.ts";
import type { EncodedRows, LabelledRows } from "../data/rows.ts";
import { cleanedLines, linesWithout, openTextFile } from "../data/text-lines.ts";
import { fileSource } from "../io/node-file.ts";
import { Problem } from "../problem/problem.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { OpenedModel } from "../run/open-model.ts";
import { ownClasses } from "../run/own-classes.ts";
import type { RunInput } from "../run/run.ts";
import { defaultTrainedTask } from "../tasks/trained-tasks.ts";
import { encodeRows } from "../tokenize/encode-rows.ts";
import { createTokenizer, type Tokenizer } from "../tokenize/tokenizer.ts";
import type { EarlierData } from "../train/earlier-task.ts";
import { chooseColumns } from "./columns.ts";
import { encodeLabelled } from "./fit-input.ts";
import {
  earlierFormatOptions,
  openIfGiven,
  openTableOf,
  refuseWithoutFile,
  type OptionValues,
} from "./table-options.ts";

/** Options for what a run can read besides its rows. */
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
 * Reads what a run can have besides its rows: texts to pretrain on, and an earlier task. Throws a Problem for files that
 * cannot be used.
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

/**
 * The encoded texts of `--text-file`, without those held out. Throws a Problem when the recipe has no pretraining.
 */
async function pretrainTexts(
  path: string,
  recipe: Recipe,
  opened: OpenedModel,
  heldOut: LabelledRows,
): Promise<EncodedRows> {
  if (recipe.pretrainEpochs === 0) {
    throw new Problem({
      found: "--text-file was given, and the recipe has 0 epochs of pretraining.",
      expected: "A text file is used for continued pretraining only.",
      remedy: "Add --set pretrainEpochs=3, or leave the file out.",
    });
  }
  const file = await openTextFile(await fileSource(path));
  const lines = linesWithout(cleanedLines(file, recipe), [...heldOut.texts, ...(heldOut.pairs ?? [])]);
  return encodeRows(lines, null, recipe, createTokenizer(opened.tokenizer));
}

/** The options of an earlier task as given. */
type EarlierOptions = Partial<
  Record<"earlier" | "earlier-valid" | "earlier-text" | "earlier-pair" | "earlier-label", string>
> &
  OptionValues;

/**
 * Reads the rows of the task that the checkpoint's own classifier was trained for; null when `--earlier` is not given.
 * Throws a Problem where only its options are given, the checkpoint has no classifier, or the rows have none of its
 * classes.
 */
async function earlierData(
  values: EarlierOptions,
  opened: OpenedModel,
  recipe: Recipe,
  tokenizer: Tokenizer,
): Promise<EarlierData | null> {
  const { earlier: file, "earlier-valid": valid } = values;
  if (file === undefined) {
    refuseWithoutFile(values, "earlier-");
    refuseWithoutFile(values, "earlier-valid-");
    return null;
  }
  const labelNames = ownClasses(opened.summary);
  const table = await openTableOf(file, values, "earlier-");
  const validationTable = await openIfGiven(valid, values, "earlier-valid-");
  const names = { text: values["earlier-text"], pair: values["earlier-pair"], label: values["earlier-label"] };
  const split = {
    readerOf,
    share: recipe.validationShare,
    seed: recipe.seed,
    validationTable,
    labelNames,
  };
  const { train, validation, summary } = prepareEarlier(table, chooseColumns(table, names, "earlier-"), split);
  refuseUnusable(summary);
  for (const { severity, text, remedy } of summary.findings) console.error(`${severity}: ${text} ${remedy}`);
  return {
    task: defaultTrainedTask,
    train: encodeLabelled(train, recipe, tokenizer),
    validation: encodeLabelled(validation, recipe, tokenizer),
    labelNames,
  };
}

/** The options of an earlier corpus as given. */
type EarlierCorpusOptions = Partial<Record<"earlier-corpus" | "earlier-valid", string>>;

/**
 * Reads the texts of `--earlier-corpus`; null when it is not given. A seeded share is held out unless `--earlier-valid`
 * names a file. Warns on standard error where the checkpoint has no language-model head to measure with. Throws a Problem
 * for files without enough texts.
 */
async function earlierCorpus(
  values: EarlierCorpusOptions,
  { summary }: OpenedModel,
  recipe: Recipe,
  tokenizer: Tokenizer,
): Promise<RunInput["earlierCorpus"] | null> {
  const { "earlier-corpus": path, "earlier-valid": validPath } = values;
  if (path === undefined) return null;
  if (summary.languageHead === "new") {
    console.error(
      "warning: The checkpoint has no language-model head, so a new one is used. Its loss is close to guessing, and shows and protects little. Pretraining on such texts (pretrainEpochs) trains the head first.",
    );
  }
  const file = await openTextFile(await fileSource(path));
  const unique = { ...file, lines: [...new Set(file.lines)] };
  const valid = validPath === undefined ? null : await openTextFile(await fileSource(validPath));
  const { train, validation } = valid
    ? { train: linesWithout(unique, valid.lines), validation: valid.lines }
    : splitEarlierTexts(file, { share: recipe.validationShare, seed: recipe.seed });
  const encoded = (texts: string[]) => encodeRows(texts, null, recipe, tokenizer);
  return { train: encoded(train), validation: encoded(validation) };
}
