import { architectureOf } from "../io/weight-files.ts";
import type { ModelConfig } from "../model/config.ts";
import { Problem } from "../problem/problem.ts";
import { albert } from "./albert/albert.ts";
import { bert } from "./bert/bert.ts";
import { distilbert } from "./distilbert/distilbert.ts";
import { deberta } from "./deberta/deberta.ts";
import { debertaV2 } from "./deberta-v2/deberta-v2.ts";
import { electra } from "./electra/electra.ts";
import { configOf, type ConfigFile, type Family } from "./family.ts";
import { modernbert } from "./modernbert/modernbert.ts";
import { mpnet } from "./mpnet/mpnet.ts";
import { camembert, roberta, xlmRoberta } from "./roberta/roberta.ts";

/** Every family that can be trained; what claims a config.json without a type the more readily stands before. */
export const families: readonly Family[] = [
  bert,
  distilbert,
  roberta,
  xlmRoberta,
  camembert,
  electra,
  albert,
  mpnet,
  deberta,
  debertaV2,
  modernbert,
];

const alternatives = (words: readonly string[]) => new Intl.ListFormat("en-GB", { type: "disjunction" }).format(words);

/** "BERT", or "BERT or DistilBERT": the families by name. */
export const familyLabels = alternatives(families.map(({ label }) => label));

/** Which families there are, and checkpoints of each, as sentences for messages and help. */
export const trainedTypes = `Tabtune trains models of type ${alternatives(families.map(({ type }) => `“${type}”`))}.`;
export const exampleCheckpoints = `Choose a checkpoint of one of these, e.g. ${alternatives(families.map(({ examples }) => examples.split(/,| or /, 1)[0] ?? ""))}.`;

/** Classes of transformers that load checkpoints of these families. */
export const transformersClasses: readonly string[] = families.flatMap(({ classes }) => [
  classes.encoder,
  classes.classifier,
  ...classes.others,
]);

/** The family of a parsed config.json, by `model_type` or by its other fields. Throws a Problem for any other. */
export function familyOf(config: unknown): Family {
  const file = fileOf(config);
  const { model_type: type } = file;
  if (typeof type === "string") {
    const named = families.find((family) => family.type === type);
    if (named) return named;
    throw refusal(`The checkpoint is of type “${type}”.`);
  }
  const architecture = architectureOf(config);
  const claimed = families.findLast((family) => family.claims(file, architecture));
  if (claimed) return claimed;
  if (architecture !== null) {
    throw refusal(`config.json has no model_type, and the architecture it names is ${architecture}.`);
  }
  // It names nothing at all: the first family says which fields are missing.
  return bert;
}

/** The family of this `model_type`; throws for one that there is not. */
export function familyOfType(type: string): Family {
  const family = families.find((one) => one.type === type);
  if (!family) throw new Error(`There is no family “${type}”.`);
  return family;
}

/** Reads a parsed config.json of any family. Throws a Problem for other models, and for sizes that no model here has. */
export function readConfig(config: unknown): ModelConfig {
  return configOf(familyOf(config), fileOf(config));
}

function fileOf(config: unknown): ConfigFile {
  return typeof config === "object" && config !== null ? { ...config } : {};
}

function refusal(found: string): Problem {
  return new Problem({ found, expected: trainedTypes, remedy: exampleCheckpoints });
}
