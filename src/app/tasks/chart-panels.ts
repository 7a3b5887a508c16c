import type { Task } from "../../tasks/task.ts";
import type { ChartPanels } from "./panels.ts";
import { ClassScoresChart } from "./classes/ClassScoresChart.tsx";
import { LabelScoresChart } from "./multi-label/LabelScoresChart.tsx";
import { CorrelationChart } from "./regression/CorrelationChart.tsx";
import { EntityScoresChart } from "./token-classification/EntityScoresChart.tsx";

const panels: Readonly<Record<string, ChartPanels>> = {
  "single-label": { Chart: ClassScoresChart },
  "multi-label": { Chart: LabelScoresChart },
  regression: { Chart: CorrelationChart },
  "token-classification": { Chart: EntityScoresChart },
};

/** The charts of a task; throws where it has none. */
export function chartPanelsOf({ name }: Pick<Task, "name">): ChartPanels {
  const own = panels[name];
  if (!own) throw new Error(`The page has no charts of the task “${name}”.`);
  return own;
}
