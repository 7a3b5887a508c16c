import { sharesLayers } from "../plan/weights.ts";
import { advise } from "../advice/advice.ts";
import type { Finding } from "../advice/finding.ts";
import { ofClassifier, ofLanguageModel, ofOtherTasks, type RunRecord } from "../advice/record.ts";
import type { EncodedDataset } from "../data/rows.ts";
import { hasClasses } from "../data/row-labels.ts";
import { countLabels } from "../data/groups.ts";
import { histogramOfLengths } from "../data/lengths.ts";
import type { RunInput } from "../run/run.ts";
import type { TrainEvent } from "../train/events.ts";

/** The advice that `tabtune fit` prints at the end: one line per finding, or one line where nothing stands out; none of the baseline alone. */
export function adviceLines(input: RunInput, events: readonly TrainEvent[], failed: boolean): string[] {
  const record = recordOf(input, events, failed);
  if (record === null) return [];
  const findings = advise(record);
  if (findings.length > 0) return findings.map(lineOf);
  if (record.steps.length === 0 && input.recipe.effort === "quick" && !failed) return [];
  const evaluations = events.filter(({ type }) => type === "evaluation").length;
  const seen = `${record.steps.length} steps and ${evaluations} evaluations`;
  return [`advice: nothing ${failed ? "stood" : "stands"} out in ${seen}${failed ? " before the run failed" : ""}`];
}

/** The run as the rules of the advice read it; null where it ended before its plan was known. */
function recordOf(input: RunInput, events: readonly TrainEvent[], failed: boolean): RunRecord | null {
  const of = <K extends TrainEvent["type"]>(type: K) =>
    events.filter((event): event is TrainEvent & { type: K } => event.type === type);
  const [plan] = of("plan");
  if (!plan) return null;
  const { recipe, labelNames, train, opened } = input;
  return {
    recipe,
    plan,
    steps: of("step"),
    evaluations: ofClassifier(of("evaluation")),
    others: ofOtherTasks(of("evaluation")),
    earlier: ofClassifier(of("earlier")),
    earlierTexts: ofLanguageModel(of("earlier")),
    state: failed ? "failed" : ["finished", "early"].includes(of("end")[0]?.reason ?? "") ? "finished" : "stopped",
    labelNames,
    data: {
      ...countsOf(train, labelNames.length),
      mostTokens: opened.config.maxPositions,
      layers: opened.config.layers,
      sharesLayers: sharesLayers(opened.config),
    },
  };
}

function countsOf(train: EncodedDataset, classes: number) {
  const { longerThan } = histogramOfLengths(train.fullLengths, "tokens");
  return { trainCounts: hasClasses(train) ? countLabels(train.labels, classes) : [], longerThan };
}

/** "advice: Overfitting. Validation loss rose … Do: Train for 2 epochs (--set epochs=2); …" */
function lineOf({ title, text, remedies }: Finding): string {
  const advised = remedies.map(({ text: words, change }) => {
    if (change === null) return words.replace(/\.$/, "");
    const settings = Object.entries(change.patch).map(([key, value]) => `--set '${key}=${JSON.stringify(value)}'`);
    return `${change.label} (${settings.join(" ")})`;
  });
  return `advice: ${title}. ${text} Do: ${advised.join("; ")}.`;
}
