import * as v from "valibot";
import type { RecipeField } from "./explanations.ts";
import { recipeSchema, type Recipe } from "./recipe.ts";

/** Fields that are a number, or a number or nothing. */
export type NumberFieldName = {
  [Field in RecipeField]: Recipe[Field] extends number | null ? Field : never;
}[RecipeField];

const shareText = (from: string, example: number) => `a share ${from}; write ${example * 100} % as ${example}`;
const dropoutText = `${shareText("from 0 to 0.95", 0.1)}, or leave it empty to take the checkpoint’s own`;

/** What each number field takes, in the field's own units, as the end of “Enter …”. */
export const wanted: Record<NumberFieldName, string> = {
  learningRate: "a number above 0, for example 2e-5",
  epochs: "a number above 0 and up to 1,000, for example 3",
  rowsPerStep: "a whole number of rows from 1 to 4,096",
  maxLength: "a whole number of tokens from 3 to 8,192",
  reinitializeLayers: "a whole number of layers from 0 to 1,000",
  loraRank: "a whole number from 0 to 256",
  loraAlpha: "a number above 0, for example 16",
  loraDropout: shareText("from 0 to 0.95", 0.1),
  pretrainEpochs: "a number from 0 to 1,000",
  pretrainLearningRate: "a number above 0, for example 5e-5",
  maskShare: shareText("above 0 and up to 1", 0.15),
  warmupShare: shareText("from 0 to 1", 0.1),
  warmupSteps: "a whole number of steps, 0 or more, or leave it empty to take the share",
  scheduleCycles: "a whole number from 1 to 1,000",
  schedulePower: "a number above 0, for example 1",
  plateauPatience: "a whole number of evaluations from 0 to 1,000",
  plateauFactor: "a number above 0 and below 1, for example 0.5",
  layerDecay: "a number above 0 and up to 1, for example 0.9",
  weightDecay: "a number from 0 up, for example 0.01",
  hiddenDropout: dropoutText,
  attentionDropout: dropoutText,
  classifierDropout: dropoutText,
  labelSmoothing: shareText("from 0 to below 1", 0.1),
  rDrop: "a number from 0 up, for example 1",
  l2sp: "a number from 0 up, for example 0.01",
  maxGradientNorm: "a number above 0, for example 1",
  maxGradientValue: "a number above 0, for example 0.5",
  ewc: "a number from 0 up, for example 1e5",
  ewcRows: "a whole number of rows from 1 to 100,000",
  rehearsal: shareText("from 0 to 0.5", 0.1),
  earlyStopping: "a whole number of evaluations from 0 to 1,000",
  leastGain: "a number from 0 up, for example 0.001",
  ema: "a number from 0 to below 1, for example 0.99",
  averageCount: "a whole number of checkpoints from 2 to 100",
  validationShare: shareText("from 0 to 0.9", 0.2),
  evaluationsPerEpoch: "a whole number from 0 to 1,000",
  evaluationSample: "a whole number of rows from 1 to 100,000",
  seed: "a whole number from 0 to 4,294,967,295",
  accumulate: "a whole number from 1 to 4,096",
  memoryLimit: "a number of GB above 0 and up to 1,024",
  beta1: "a number from 0 to below 1, for example 0.9",
  beta2: "a number from 0 to below 1, for example 0.999",
  epsilon: "a number above 0, for example 1e-8",
};

/** Fields that may be left empty, and what is then written in them. */
export const emptyMeans: Partial<Record<NumberFieldName, string>> = {
  hiddenDropout: "From the checkpoint",
  attentionDropout: "From the checkpoint",
  classifierDropout: "From the checkpoint",
  warmupSteps: "By the share",
};

export function isNumberField(field: string): field is NumberFieldName {
  return Object.hasOwn(wanted, field);
}

/** A field's text as its value, or what to enter instead. */
export type ReadField = { value: number | null; problem: null } | { problem: string };

const decimal = /^[+-]?(\d+[.,]?\d*|[.,]\d+)(e[+-]?\d+)?$/i;
/** 1,500 may mean one and a half thousand or one and a half. */
const grouped = /^[1-9]\d{0,2}(,\d{3})+$/;

/** Reads what a person typed: 2e-5, 0.1, 0,1. */
export function readField(field: NumberFieldName, text: string): ReadField {
  const plain = text.trim();
  const mayBeEmpty = Object.hasOwn(emptyMeans, field);
  if (plain === "") return mayBeEmpty ? { value: null, problem: null } : { problem: `Enter ${wanted[field]}.` };
  if (grouped.test(plain)) return { problem: `Enter ${wanted[field]}. Write it without commas between the thousands.` };
  const value = decimal.test(plain) ? Number(plain.replace(",", ".")) : NaN;
  if (Number.isFinite(value) && v.is(recipeSchema.entries[field], value)) return { value, problem: null };
  if (field === "validationShare" && value === 0) {
    return { problem: "0 would leave no rows to validate. Enter a share above 0, up to 0.9, for example 0.2." };
  }
  return { problem: `Enter ${wantedInstead(field, plain)}.` };
}

/** What a field takes; where a share was written in percent, the example is that share. */
function wantedInstead(field: NumberFieldName, text: string): string {
  const percent = Number(text.replace(/%$/, "").trim().replace(",", "."));
  const share = Number((percent / 100).toPrecision(12));
  const fits = percent >= 1 && percent < 100 && v.is(recipeSchema.entries[field], share);
  return fits ? wanted[field].replace(/write \S+ % as [\d.]+/, `write ${percent} % as ${share}`) : wanted[field];
}
