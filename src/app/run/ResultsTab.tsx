import { Button } from "@mantine/core";
import { useState } from "react";
import { csvText } from "../../io/csv-cells.ts";
import { taskNamed } from "../../tasks/registry.ts";
import { leadingMetrics } from "../../tasks/task.ts";
import type { EarlierEvent, Results } from "../../workers/protocol.ts";
import { runPanelsOf } from "../tasks/run-panels.ts";
import type { BeforeAndAfter } from "./earlier-moments.ts";
import { metricText, wholeText } from "../figures.ts";
import { FormulaCheckbox } from "./FormulaCheckbox.tsx";
import { saveFile } from "../save-file.ts";
import panel from "./panel.module.css";

/** The report on all validation rows: a few figures, and the task's own scores and mistakes. */
export function ResultsTab({ results, earlier }: { results: Results; earlier: BeforeAndAfter | null }) {
  const { report, labelNames } = results;
  const [neutralize, setNeutralize] = useState(false);
  const task = taskNamed(results.task);
  const { Scores, Mistakes, scoreLines } = runPanelsOf(task);
  const figures = [
    ...task.metrics.map((metric) => ({ name: metric.label, value: metricText(metric, metric.of(report)) })),
    { name: "Rows", value: wholeText(report.rows) },
  ];
  const save = () => {
    const { header, of } = scoreLines;
    const between = header.slice(3).map(() => "");
    const line = (name: string, value: number, rows: number) => [name, value, ...between, rows];
    const ofEarlier = Object.entries(earlier ?? {}).map(([when, score]: [string, EarlierEvent]) => {
      const [{ label, of: valueOf }] = taskNamed(score.task).metrics;
      return line(`${label} on the earlier task, ${when}`, valueOf(score.report), score.report.rows);
    });
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
      {earlier && <EarlierResult {...earlier} />}
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
function EarlierResult(scores: BeforeAndAfter) {
  return (
    <p className={panel.earlier}>
      <strong>Earlier task:</strong> {kept(scores)}
    </p>
  );
}

function kept({ before, after }: BeforeAndAfter): string {
  const task = taskNamed(after.task);
  const changes = leadingMetrics(task).map((metric, place) => {
    const [from, to] = [before, after].map(({ report }) => metricText(metric, metric.of(report)));
    return place === 0 ? `${metric.name} ${from} before → ${to} after` : `${metric.name} ${from} → ${to}`;
  });
  return `${changes.join(", ")}, on ${wholeText(after.report.rows)} held-out ${task.rows} under its own ${task.head}.`;
}
