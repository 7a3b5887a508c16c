import type { RowLabels } from "../data/row-labels.ts";
import type { DataSummary, EarlierJobs, OnProgress, RowsPart, TaskJobs, TextsSummary } from "./protocol.ts";

/** Encodes a part under its own job; the ids go from the tokenizers to training. */
export type EncodePart = (part: RowsPart, onProgress: OnProgress) => Promise<{ job: string; labels: RowLabels }>;

/** What training needs to know about the rows of a run. */
type RunJobs = TaskJobs & { earlier: EarlierJobs | null };

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
  const total = rowsOf(summary) + (earlierSummary ? rowsOf(earlierSummary) : 0);
  const doneOf = new Map<RowsPart, number>();
  const encodePart = (part: RowsPart) =>
    encode(part, ({ what, done }) => {
      doneOf.set(part, done);
      onProgress({ what, done: [...doneOf.values()].reduce((sum, rows) => sum + rows, 0), total });
    });
  const both = async (
    trainPart: RowsPart,
    validationPart: RowsPart,
  ): Promise<Omit<TaskJobs, "labelNames" | "task">> => {
    const [train, validation] = await Promise.all([encodePart(trainPart), encodePart(validationPart)]);
    return {
      trainJob: train.job,
      trainLabels: train.labels,
      validationJob: validation.job,
      validationLabels: validation.labels,
    };
  };
  const [jobs, earlier] = await Promise.all([
    both("train", "validation"),
    earlierSummary && both("earlierTrain", "earlierValidation"),
  ]);
  const { task, labelNames } = summary;
  return { ...jobs, task, labelNames, earlier: earlier && earlierSummary && earlierJobs(earlier, earlierSummary) };
}

function earlierJobs(jobs: Omit<TaskJobs, "labelNames" | "task">, summary: EarlierSummary): EarlierJobs {
  if (summary.kind === "rows") return { kind: "rows", ...jobs, task: summary.task, labelNames: summary.labelNames };
  const { trainJob, validationJob } = jobs;
  return { kind: "texts", trainJob, validationJob };
}

function rowsOf({ trainRows, validationRows }: TextsSummary): number {
  return trainRows + validationRows;
}
