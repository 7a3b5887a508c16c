import { leadingMetrics, type Task } from "../../tasks/task.ts";
import type { BeforeAndAfter } from "./earlier-moments.ts";
import { figureText, metricText, wholeText } from "./figures.ts";
import panel from "./panel.module.css";

/** What these weights have kept of the earlier task. */
export function EarlierResult({ task, ...scores }: BeforeAndAfter & { task: Task }) {
  return (
    <p className={panel.earlier}>
      <strong>Earlier task:</strong> {kept(scores, task)}
    </p>
  );
}

function kept({ before, after }: BeforeAndAfter, task: Task): string {
  if (before.type === "earlier" && after.type === "earlier") {
    const [was, is] = [before.report, after.report];
    const changes = leadingMetrics(task).map((metric, place) => {
      const [from, to] = [was, is].map((report) => metricText(metric, metric.of(report)));
      return place === 0 ? `${metric.name} ${from} before → ${to} after` : `${metric.name} ${from} → ${to}`;
    });
    return `${changes.join(", ")}, on ${wholeText(is.rows)} held-out rows under its own classifier.`;
  }
  if (before.type === "earlierCorpus" && after.type === "earlierCorpus") {
    return (
      `loss of masked words ${figureText(before.loss)} before → ${figureText(after.loss)} after, pseudo-perplexity ` +
      `${figureText(before.perplexity)} → ${figureText(after.perplexity)}, on ${wholeText(after.rows)} held-out texts.`
    );
  }
  return "";
}
