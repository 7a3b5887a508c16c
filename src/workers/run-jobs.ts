import type { RowLabels } from "../data/row-labels.ts";
import type {
  DataSummary,
  EarlierJobs,
  FoldRows,
  FoldsRequest,
  OnProgress,
  RowsPart,
  RunRequest,
  TaskJobs,
  TextsSummary,
} from "./protocol.ts";

/** Encodes a part under its own job; the ids go from the tokenizers to training. */
export type EncodePart = (
  part: RowsPart,
  onProgress: OnProgress,
) => Promise<{ job: string; labels: RowLabels; copyOf?: Int32Array }>;

/** What training needs to know about the rows of a run. */
type RunJobs = TaskJobs & Pick<RunRequest, "earlier" | "heldOutBy" | "copies" | "copyOf" | "test">;

/** Summary of what was selected for an earlier task. */
export type EarlierSummary = ({ kind: "rows" } & DataSummary) | ({ kind: "texts" } & TextsSummary);

/**
 * Encodes all rows of a run in parallel, with those of an earlier task where there is one.
 *
 * @param onProgress receives the progress of all parts together
 */
export async function encodeForRun(
  encode: EncodePart,
  summary: DataSummary,
  earlierSummary: EarlierSummary | null,
  onProgress: OnProgress,
): Promise<RunJobs> {
  const total = rowsOf(summary) + (summary.testRows ?? 0) + (earlierSummary ? rowsOf(earlierSummary) : 0);
  const doneOf = new Map<RowsPart, number>();
  const encodePart = (part: RowsPart) =>
    encode(part, ({ what, done }) => {
      doneOf.set(part, done);
      onProgress({ what, done: [...doneOf.values()].reduce((sum, rows) => sum + rows, 0), total });
    });
  const both = async (
    trainPart: RowsPart,
    validationPart: RowsPart,
  ): Promise<Omit<TaskJobs, "labelNames" | "task"> & Pick<RunRequest, "copyOf">> => {
    const [train, validation] = await Promise.all([encodePart(trainPart), encodePart(validationPart)]);
    return {
      trainJob: train.job,
      trainLabels: train.labels,
      validationJob: validation.job,
      validationLabels: validation.labels,
      ...(train.copyOf && { copyOf: train.copyOf }),
    };
  };
  const [jobs, earlier, test] = await Promise.all([
    both("train", "validation"),
    earlierSummary && both("earlierTrain", "earlierValidation"),
    summary.testRows === undefined ? null : encodePart("test"),
  ]);
  const { task, labelNames, heldOutBy, augmented } = summary;
  return {
    ...jobs,
    task,
    labelNames,
    heldOutBy,
    copies: augmented?.copies,
    ...(test && { test }),
    earlier: earlier && earlierSummary && earlierJobs(earlier, earlierSummary),
  };
}

/** Encodes all rows of a cross-validation: `folds` those that are laid into folds, `encode` all others. */
export async function encodeForFolds(
  folds: () => Promise<FoldRows & { job: string }>,
  encode: EncodePart,
  { task, labelNames, heldOutBy }: DataSummary,
  { hasTest, earlier: earlierSummary }: { hasTest: boolean; earlier: EarlierSummary | null },
  onProgress: OnProgress,
): Promise<Omit<FoldsRequest, "recipe" | "mostBytes" | "pretrainJob" | "counts">> {
  const rows = await folds();
  const test = hasTest ? await encode("test", onProgress) : null;
  if (!earlierSummary) return { ...rows, task, labelNames, heldOutBy, ...(test && { test }), earlier: null };
  const [train, validation] = [await encode("earlierTrain", onProgress), await encode("earlierValidation", onProgress)];
  const jobs = {
    trainJob: train.job,
    trainLabels: train.labels,
    validationJob: validation.job,
    validationLabels: validation.labels,
  };
  const earlier = earlierJobs(jobs, earlierSummary);
  return { ...rows, task, labelNames, heldOutBy, ...(test && { test }), earlier };
}

function earlierJobs(jobs: Omit<TaskJobs, "labelNames" | "task">, summary: EarlierSummary): EarlierJobs {
  if (summary.kind === "rows") return { kind: "rows", ...jobs, task: summary.task, labelNames: summary.labelNames };
  const { trainJob, validationJob } = jobs;
  return { kind: "texts", trainJob, validationJob };
}

function rowsOf({ trainRows, validationRows }: TextsSummary): number {
  return trainRows + validationRows;
}
