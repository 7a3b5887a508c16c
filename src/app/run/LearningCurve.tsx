import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { learningCurveText, type LearningPoint } from "../../tasks/learning-curve.ts";
import type { Task } from "../../tasks/task.ts";
import { curveOf } from "../actions/curve-actions.ts";
import { metricText, wholeText } from "../figures.ts";
import { ProblemNote } from "../ProblemNote.tsx";
import { ProgressLine } from "../ProgressLine.tsx";
import { useActions, useApp } from "../use-app.ts";
import charts from "./charts.module.css";
import panel from "./panel.module.css";
import tables from "./tables.module.css";

const width = 320;
const height = 180;
const inset = { left: 52, right: 14, top: 14, bottom: 34 };

interface LearningCurveProps {
  task: Task;
  /** The baseline with fewer training rows; null where there is none. */
  baseline: readonly LearningPoint[] | null;
  /** Whether the run can be fine-tuned again with fewer rows. */
  canFineTune: boolean;
}

/** A model with fewer training rows. */
interface Learner {
  /** As the subject of a sentence. */
  name: string;
  points: readonly LearningPoint[];
  dash: string;
}

/** What models reach with fewer training rows: whether more of them would help. */
export function LearningCurve({ task, baseline, canFineTune }: LearningCurveProps) {
  const { points, progress, problem } = useApp(curveOf);
  const { makeCurve, stopCurve, dismissCurve } = useActions();
  const learners: Learner[] = [
    ...(points ? [{ name: "the fine-tuned model", points, dash: "" }] : []),
    ...(baseline ? [{ name: "the linear model", points: baseline, dash: "5 3" }] : []),
  ];
  if (learners.length === 0 && !canFineTune) return null;
  const said = learners
    .map(({ name, points: own }) => learningCurveText(task, own, name))
    .filter((one) => one !== null);
  return (
    <section className={charts.card} aria-label="Would more rows help?">
      <header className={charts.head}>
        <h3>Would more rows help?</h3>
        <span className={charts.said} />
      </header>
      {said.map((one) => (
        <p key={one} className={panel.learned}>
          {one}
        </p>
      ))}
      {learners.length > 0 && <Curve task={task} learners={learners} says={said.join(" ")} />}
      {learners.map(({ name, points: own }) => (
        <PointTable key={name} task={task} name={name} points={own} />
      ))}
      {problem && <ProblemNote problem={problem} onDismiss={dismissCurve} />}
      {progress && (
        <div className={panel.row}>
          <ProgressLine progress={progress} />
          <Button size="compact-sm" variant="default" onClick={() => void stopCurve()}>
            Stop
          </Button>
        </div>
      )}
      {canFineTune && !progress && (
        <div className={panel.row}>
          <Button variant="default" onClick={() => void makeCurve()}>
            {points ? "Fine-tune on shares of the rows again" : "Fine-tune on 25, 50 and 75 % of the rows too"}
          </Button>
        </div>
      )}
      {points && (
        <p className={panel.quiet}>
          One run for each share, scored on the same validation rows: a difference within the interval of the score may
          be chance.
          {points.length < 4 && " It was stopped: shares that are missing were not complete."}
        </p>
      )}
    </section>
  );
}

function PointTable({ task, name, points }: { task: Task; name: string; points: readonly LearningPoint[] }) {
  const shown = task.metrics.slice(0, 4);
  const label = `Scores of ${name} by number of training rows`;
  return (
    <div className={panel.scores} tabIndex={0} role="region" aria-label={label}>
      <table className={tables.plain}>
        <caption className={tables.caption}>{`${name.slice(0, 1).toUpperCase()}${name.slice(1)}`}</caption>
        <thead>
          <tr>
            <th scope="col">Training rows</th>
            {shown.map(({ key, label: title }) => (
              <th key={key} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {points.map(({ rows, values }) => (
            <tr key={rows}>
              <th scope="row">{wholeText(rows)}</th>
              {shown.map((metric) => (
                <td key={metric.key}>{metricText(metric, values[metric.key] ?? NaN)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The first metric over the number of rows, a line for each model. */
function Curve({ task: { metrics }, learners, says }: { task: Task; learners: readonly Learner[]; says: string }) {
  const [metric] = metrics;
  const valueOf = (point: LearningPoint) => point.values[metric.key] ?? NaN;
  const all = learners.flatMap(({ points }) => points.map(valueOf));
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const room = most > least ? (most - least) / 5 : Math.max(Math.abs(most) / 10, 0.01);
  const [low, high] = [least - room, most + room];
  const mostRows = Math.max(1, ...learners.flatMap(({ points }) => points.map(({ rows }) => rows)));
  const x = (rows: number) => inset.left + (rows / mostRows) * (width - inset.left - inset.right);
  const y = (value: number) =>
    height - inset.bottom - ((value - low) / (high - low)) * (height - inset.top - inset.bottom);
  const ink = { fontSize: 11, fill: "var(--quiet)" };
  const ticks = learners[0]?.points ?? [];
  return (
    <>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        width="100%"
        style={{ maxWidth: 420 }}
        role="img"
        aria-label={`${metric.label} over training rows. ${says}`}
      >
        {[least, most].map((value) => (
          <g key={value}>
            <line x1={inset.left} x2={width - inset.right} y1={y(value)} y2={y(value)} stroke="var(--hairline)" />
            <text x={inset.left - 6} y={y(value) + 4} textAnchor="end" {...ink}>
              {metricText(metric, value)}
            </text>
          </g>
        ))}
        {learners.map(({ name, points, dash }) => (
          <g key={name}>
            <polyline
              points={points.map((point) => `${x(point.rows)},${y(valueOf(point))}`).join(" ")}
              fill="none"
              stroke={dash === "" ? "var(--bar)" : "var(--quiet)"}
              strokeWidth={2}
              strokeDasharray={dash}
            />
            {points.map((point) => (
              <Mark key={point.rows} isRound={dash === ""} x={x(point.rows)} y={y(valueOf(point))} />
            ))}
          </g>
        ))}
        {ticks.map(({ rows }) => (
          <text key={rows} x={x(rows)} y={height - inset.bottom + 16} textAnchor="middle" {...ink}>
            {wholeText(rows)}
          </text>
        ))}
        <text x={width - inset.right} y={height - 4} textAnchor="end" {...ink}>
          training rows
        </text>
      </svg>
      {learners.length > 1 && <p className={panel.quiet}>{legendOf(learners)}</p>}
    </>
  );
}

/** A point of a model's line: round of the first one, square of the second. */
function Mark({ isRound, x, y }: { isRound: boolean; x: number; y: number }): ReactNode {
  return isRound ? (
    <circle cx={x} cy={y} r={4} fill="var(--bar)" />
  ) : (
    <rect x={x - 3.5} y={y - 3.5} width={7} height={7} fill="var(--quiet)" />
  );
}

const legendOf = (learners: readonly Learner[]) =>
  learners.map(({ name, dash }) => `${dash === "" ? "● solid" : "■ dashed"}: ${name}`).join(" · ");
