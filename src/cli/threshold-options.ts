import type { RowLabels } from "../data/row-labels.ts";
import type { Thresholds } from "../metrics/decision.ts";
import { ranked } from "../metrics/ranking/cuts.ts";
import { figuresAs, leastCost, type Costs } from "../metrics/ranking/costs.ts";
import { Problem } from "../problem/problem.ts";
import { namedThresholds } from "../tasks/config-thresholds.ts";
import type { AnyReport, AnyScores, TrainedTask } from "../tasks/task.ts";

/** Options of commands that score rows. */
export const thresholdOptions = {
  threshold: { type: "string", multiple: true },
  cost: { type: "string", multiple: true },
} as const;

export const thresholdHelp = `  --threshold LABEL=T    predict the class or label LABEL from a probability of T on, whatever the others are; may be
                   repeated, for other labels`;

export const costHelp = `  --cost LABEL=FP:FN     find the threshold of LABEL with the least cost on the rows that are scored, where a false alarm
                   costs FP and a miss FN; may be repeated. The report marks it: it is tuned on these very rows`;

/** What the options ask for, by class or label. */
export interface AskedThresholds {
  thresholds: ReadonlyMap<string, number>;
  costs: ReadonlyMap<string, Costs>;
}

/** Reads the options; throws a Problem where one is not as expected. */
export function askedThresholds({
  threshold = [],
  cost = [],
}: {
  threshold?: string[] | undefined;
  cost?: string[] | undefined;
}): AskedThresholds {
  const thresholds = threshold.map((option) => {
    const [label, text] = named(option, "--threshold", "LABEL=0.3");
    const value = text === "" ? NaN : Number(text);
    if (value > 0 && value <= 1) return [label, value] as const;
    throw refused("--threshold", option, "A probability above 0 and up to 1 was expected after “=”.");
  });
  const costs = cost.map((option) => {
    const [label, text] = named(option, "--cost", "LABEL=1:10");
    const [falseAlarm = NaN, miss = NaN, ...more] = text.split(":").map((part) => (part === "" ? NaN : Number(part)));
    const isUsable = [falseAlarm, miss].every((one) => one >= 0 && one < Infinity) && falseAlarm + miss > 0;
    if (isUsable && more.length === 0) return [label, { falseAlarm, miss }] as const;
    throw refused("--cost", option, "Two costs from 0 on, not both 0, were expected after “=”: FP:FN, such as 1:10.");
  });
  return { thresholds: new Map(thresholds), costs: new Map(costs) };
}

/** The task with the thresholds that are stated; itself where none is. Throws a Problem where it cannot have them. */
export function withThresholds(task: TrainedTask, labelNames: readonly string[], asked: AskedThresholds): TrainedTask {
  const { thresholds, costs } = asked;
  if (thresholds.size + costs.size === 0) return task;
  if (!task.decision) {
    throw new Problem({
      found: `--${thresholds.size > 0 ? "threshold" : "cost"} is given, and this model is of the task “${task.name}”.`,
      expected: "A model that gives texts one or several labels was expected.",
      remedy: "Leave the option out.",
    });
  }
  const unknown = [...thresholds.keys(), ...costs.keys()].find((label) => !labelNames.includes(label));
  if (unknown !== undefined) {
    throw new Problem({
      found: `A threshold is asked for “${unknown}”.`,
      expected: `The labels of this model are ${labelNames.join(", ")}.`,
      remedy: "Name one of them.",
    });
  }
  const own = task.decision.thresholds(labelNames);
  return thresholds.size === 0
    ? task
    : task.decision.at(labelNames.map((name, label) => thresholds.get(name) ?? own[label] ?? null));
}

interface Scored {
  truth: RowLabels;
  scores: AnyScores;
  report: AnyReport;
}

/** What was decided, as a report has it. */
interface FiledDecision {
  thresholds: Record<string, number>;
  /** The labels whose threshold has the least cost on the rows of the report; `before`: of the rows as they were predicted without them. */
  costs?: Record<
    string,
    Costs & { threshold: number; cost: number; before: number; tunedOn: "the rows of this report" }
  >;
}

/**
 * The thresholds of a task, with those of the least costs on scored rows, one label after the other; null where none is
 * asked for.
 *
 * @param temperature what the logits of the scores are still to be divided by
 */
export function decidedBy(
  { decision }: TrainedTask,
  labelNames: readonly string[],
  { truth, scores }: Omit<Scored, "report">,
  { thresholds: stated, costs }: AskedThresholds,
  temperature: number,
): { thresholds: Thresholds; filed: FiledDecision } | null {
  if (!decision || stated.size + costs.size === 0) return null;
  const thresholds = [...decision.thresholds(labelNames)];
  const found = [...costs].map(([name, cost]) => {
    const label = labelNames.indexOf(name);
    const claims = decision.claims(truth, scores, { thresholds, label, temperature });
    if (!claims) {
      throw new Problem({
        found: `--cost is given for one of ${labelNames.length} classes.`,
        expected: "At most 100 classes were expected, of which all probabilities are kept.",
        remedy: "State a threshold with --threshold.",
      });
    }
    const rows = ranked(claims.truth, claims.claims);
    const before = figuresAs(claims.truth, claims.predicted, cost).cost;
    const least = leastCost(rows, cost);
    thresholds[label] = least.threshold;
    const tunedOn = "the rows of this report" as const;
    return [name, { ...cost, threshold: least.threshold, cost: least.cost, before, tunedOn }] as const;
  });
  const filed = {
    thresholds: namedThresholds(thresholds, labelNames),
    ...(found.length > 0 && { costs: Object.fromEntries(found) }),
  };
  return { thresholds, filed };
}

/** The label and the value of an option; a name may have “=” in it. */
function named(option: string, name: string, example: string): [string, string] {
  const at = option.lastIndexOf("=");
  if (at > 0) return [option.slice(0, at), option.slice(at + 1).trim()];
  throw refused(name, option, `A label and its value were expected, such as ${example}.`);
}

function refused(name: string, option: string, expected: string): Problem {
  return new Problem({ found: `${name} is “${option}”.`, expected, remedy: "Correct the option." });
}
