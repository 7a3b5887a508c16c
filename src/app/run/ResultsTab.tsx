import { useState } from "react";
import { Button } from "@mantine/core";
import type { Results } from "../../workers/protocol.ts";
import type { EarlierScore } from "../state.ts";
import { ConfusionMatrix } from "./ConfusionMatrix.tsx";
import type { BeforeAndAfter } from "./earlier-moments.ts";
import { EarlierResult } from "./EarlierResult.tsx";
import { csvText } from "../../io/csv-cells.ts";
import { FormulaCheckbox } from "./FormulaCheckbox.tsx";
import { figureText, percentText, scoreText, wholeText } from "./figures.ts";
import { saveFile } from "./save-file.ts";
import { scoreLines, ScoresTable } from "./ScoresTable.tsx";
import panel from "./panel.module.css";

/** The report on all validation rows: a few figures, every class's scores, averages, the confusion matrix. */
export function ResultsTab({ results, earlier }: { results: Results; earlier: BeforeAndAfter | null }) {
  const { report, labelNames } = results;
  const [neutralize, setNeutralize] = useState(false);
  const figures = [
    { name: "Accuracy", value: percentText(report.accuracy) },
    { name: "Macro F1", value: scoreText(report.macro.f1) },
    { name: "Matthews", value: scoreText(report.matthews) },
    { name: "Log loss", value: figureText(report.logLoss) },
    { name: "Rows", value: wholeText(report.rows) },
  ];
  const save = () => {
    const { classes, averages } = scoreLines(report, labelNames);
    const rows = [...classes, ...averages].map(({ name, scores: s }) => [name, s.precision, s.recall, s.f1, s.support]);
    const more = figures.slice(0, 4).map(({ name }, i) => {
      const value = [report.accuracy, report.macro.f1, report.matthews, report.logLoss][i] ?? NaN;
      return [name, value, "", "", report.rows];
    });
    const ofEarlier = Object.entries(earlier ?? {}).map(([when, score]: [string, EarlierScore]) =>
      score.type === "earlier"
        ? [`Accuracy on the earlier task, ${when}`, score.report.accuracy, "", "", score.report.rows]
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
      {earlier && <EarlierResult {...earlier} />}
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
