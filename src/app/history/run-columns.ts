import { taskNamed, tasks } from "../../tasks/registry.ts";
import { leadingMetrics, type Metric, type Task } from "../../tasks/task.ts";
import { metricText, wholeText } from "../figures.ts";
import { listedScores, type KeptRun } from "./kept-run.ts";

/** A column of the list of runs. */
export interface RunColumn {
  key: string;
  title: string;
  textOf: (run: KeptRun) => string;
  /** What it is sorted by; null is last in both directions. */
  sortOf: (run: KeptRun) => string | number | null;
  /** Whether the first press sorts it from high to low. */
  highFirst: boolean;
  /** Whether it is a column of numbers. */
  isNumber: boolean;
}

export interface RunSort {
  key: string;
  descending: boolean;
}

/** The order of a list that nobody has sorted. */
export const newestFirst: RunSort = { key: "ended", descending: true };

/** The columns of some runs: what they are, then the metrics of their tasks, those that charts lead with or all. */
export function runColumns(runs: readonly KeptRun[], withAll: boolean): RunColumn[] {
  const present = tasks.filter(({ name }) => runs.some(({ task }) => task === name));
  const labels = new Map<string, Metric>();
  for (const task of present) for (const metric of shownMetrics(task, withAll)) labels.set(metric.label, metric);
  return [
    textColumn("name", "Name", ({ name }) => name),
    {
      ...textColumn("ended", "Ended", ({ endedAt }) => timeText(endedAt)),
      sortOf: ({ endedAt }) => endedAt,
      highFirst: true,
    },
    textColumn("data", "Data", ({ data }) => data.name),
    {
      ...textColumn("rows", "Training rows", ({ data }) => wholeText(data.trainRows)),
      ...{ sortOf: ({ data }: KeptRun) => data.trainRows, highFirst: true, isNumber: true },
    },
    textColumn("model", "Model", ({ model }) => model),
    ...(present.length > 1 ? [textColumn("task", "Task", ({ task }) => task)] : []),
    textColumn("ending", "Outcome", endingText),
    ...[...labels.values()].map(metricColumn),
  ];
}

/** Runs in the order of a column, pinned ones first, equal ones newest first. */
export function sortedRuns(runs: readonly KeptRun[], columns: readonly RunColumn[], sort: RunSort): KeptRun[] {
  const { key, descending } = columns.some((column) => column.key === sort.key) ? sort : newestFirst;
  const column = columns.find((one) => one.key === key);
  const order = (a: KeptRun, b: KeptRun) => {
    const [x, y] = [column?.sortOf(a) ?? null, column?.sortOf(b) ?? null];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    const rising = typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y), "en");
    return descending ? -rising : rising;
  };
  return [...runs].sort(
    (a, b) =>
      Number(b.isPinned) - Number(a.isPinned) || order(a, b) || b.endedAt - a.endedAt || a.id.localeCompare(b.id),
  );
}

/** How a run ended, in a few words. */
export function endingText({ ending, folds }: Pick<KeptRun, "ending" | "folds">): string {
  const step = wholeText(ending.step);
  const how = {
    finished: "finished",
    early: `stopped early at step ${step}`,
    stopped: ending.step > 0 ? `stopped at step ${step}` : "stopped",
    failed: `failed at step ${step}`,
  }[ending.reason];
  if (!folds) return how;
  return `${folds.complete} of ${folds.folds * folds.repeats} folds${ending.reason === "finished" ? "" : `, ${ending.reason}`}`;
}

/** "30 Nov 2026, 22:55", by the clock of this machine. */
export function timeText(milliseconds: number): string {
  return clock.format(milliseconds);
}

const clock = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

function shownMetrics(task: Task, withAll: boolean): readonly Metric[] {
  return withAll ? task.metrics : [...new Set([...leadingMetrics(task), task.loss])];
}

function textColumn(key: string, title: string, of: (run: KeptRun) => string): RunColumn {
  return { key, title, textOf: of, sortOf: of, highFirst: false, isNumber: false };
}

/** The column of a metric by its label, which tasks have in common. */
function metricColumn({ label, better }: Metric): RunColumn {
  const own = (run: KeptRun) => taskNamed(run.task).metrics.find((metric) => metric.label === label);
  const valueOf = (run: KeptRun) => {
    const metric = own(run);
    return metric ? (listedScores(run).values[metric.key] ?? null) : null;
  };
  return {
    key: `metric ${label}`,
    title: label,
    textOf: (run) => {
      const [metric, value] = [own(run), valueOf(run)];
      return metric && value !== null ? metricText(metric, value) : "–";
    },
    sortOf: valueOf,
    highFirst: better === "higher",
    isNumber: true,
  };
}
