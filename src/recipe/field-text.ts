import * as v from "valibot";
import type { Field } from "./field-kinds.ts";
import { fields, isField, isOfKind, type FieldName, type NumberFieldName } from "./fields.ts";
import { recipeSchema } from "./recipe.ts";

export function isNumberField(name: string): name is NumberFieldName {
  return isField(name) && isOfKind(name, "number", "share");
}

/** The values that a field takes in a recipe file, as a sentence. */
export function valuesOf(name: FieldName): string {
  const field: Field = fields[name];
  switch (field.kind) {
    case "number":
    case "share": {
      const wanted = field.wanted.replace("leave it empty", "null");
      return `${wanted.charAt(0).toUpperCase()}${wanted.slice(1)}.`;
    }
    case "choice":
    case "list": {
      const values = field.choices.map(({ value, label }) => `${JSON.stringify(value)} (${label})`);
      return `${field.kind === "list" ? "Some" : "One"} of: ${values.join(", ")}.`;
    }
    case "switch":
      return "True or false.";
    case "layers":
      return `A list of prefixes, for example ["embeddings."].`;
    case "weights":
      return `Null, "balanced", "effective", or an object of label names and weights above 0.`;
  }
}

/** A field's text as its value, or what to enter instead. */
type ReadField = { value: number | null; problem: null } | { problem: string };

const decimal = /^[+-]?(\d+[.,]?\d*|[.,]\d+)(e[+-]?\d+)?$/i;
/** 1,500 may mean one and a half thousand or one and a half. */
const grouped = /^[1-9]\d{0,2}(,\d{3})+$/;

/** Reads what a person typed: 2e-5, 0.1, 0,1. */
export function readField(name: NumberFieldName, text: string): ReadField {
  const { wanted, emptyText, refuses } = fields[name];
  const plain = text.trim();
  if (plain === "") return emptyText !== null ? { value: null, problem: null } : { problem: `Enter ${wanted}.` };
  if (grouped.test(plain)) return { problem: `Enter ${wanted}. Write it without commas between the thousands.` };
  const value = decimal.test(plain) ? Number(plain.replace(",", ".")) : NaN;
  if (value === refuses?.value) return { problem: refuses.because };
  if (v.is(recipeSchema.entries[name], value)) return { value, problem: null };
  return { problem: `Enter ${wantedInstead(name, plain)}.` };
}

/** What a field takes; where a share was written in percent, the example is that share. */
function wantedInstead(name: NumberFieldName, text: string): string {
  const { wanted } = fields[name];
  const percent = Number(text.replace(/%$/, "").trim().replace(",", "."));
  const share = Number((percent / 100).toPrecision(12));
  const fits = percent >= 1 && percent < 100 && v.is(recipeSchema.entries[name], share);
  return fits ? wanted.replace(/write \S+ % as [\d.]+/, `write ${percent} % as ${share}`) : wanted;
}
