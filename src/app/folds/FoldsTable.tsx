import { taskNamed } from "../../tasks/registry.ts";
import { metricOf } from "../../tasks/task.ts";
import { metricText, wholeText } from "../figures.ts";
import tables from "../run/tables.module.css";
import type { FoldsState } from "../state.ts";
import { foldName } from "./fold-lines.ts";

/** Each metric in each fold, as soon as it is complete, and at the end its mean, deviation and 95 % interval. */
export function FoldsTable({ folds }: { folds: FoldsState }) {
  const { done, summary, counts } = folds;
  const task = taskNamed(folds.task);
  const columns = Array.from({ length: counts.folds * counts.repeats }, (_, place) => {
    const [repeat, fold] = [Math.floor(place / counts.folds) + 1, (place % counts.folds) + 1];
    return { repeat, fold, scores: done.find((one) => one.repeat === repeat && one.fold === fold) };
  });
  const lines = task.metrics.map(({ key }) => metricOf(task, key));
  return (
    <div className={tables.scroller} tabIndex={0} role="region" aria-label="Scores of the folds">
      <table className={tables.plain}>
        <thead>
          <tr>
            <th scope="col">Metric</th>
            {summary && (
              <>
                <th scope="col">Mean</th>
                <th scope="col">Deviation</th>
                <th scope="col">95 % interval</th>
              </>
            )}
            {columns.map((fold) => (
              <th scope="col" key={`${fold.repeat} ${fold.fold}`}>
                {foldName(fold, counts).replace(/^f/, "F")}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((metric) => {
            const [low, high] = summary?.interval[metric.key] ?? [];
            const text = (value = NaN) => metricText(metric, value);
            return (
              <tr key={metric.key}>
                <th scope="row">{metric.label}</th>
                {summary && (
                  <>
                    <td>
                      <strong>{text(summary.mean[metric.key])}</strong>
                    </td>
                    <td>{text(summary.deviation[metric.key])}</td>
                    <td>{low === undefined ? "–" : `${text(low)} to ${text(high)}`}</td>
                  </>
                )}
                {columns.map(({ repeat, fold, scores }) => (
                  <td key={`${repeat} ${fold}`}>{scores ? text(metric.of(scores.report)) : "–"}</td>
                ))}
              </tr>
            );
          })}
          <tr>
            <th scope="row">Rows scored</th>
            {summary && <td colSpan={3} />}
            {columns.map(({ repeat, fold, scores }) => (
              <td key={`${repeat} ${fold}`}>{scores ? wholeText(scores.rows) : "–"}</td>
            ))}
          </tr>
        </tbody>
      </table>
    </div>
  );
}
