import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { withCopies } from "../data/augmentation/augmented-rows.ts";
import { foldsOf } from "../data/folds.ts";
import { placeOf, type EncodedDataset } from "../data/rows.ts";
import { tableCells } from "../data/table-cells.ts";
import { exportEntries } from "../export/entries.ts";
import { Problem, reportProblem } from "../problem/problem.ts";
import { labelIssuesCsv, outOfFoldCsv } from "../run/fold-files.ts";
import { filedFolds, finalContents, type FoldCounts } from "../run/fold-contents.ts";
import { CrossValidation, type FoldsEvent } from "../run/folds.ts";
import { leadingMetrics, limitOf } from "../tasks/task.ts";
import { targetsOf } from "../tasks/targets.ts";
import { encodeRows } from "../tokenize/encode-rows.ts";
import type { RunControl } from "../train/control.ts";
import { writeDataMap, writeLines } from "./data-map-file.ts";
import { copiesOfAll, type fitInput } from "./fit-input.ts";
import { countOption } from "./options.ts";
import { progressLine } from "./progress.ts";
import type { RunFolder } from "./run-folder.ts";
import { type MetricsFile, writeFolder } from "./save-run.ts";

/** The options of a cross-validation. */
export const foldOptions = { folds: { type: "string" }, repeats: { type: "string" } } as const;

/** The lines of `--help` on these. */
export const foldHelp = `  --folds K        cross-validation: K models, each scored on the rows that it did not train on, then a final model on all
                   rows in OUT/model. Folds are stratified, of whole groups with --group, and by time each is trained on
                   what is older (expanding window). report.json then has the pooled out-of-fold figures, and under
                   “folds” mean, deviation and 95 % interval (Nadeau and Bengio 2003); out-of-fold.csv has each row's
                   prediction, label-issues.csv the rows by how much their label is in doubt (confident learning). With
                   --set effort=quick the folds are linear models on the frozen encoder's vectors
  --repeats N      repeats of these folds, each with the rows laid anew; default 1`;

/** The counts of `--folds` and `--repeats`; null without folds. Throws a Problem for repeats alone, or with `--valid`. */
export function foldCounts(values: {
  folds?: string | undefined;
  repeats?: string | undefined;
  valid?: string | undefined;
}): FoldCounts | null {
  const { folds, repeats, valid } = values;
  if (folds === undefined && repeats === undefined) return null;
  if (folds === undefined) {
    throw new Problem({
      found: "--repeats is given without --folds.",
      expected: "Repeats are of folds.",
      remedy: "Add --folds 5, or leave --repeats out.",
    });
  }
  if (valid !== undefined) {
    throw new Problem({
      found: "--folds and --valid are both given.",
      expected: "Each fold is scored on rows of --data, so that no validation file is read.",
      remedy: "Leave --valid out, or give the file as --test, which the final model is scored on.",
    });
  }
  return {
    folds: countOption("--folds", folds),
    repeats: repeats === undefined ? 1 : countOption("--repeats", repeats),
  };
}

interface FoldSaveOptions {
  adapter: boolean;
  neutralize: boolean;
}

/** What a cross-validation is made of. */
type Fitted = Awaited<ReturnType<typeof fitInput>>;

/** Lays the rows of a command into folds. Throws a Problem where they are too few. */
export function crossValidationOf(
  { input, data, tokenizer }: Pick<Fitted, "input" | "data" | "tokenizer">,
  other: object,
  counts: FoldCounts,
  control: RunControl,
): CrossValidation {
  const { all } = data;
  const folds = foldsOf(targetsOf(input.task), all, { ...counts, seed: input.recipe.seed });
  const copies = copiesOfAll(data, input.recipe, input.opened);
  const labels = withCopies(all, copies);
  const rows = encodeRows(labels.texts, labels.pairs, limitOf(input.task, input.recipe), tokenizer);
  const copyOf = copies?.of ?? new Int32Array(0);
  return new CrossValidation({ ...input, ...other, rows, labels, copyOf, folds }, control);
}

/** Runs the folds and the final model; events go to `metrics`, and a line of each fold to standard error. */
export async function runFolds(cross: CrossValidation, metrics: MetricsFile, total: number): Promise<unknown> {
  let show = progressLine();
  let shownOf = "";
  let failure: unknown = null;
  try {
    for await (const notice of cross.events()) {
      if (notice.type === "fold") console.error(foldLine(notice, total));
      else {
        const of = notice.of === "final" ? "final" : `${notice.of.repeat} ${notice.of.fold}`;
        if (of !== shownOf) {
          show = progressLine();
          shownOf = of;
          if (of === "final") console.error(finalLine(cross));
        }
        const where = notice.of === "final" ? { fold: "final" } : notice.of;
        metrics.write({ ...notice.event, ...where });
        show(notice.event);
      }
    }
  } catch (error) {
    failure = error;
  }
  metrics.close();
  return failure;
}

function foldLine({ result }: Extract<FoldsEvent, { type: "fold" }>, total: number): string {
  const scores = leadingMetrics(result.task).map(({ name, of }) => `${name} ${of(result.report).toFixed(4)}`);
  const of = `fold ${result.fold}${result.repeat > 1 ? ` of repeat ${result.repeat}` : ""} (${total} in all)`;
  return `${of}: ${scores.join(", ")} on ${result.rows} rows`;
}

function finalLine(cross: CrossValidation): string {
  const length = cross.isQuick
    ? ""
    : `, to epoch ${Number(cross.finalEpoch.toFixed(2))}: the median of the folds' best`;
  return `the final model, on all rows${length}`;
}

/**
 * Writes what is complete: the final model, the report, and the rows with their predictions and doubts. Returns what could
 * not be written.
 */
export async function saveFolds(
  cross: CrossValidation,
  folder: RunFolder,
  { data, table, test, automatic, name }: Fitted & { test: EncodedDataset | null },
  counts: FoldCounts,
  { adapter, neutralize }: FoldSaveOptions,
): Promise<{ path: string; complaints: string[] }> {
  const pooled = cross.outOfFold();
  const { all, summary } = data;
  const { labelNames } = summary;
  const cellsOf = tableCells(table, data.choice, all);
  const doubts = cross.labelIssues();
  await writeLines(folder.at("out-of-fold.csv"), outOfFoldCsv(pooled, labelNames, cellsOf, { neutralize }));
  await writeLines(folder.at("label-issues.csv"), labelIssuesCsv(doubts.issues, cellsOf, { neutralize }));
  const complaints: string[] = [];
  const { final, finalWeights: weights } = cross;
  const isTrained = final !== null && cross.isFinalTrained;
  if (isTrained) {
    const rowOf = (row: number) => ({
      line: placeOf(all, row),
      text: all.texts.at(row) ?? "",
      pair: all.pairs?.at(row) ?? null,
    });
    const of = { pooled, folds: cross.done.length, rowOf };
    for (const form of adapter ? (["merged", "adapter"] as const) : (["merged"] as const)) {
      const chosen = { weights, dtype: "float32", form, dataName: basename(name) } as const;
      const contents = await finalContents(final, of, chosen);
      const folderName = form === "merged" ? "model" : "adapter";
      const missing = await writeFolder(folder.at(folderName), exportEntries({ ...contents, csv: { neutralize } }));
      complaints.push(...missing.map((reason) => `${folderName}/${reason}.`));
    }
  } else complaints.push("The final model was not trained, so that there is no model folder.");
  const tested = test && isTrained && { ...(await final.scored(weights, test)), rows: test, uses: 1 };
  const { heldOutBy } = summary;
  const beside = { counts, heldOutBy, noise: doubts.share, ...(tested && { test: tested }) };
  const mapped = isTrained ? await writeDataMap(final, folder.at("data-map.csv"), { cellsOf, neutralize }) : {};
  const filed = { ...filedFolds(cross, pooled, beside), ...mapped, automatic };
  await writeFile(folder.at("report.json"), `${JSON.stringify(filed, null, 1)}\n`);
  folder.commit();
  return { path: folder.path, complaints };
}

/** What a person reads at the end: mean, deviation and interval of the leading scores, and where all is. */
export function foldLines(cross: CrossValidation, path: string): string[] {
  const { mean, deviation, interval } = cross.summary();
  const digits = (value = NaN) => value.toFixed(4);
  const scores = leadingMetrics(cross.task).map(({ key, name }) => {
    const within = interval[key];
    const bounds = within ? `, 95 % interval ${digits(within[0])} to ${digits(within[1])}` : "";
    return `${name} ${digits(mean[key])} ± ${digits(deviation[key])} over ${cross.done.length} folds${bounds}`;
  });
  const files = ["report.json", "out-of-fold.csv", "label-issues.csv"].map((file) => join(path, file));
  return [...scores, `Written: ${files.join(", ")}.`];
}

/** The sentences of an error. */
export function textOf(error: unknown): string {
  const { found, expected, remedy } = reportProblem(error);
  return [found, expected, remedy].filter(Boolean).join("\n");
}
