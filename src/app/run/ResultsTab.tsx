import { Button } from "@mantine/core";
import { useState, type CSSProperties, type ReactNode } from "react";
import { csvText } from "../../io/csv-cells.ts";
import { comparedText } from "../../tasks/compared-models.ts";
import { taskNamed } from "../../tasks/registry.ts";
import { leadingMetrics } from "../../tasks/task.ts";
import type { BaselineEvent, EarlierEvent, Results } from "../../workers/protocol.ts";
import { runPanelsOf } from "../tasks/run-panels.ts";
import type { BeforeAndAfter } from "./earlier-moments.ts";
import { metricText, wholeText } from "../figures.ts";
import { Figures } from "./Figures.tsx";
import { FormulaCheckbox } from "./FormulaCheckbox.tsx";
import { saveFile } from "../save-file.ts";
import { SelectionBar } from "./SelectionBar.tsx";
import type { useSelection } from "./use-selection.ts";
import panel from "./panel.module.css";
import tables from "./tables.module.css";

interface ResultsTabProps {
  results: Results;
  /** Rows that are selected among them, and how others are; none can be where not given. */
  selecting?: ReturnType<typeof useSelection>;
  /** Below the figures of the rows. */
  children?: (selectable: ReturnType<typeof useSelection>["selectable"]) => ReactNode;
  baseline?: BaselineEvent | null;
  earlier: BeforeAndAfter | null;
}

/** The report on all validation rows: a few figures, and the task's own scores and mistakes. */
export function ResultsTab({ results: all, selecting, baseline: event = null, earlier, children }: ResultsTabProps) {
  const selected = selecting?.selected ?? null;
  const matrix = selecting?.selectable("matrix");
  const ofMatrix = matrix?.results ?? all;
  const results = selected?.results ?? all;
  // What the baseline is compared with is all rows.
  const baseline = event && !selected && { ...event, report: event.tuned ?? event.report };
  const { report, labelNames, intervals } = results;
  const [neutralize, setNeutralize] = useState(false);
  const task = taskNamed(results.task);
  const { Scores, Mistakes, RowFigures, scoreLines } = runPanelsOf(task);
  const save = () => {
    const { header, of } = scoreLines;
    const between = header.slice(3).map(() => "");
    const line = (name: string, value: number, rows: number) => [name, value, ...between, rows];
    const ofEarlier = Object.entries(earlier ?? {}).map(([when, score]: [string, EarlierEvent]) => {
      const [{ label, of: valueOf }] = taskNamed(score.task).metrics;
      return line(`${label} on the earlier task, ${when}`, valueOf(score.report), score.report.rows);
    });
    const more = task.metrics.map((metric) => line(metric.label, metric.of(report), report.rows));
    const ends = task.metrics.flatMap(({ key, label }) => {
      const [low, high] = intervals?.of[key] ?? [];
      const whole = `${label}, 95 % interval`;
      return low === undefined || high === undefined
        ? []
        : [line(`${whole}: low`, low, report.rows), line(`${whole}: high`, high, report.rows)];
    });
    const ofBaseline = baseline
      ? task.metrics.map((metric) =>
          line(`${metric.label} of the baseline`, metric.of(baseline.report), baseline.report.rows),
        )
      : [];
    const table = [...of(report, labelNames), ...more, ...ends, ...ofBaseline, ...ofEarlier];
    saveFile("report.csv", csvText(header, table, { neutralize }), "text/csv");
  };
  return (
    <>
      {selected ? <SelectionBar selected={selected} all={all} /> : <Figures results={all} />}
      {baseline && <Comparison results={results} baseline={baseline} />}
      {baseline && results.againstBaseline && (
        <p className={panel.earlier}>{comparedText(results.againstBaseline, "the baseline", "the fine-tuned model")}</p>
      )}
      {earlier && !selected && <EarlierResult {...earlier} />}
      <Scores report={report} labelNames={labelNames} />
      <div className={panel.row}>
        <Button variant="default" size="compact-sm" onClick={save}>
          Save the report as CSV
        </Button>
        <FormulaCheckbox checked={neutralize} onChange={setNeutralize} />
      </div>
      <Mistakes
        report={ofMatrix.report}
        labelNames={labelNames}
        rows={`${ofMatrix.places ? "" : "all "}${wholeText(ofMatrix.report.rows)} ${ofMatrix !== all ? "selected" : all.folds === undefined ? "validation" : "out-of-fold"} rows`}
        {...(matrix && { selectable: matrix })}
      />
      {RowFigures && (
        <RowFigures results={results} {...(selecting && { selectable: selecting.selectable("calibration") })} />
      )}
      {selecting && children?.(selecting.selectable)}
    </>
  );
}

/** What the fine-tuning gained over the linear model on the frozen encoder's vectors. */
function Comparison({ results, baseline }: { results: Results; baseline: BaselineEvent }) {
  const task = taskNamed(results.task);
  const { rows } = results.report;
  const share = baseline.report.rows < rows ? `, scored on ${wholeText(baseline.report.rows)} of the rows` : "";
  const lines = [
    {
      name: `Baseline: a linear model on the frozen encoder, fitted to ${wholeText(baseline.trainRows)} rows${share}`,
      report: baseline.report,
    },
    { name: `Fine-tuned: ${results.weights} weights, step ${wholeText(results.step)}`, report: results.report },
  ];
  const columns = { "--lines": task.metrics.length + 1 } as CSSProperties;
  return (
    <div
      className={`${tables.scroller} ${tables.models}`}
      tabIndex={0}
      role="region"
      aria-label="Baseline and fine-tuning"
    >
      {/* The roles stay where a narrow screen puts the models beside each other. */}
      <table role="table" className={tables.plain} style={columns}>
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col">
              Model
            </th>
            {task.metrics.map(({ key, label }) => (
              <th key={key} role="columnheader" scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {lines.map(({ name, report }) => (
            <tr key={name} role="row">
              <th role="rowheader" scope="row">
                {name}
              </th>
              {task.metrics.map((metric) => (
                <td key={metric.key} role="cell">
                  {metricText(metric, metric.of(report))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
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
