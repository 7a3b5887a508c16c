import { useState } from "react";
import { Button } from "@mantine/core";
import type { Results } from "../../workers/protocol.ts";
import type { EarlierScore } from "../state.ts";
import { runPanelsOf } from "../tasks/run-panels.ts";
import type { BeforeAndAfter } from "./earlier-moments.ts";
import { EarlierResult } from "./EarlierResult.tsx";
import { csvText } from "../../io/csv-cells.ts";
import { FormulaCheckbox } from "./FormulaCheckbox.tsx";
import { metricText, wholeText } from "./figures.ts";
import { saveFile } from "./save-file.ts";
import { taskNamed } from "../../tasks/registry.ts";
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
