import { prepareEarlier, refuseUnusable } from "../data/earlier-rows.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { OpenedModel } from "../run/open-model.ts";
import { ownClasses } from "../run/own-classes.ts";
import type { Tokenizer } from "../tokenize/tokenizer.ts";
import type { EarlierData } from "../train/earlier-task.ts";
import { chooseColumns } from "./columns.ts";
import { encodeLabelled } from "./encode.ts";
import { openIfGiven, type OptionValues, openTableOf, refuseWithoutFile } from "./table-options.ts";

/** The options of an earlier task as given. */
export type EarlierOptions = Partial<
  Record<"earlier" | "earlier-valid" | "earlier-text" | "earlier-pair" | "earlier-label", string>
> &
  OptionValues;

/**
 * Reads the rows of the task that the checkpoint's own classifier was trained for; null when `--earlier` is not given.
 * Throws a Problem where only its options are given, where the checkpoint has no classifier, or the rows have none of its classes.
 */
export async function earlierData(
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
  const split = { share: recipe.validationShare, seed: recipe.seed, validationTable, labelNames };
  const { train, validation, summary } = prepareEarlier(table, chooseColumns(table, names, "earlier-"), split);
  refuseUnusable(summary);
  for (const { severity, text, remedy } of summary.findings) console.error(`${severity}: ${text} ${remedy}`);
  return {
    train: encodeLabelled(train, recipe.maxLength, tokenizer),
    validation: encodeLabelled(validation, recipe.maxLength, tokenizer),
    labelNames,
  };
}
