import { useState } from "react";
import { Button } from "@mantine/core";
import type { Results } from "../../workers/protocol.ts";
import type { EarlierScore } from "../state.ts";
import { ConfusionMatrix } from "./ConfusionMatrix.tsx";
import type { BeforeAndAfter } from "./earlier-moments.ts";
import { EarlierResult } from "./EarlierResult.tsx";
import { csvText } from "../../io/csv-cells.ts";
import { FormulaCheckbox } from "./FormulaCheckbox.tsx";
import { metricText, wholeText } from "./figures.ts";
import { saveFile } from "./save-file.ts";
import { scoreLines, ScoresTable } from "./ScoresTable.tsx";
import { taskNamed } from "../../tasks/registry.ts";
import type { Report } from "../../metrics/report.ts";
import type { Task } from "../../tasks/task.ts";
import panel from "./panel.module.css";

/** The report on all validation rows: a few figures, every class's scores, averages, the confusion matrix. */
export function ResultsTab({ results, earlier }: { results: Results; earlier: BeforeAndAfter | null }) {
  const { report, labelNames } = results;
  const [neutralize, setNeutralize] = useState(false);
  const task = taskNamed(results.task);
  const figures = [
    ...task.metrics.map((metric) => ({ name: metric.label, value: metricText(metric, metric.of(report)) })),
    { name: "Rows", value: wholeText(report.rows) },
  ];
  const save = () => {
    const { classes, averages } = scoreLines(report, labelNames);
    const rows = [...classes, ...averages].map(({ name, scores: s }) => [name, s.precision, s.recall, s.f1, s.support]);
    const more = task.metrics.map(({ label, of }) => [label, of(report), "", "", report.rows]);
    const ofEarlier = Object.entries(earlier ?? {}).map(([when, score]: [string, EarlierScore]) =>
      score.type === "earlier"
        ? earlierLine(task, when, score.report)
        : [`Loss of masked words of the earlier texts, ${when}`, score.loss, "", "", score.rows],
    );
    const table = [...rows, ...more, ...ofEarlier];
    saveFile(
      "report.csv",
      csvText(["class or figure", "precision or value", "recall", "F1", "rows"], table, { neutralize }),
      "text/csv",
    );
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
      <ScoresTable report={report} labelNames={labelNames} />
      <div className={panel.row}>
        <Button variant="default" size="compact-sm" onClick={save}>
          Save the report as CSV
        </Button>
        <FormulaCheckbox checked={neutralize} onChange={setNeutralize} />
      </div>
      <ConfusionMatrix report={report} labelNames={labelNames} rows={`all ${wholeText(report.rows)} validation rows`} />
    </>
  );
}

/** The first metric of an earlier task as a line of the report's CSV. */
function earlierLine({ metrics: [metric] }: Task, when: string, report: Report) {
  return [`${metric.label} on the earlier task, ${when}`, metric.of(report), "", "", report.rows];
}
