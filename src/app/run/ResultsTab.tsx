import { useState } from "react";
import { Button } from "@mantine/core";
import { columnText } from "../column-text.ts";
import type { ClassScores } from "../../metrics/report.ts";
import type { Results } from "../../workers/protocol.ts";
import type { EarlierScore } from "../state.ts";
import { ConfusionMatrix } from "./ConfusionMatrix.tsx";
import type { BeforeAndAfter } from "./earlier-moments.ts";
import { EarlierResult } from "./EarlierResult.tsx";
import { csvText } from "../../io/csv-cells.ts";
import { FormulaCheckbox } from "./FormulaCheckbox.tsx";
import { figureText, percentText, scoreText, wholeText } from "./figures.ts";
import { saveFile } from "./save-file.ts";
import { VirtualTable } from "./VirtualTable.tsx";
import panel from "./panel.module.css";
import tables from "./tables.module.css";

/** The report on all validation rows: a few figures, every class's scores, averages, the confusion matrix. */
export function ResultsTab({ results, earlier }: { results: Results; earlier: BeforeAndAfter | null }) {
  const { report, labelNames } = results;
  const [neutralize, setNeutralize] = useState(false);
  const lines = scoreLines(results);
  const textOf = (score: "precision" | "recall" | "f1") =>
    columnText(
      lines.map(({ scores }) => scores[score]),
      scoreText,
      3,
    );
  const texts = { precision: textOf("precision"), recall: textOf("recall"), f1: textOf("f1") };
  const figures = [
    { name: "Accuracy", value: percentText(report.accuracy) },
    { name: "Macro F1", value: scoreText(report.macro.f1) },
    { name: "Matthews", value: scoreText(report.matthews) },
    { name: "Log loss", value: figureText(report.logLoss) },
    { name: "Rows", value: wholeText(report.rows) },
  ];
  const save = () => {
    const rows = lines.map(({ name, scores: s }) => [name, s.precision, s.recall, s.f1, s.support]);
    const more = figures.slice(0, 4).map(({ name }, i) => {
      const value = [report.accuracy, report.macro.f1, report.matthews, report.logLoss][i] ?? NaN;
      return [name, value, "", "", report.rows];
    });
    const ofEarlier = Object.entries(earlier ?? {}).map(([when, score]: [string, EarlierScore]) =>
      score.type === "earlier"
        ? [`Accuracy on the earlier task, ${when}`, score.report.accuracy, "", "", score.report.rows]
        : [`Loss of hidden words of the earlier texts, ${when}`, score.loss, "", "", score.rows],
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
      <ScoresTable lines={lines} texts={texts} />
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

interface ScoreLine {
  key: string;
  name: string;
  scores: ClassScores;
}

/** From so many lines on only those in view are laid out. */
const mostLaidOut = 100;

interface ScoresTableProps {
  lines: ScoreLine[];
  /** How each column writes its values. */
  texts: Record<"precision" | "recall" | "f1", (value: number) => string>;
}

function ScoresTable({ lines, texts }: ScoresTableProps) {
  if (lines.length > mostLaidOut) {
    return (
      <VirtualTable
        label="Scores of each class"
        header={["Class", "Precision", "Recall", "F1", "Rows"]}
        columns="minmax(0, 3fr) 80px 80px 80px 80px"
        rowCount={lines.length}
        height={420}
        cellsOf={(row) => {
          const line = lines[row];
          if (!line) return [];
          const { precision, recall, f1, support } = line.scores;
          return [line.name, texts.precision(precision), texts.recall(recall), texts.f1(f1), wholeText(support)];
        }}
      />
    );
  }
  return (
    <div className={panel.scores} tabIndex={0} role="region" aria-label="Scores of each class">
      <table className={tables.plain}>
        <thead>
          <tr>
            <th scope="col">Class</th>
            <th scope="col">Precision</th>
            <th scope="col">Recall</th>
            <th scope="col">F1</th>
            <th scope="col">Rows</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ key, name, scores }) => (
            <tr key={key}>
              <th scope="row" title={name}>
                {name}
              </th>
              <td>{texts.precision(scores.precision)}</td>
              <td>{texts.recall(scores.recall)}</td>
              <td>{texts.f1(scores.f1)}</td>
              <td>{wholeText(scores.support)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A class that stands neither in truth nor in prediction. */
const unscored: ClassScores = { precision: NaN, recall: NaN, f1: NaN, support: 0 };

function scoreLines({ report, labelNames }: Results): ScoreLine[] {
  return [
    ...report.classes.map((scores, index) => ({
      key: `${index}`,
      name: labelNames[index] ?? `class ${index}`,
      scores: scores ?? unscored,
    })),
    { key: "macro", name: "macro average", scores: report.macro },
    { key: "micro", name: "micro average", scores: report.micro },
    { key: "weighted", name: "weighted average", scores: report.weighted },
  ];
}
