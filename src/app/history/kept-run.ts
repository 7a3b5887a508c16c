import * as v from "valibot";
import { Problem } from "../../problem/problem.ts";
import { recipeFrom } from "../../recipe/recipe-file.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { tasks } from "../../tasks/registry.ts";

/** Newest version of what is kept of a run, in the browser and in its file. */
const VERSION = 1;
const FORMAT = "tabtune-run";

/** The longest name of a run, and the longest note. */
export const longest = { name: 120, note: 2000 } as const;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const moments = v.array(v.nullable(v.number()));
/** A task's metrics by their keys; null for one that is not defined. */
const values = v.record(v.string(), v.nullable(v.number()));
const scored = v.strictObject({ step: count, rows: count, values });

const evaluation = v.strictObject({
  scope: v.picklist(["baseline", "sample", "full"]),
  ...{ step: count, epoch: v.number(), wallMs: v.number(), trainingMs: v.number(), rows: count, values },
  /** The name of the fold whose model was scored; absent in a run without folds. */
  fold: v.optional(v.string()),
});

const schema = v.strictObject({
  format: v.literal(FORMAT),
  version: v.literal(VERSION),
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(longest.name)),
  note: v.pipe(v.string(), v.maxLength(longest.note)),
  isPinned: v.boolean(),
  /** Milliseconds since 1970. */
  endedAt: v.number(),
  data: v.strictObject({ name: v.string(), trainRows: count, validationRows: count, testRows: count }),
  model: v.string(),
  task: v.picklist(tasks.map(({ name }) => name)),
  recipe: v.unknown(),
  ending: v.strictObject({
    reason: v.picklist(["finished", "early", "stopped", "failed"]),
    step: count,
    durationMs: v.number(),
  }),
  /** Scores on validation rows; absent weights are null. */
  best: v.nullable(scored),
  last: v.nullable(scored),
  baseline: v.nullable(scored),
  /** Test rows that were opened, by the weights that they were scored with. */
  tests: v.array(
    v.strictObject({ weights: v.picklist(["best", "last", "baseline"]), uses: count, rows: count, values }),
  ),
  /** Set of a cross-validation; mean and deviation over the folds that are complete. */
  folds: v.nullable(v.strictObject({ folds: count, repeats: count, complete: count, mean: values, deviation: values })),
  /** The training steps, thinned; arrays of one length. */
  steps: v.strictObject({
    ...{ step: moments, epoch: moments, wallMs: moments, trainingMs: moments },
    ...{ loss: moments, learningRate: moments, gradientNorm: moments },
  }),
  evaluations: v.array(evaluation),
  /** Which validation rows came out right; null where that is not known, "numbers" where no row is right or wrong. */
  answers: v.nullable(
    v.union([
      v.literal("numbers"),
      v.strictObject({
        /** Equal for the same rows; see `rowsFingerprint`. */
        fingerprint: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
        rows: count,
        /** A bit for each row, see `packedBits`. */
        right: v.pipe(v.string(), v.base64()),
      }),
    ]),
  ),
});

/** What is kept of a run: no text and no weight. */
export interface KeptRun extends Omit<v.InferOutput<typeof schema>, "recipe"> {
  recipe: Recipe;
}

/** A task's metrics by their keys. */
export type Values = KeptRun["evaluations"][number]["values"];

/** What every run of this version states. */
export const head = { format: FORMAT, version: VERSION } as const;

/**
 * Checks what was kept, or read from a file.
 *
 * @param name of the file, for the error
 * @throws {Problem} where it is no run, or one of a later version
 */
export function keptRunFrom(value: unknown, name: string): KeptRun {
  if (!isObject(value) || value["format"] !== FORMAT) {
    throw new Problem({
      found: `${name} is no run of Tabtune.`,
      expected: `A file that “Export” in the list of runs wrote was expected: an object of the format “${FORMAT}”.`,
      remedy: "Choose such a file; recipes are loaded in the Recipe card, models in the Model card.",
    });
  }
  const { version } = value;
  if (typeof version === "number" && version > VERSION) {
    throw new Problem({
      found: `${name} was written by a later version of Tabtune (format ${version}).`,
      expected: `This version reads runs up to format ${VERSION}.`,
      remedy: "Reload the page to get the newest version, then import the file again.",
    });
  }
  const checked = v.safeParse(schema, value);
  if (!checked.success) {
    const problems = checked.issues.map((issue) => `${v.getDotPath(issue) ?? "the run"}: ${issue.message}`);
    throw new Problem({
      found: `${name} does not hold what a run holds: ${problems[0] ?? ""}`.replace(/[.]?$/, "."),
      expected: "A file was expected as “Export” wrote it.",
      remedy: "Export the run again where it came from; the file may have been cut or changed.",
      details: problems.join("\n"),
    });
  }
  return { ...checked.output, recipe: recipeFrom(checked.output.recipe, `The recipe of ${name}`) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The scores by which a run is listed: the folds' mean, else those of the best weights, the last ones, or the baseline. */
export function listedScores(run: Pick<KeptRun, "folds" | "best" | "last" | "baseline">): {
  of: string;
  values: Values;
} {
  const { folds, best, last, baseline } = run;
  if (folds) return { of: `mean of ${folds.complete} folds`, values: folds.mean };
  if (best) return { of: "best weights", values: best.values };
  if (last) return { of: "last weights", values: last.values };
  return { of: "baseline", values: baseline?.values ?? {} };
}
