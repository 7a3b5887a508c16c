import { givesClasses, type ModelHead } from "../families/head-kind.ts";
import { Problem } from "../problem/problem.ts";
import type { TrainedTask } from "../tasks/task.ts";
import { defaultTrainedTask, trainedTasks } from "../tasks/trained-tasks.ts";

/** What of a model's summary says whether its own head can score texts. */
interface Headed {
  name: string;
  head: ModelHead;
  labelNames: string[] | null;
}

interface OwnHead {
  summary: Headed;
  /** With its parsed config.json. */
  files: { config: unknown };
}

/** Throws a Problem where a checkpoint's own head cannot score texts. */
export function refuseHead({ name, head }: Headed): void {
  if (head.obstacle === null) return;
  const isMisnamed = givesClasses(head);
  throw new Problem({
    found: `${name} cannot score texts. ${head.obstacle}`,
    expected: "A fine-tuned text classifier was expected.",
    remedy: isMisnamed
      ? "Correct config.json, or take a complete copy of the checkpoint, or fine-tune it: training gives it a new classifier."
      : "Fine-tune it first: training uses its encoder and gives it a new classifier.",
  });
}

/** The task of a checkpoint's own head, as its config.json says. Throws a Problem where the head cannot score texts. */
export function ownTask({ summary, files }: OwnHead): { task: TrainedTask; labelNames: string[] } {
  refuseHead(summary);
  const { kind, classes } = summary.head;
  const task = trainedTasks.find(({ name }) => name === kind) ?? defaultTrainedTask;
  const labelNames = classes ?? [];
  return { task: task.ofConfig?.(files.config, labelNames) ?? task, labelNames };
}

/** The classes of a checkpoint that gives each text one of them; throws a Problem for any other checkpoint. */
export function ownClasses(summary: Headed): string[] {
  refuseHead(summary);
  if (summary.labelNames) return summary.labelNames;
  throw new Problem({
    found: `${summary.name} does not give each text one class.`,
    expected: "A classifier that gives one label per text was expected.",
    remedy: "Take a checkpoint that does, or fine-tune this one with one label per text.",
  });
}
