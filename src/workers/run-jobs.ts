import type { DataResults, DataSummary, EarlierJobs, Progress, RowsPart, TrainRequest } from "./protocol.ts";

/** Has a part encoded under a job of its own; the ids go from the tokenizers to training. */
export type EncodePart = (
  part: RowsPart,
  onProgress: (progress: Progress) => void,
) => Promise<DataResults["encode"] & { job: string }>;

type Jobs = Pick<TrainRequest & { type: "start" }, "trainJob" | "trainLabels" | "validationJob" | "validationLabels">;

/** What training is told of the rows of a run. */
export type RunJobs = Jobs & { labelNames: string[]; earlier: EarlierJobs | null };

/**
 * Has all rows of a run encoded at once, those of an earlier task among them where there is one.
 *
 * @param onProgress told of the rows of all parts together
 */
export async function encodeForRun(
  encode: EncodePart,
  summary: DataSummary,
  earlierSummary: DataSummary | null,
  onProgress: (progress: Progress) => void,
): Promise<RunJobs> {
  const total = rowsOf(summary) + (earlierSummary ? rowsOf(earlierSummary) : 0);
  const doneOf = new Map<RowsPart, number>();
  const encodePart = (part: RowsPart) =>
    encode(part, ({ what, done }) => {
      doneOf.set(part, done);
      onProgress({ what, done: [...doneOf.values()].reduce((sum, rows) => sum + rows, 0), total });
    });
  const both = async (trainPart: RowsPart, validationPart: RowsPart): Promise<Jobs> => {
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
  const { labelNames } = summary;
  return {
    ...jobs,
    labelNames,
    earlier: earlier && earlierSummary && { ...earlier, labelNames: earlierSummary.labelNames },
  };
}

function rowsOf({ trainRows, validationRows }: DataSummary): number {
  return trainRows + validationRows;
}
