import type { Task } from "../../tasks/task.ts";
import type { ChartPanels } from "./panels.ts";
import { ClassScoresChart } from "./single-label/ClassScoresChart.tsx";

/** Tasks that have no chart beside those of every run. */
const none: ChartPanels = { Chart: () => null };

const panels: Readonly<Record<string, ChartPanels>> = {
  "single-label": { Chart: ClassScoresChart },
  "multi-label": none,
  regression: none,
};

/** The charts of a task; throws where it has none. */
export function chartPanelsOf({ name }: Pick<Task, "name">): ChartPanels {
  const own = panels[name];
  if (!own) throw new Error(`The page has no charts of the task “${name}”.`);
  return own;
}
