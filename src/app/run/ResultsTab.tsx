import { Button } from "@mantine/core";
import { useState } from "react";
import { csvText } from "../../io/csv-cells.ts";
import { taskNamed } from "../../tasks/registry.ts";
import { leadingMetrics, type Task } from "../../tasks/task.ts";
import type { Results } from "../../workers/protocol.ts";
import type { EarlierScore } from "../state.ts";
import { runPanelsOf } from "../tasks/run-panels.ts";
import type { BeforeAndAfter } from "./earlier-moments.ts";
import { metricText, wholeText, figureText } from "../figures.ts";
import { FormulaCheckbox } from "./FormulaCheckbox.tsx";
import { saveFile } from "../save-file.ts";
import panel from "./panel.module.css";

/** The report on all validation rows: a few figures, and the task's own scores and mistakes. */
export function ResultsTab({ results, earlier }: { results: Results; earlier: BeforeAndAfter | null }) {
  const { report, labelNames } = results;
  const [neutralize, setNeutralize] = useState(false);
  const task = taskNamed(results.task);
  const [first] = task.metrics;
  const { Scores, Mistakes, scoreLines } = runPanelsOf(task);
  const figures = [
    ...task.metrics.map((metric) => ({ name: metric.label, value: metricText(metric, metric.of(report)) })),
    { name: "Rows", value: wholeText(report.rows) },
  ];
  const save = () => {
    const { header, of } = scoreLines;
    const between = header.slice(3).map(() => "");
    const line = (name: string, value: number, rows: number) => [name, value, ...between, rows];
    const ofEarlier = Object.entries(earlier ?? {}).map(([when, score]: [string, EarlierScore]) =>
      score.type === "earlier"
        ? line(`${first.label} on the earlier task, ${when}`, first.of(score.report), score.report.rows)
        : line(`Loss of masked words of the earlier texts, ${when}`, score.loss, score.rows),
    );
    const more = task.metrics.map((metric) => line(metric.label, metric.of(report), report.rows));
    const table = [...of(report, labelNames), ...more, ...ofEarlier];
    saveFile("report.csv", csvText(header, table, { neutralize }), "text/csv");
  };
  return (
    <>
      <dl className={panel.figures}>
        {figures.map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {earlier && <EarlierResult {...earlier} task={task} />}
      <Scores report={report} labelNames={labelNames} />
      <div className={panel.row}>
        <Button variant="default" size="compact-sm" onClick={save}>
          Save the report as CSV
        </Button>
        <FormulaCheckbox checked={neutralize} onChange={setNeutralize} />
      </div>
      <Mistakes report={report} labelNames={labelNames} rows={`all ${wholeText(report.rows)} validation rows`} />
    </>
  );
}

/** The earlier task's scores before the run and with these weights. */
function EarlierResult({ task, ...scores }: BeforeAndAfter & { task: Task }) {
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
