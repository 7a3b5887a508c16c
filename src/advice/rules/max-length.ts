import type { Finding } from "../finding.ts";
import { advised, changed, those } from "../remedies.ts";
import type { RunView } from "../view.ts";
import { percent } from "../../recipe/wording.ts";

/** Least share of cut rows for a finding: every data set has a few long rows. */
const LEAST_CUT = 0.05;
/** Share from which on the finding is of medium severity. */
const MANY_CUT = 0.25;
/** The suggested max length cuts at most this share. */
const REST = 0.02;
/** Max lengths are suggested as multiples of this. */
const ROUND = 8;

/**
 * Many rows are longer than the max length, and their end is cut off. Windows leave nothing out, and so texts are read
 * whose words have tags; who keeps the first and the last tokens chose what is left out.
 */
export function maxLength({ data, recipe, stretches, others }: RunView): Finding | null {
  const { longerThan, mostTokens } = data;
  const rows = longerThan?.[0] ?? 0;
  if (!longerThan || rows === 0 || stretches.length === 0) return null;
  if (recipe.longTexts !== "cut" || recipe.task === "token-classification" || others.entities.length > 0) return null;
  const cutAt = (length: number) => (longerThan[Math.min(length, longerThan.length - 1)] ?? 0) / rows;
  const cut = cutAt(recipe.maxLength);
  if (cut < LEAST_CUT) return null;
  const needed = longerThan.findIndex((count) => count <= REST * rows);
  const wanted = Math.ceil((needed < 0 ? longerThan.length : needed) / ROUND) * ROUND;
  const possible = Math.min(wanted, mostTokens ?? wanted);
  return {
    id: "max-length",
    title: "Rows are cut",
    text:
      `${percent(cut)} of the rows are longer than ${recipe.maxLength} tokens, and lose what lies beyond. That they are ` +
      "cut is certain; whether it matters depends on where in the text the class shows.",
    severity: cut >= MANY_CUT ? "medium" : "low",
    certainty: "possible",
    remedies: those(
      possible > recipe.maxLength
        ? changed(
            recipe,
            { maxLength: possible },
            `Raise the max length to ${possible}`,
            `${percent(cutAt(possible))} of the rows would then be cut; steps take longer and need more memory.`,
          )
        : null,
      possible < wanted
        ? changed(
            recipe,
            { longTexts: "windows", windowOverlap: Math.min(recipe.windowOverlap, Math.floor(recipe.maxLength / 4)) },
            "Read long texts in windows",
            "Nothing is left out then; an epoch has more steps, and a text's scores are the mean of its windows.",
          )
        : null,
      possible < wanted ? advised("Or take a model that reads longer texts.") : null,
    ),
    anchor: "max-length",
  };
}
