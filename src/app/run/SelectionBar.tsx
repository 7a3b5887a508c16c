import { Button } from "@mantine/core";
import { taskNamed } from "../../tasks/registry.ts";
import type { Results } from "../../workers/protocol.ts";
import { metricText, rangeText, wholeText } from "../figures.ts";
import { usePageAction } from "../page-actions.ts";
import { ProblemNote } from "../ProblemNote.tsx";
import type { SelectedRows } from "./use-selection.ts";
import styles from "./selection.module.css";
import tables from "./tables.module.css";

/** What is selected, in words, and the figures of these rows against those of all. */
export function SelectionBar({ selected, all }: { selected: SelectedRows; all: Results }) {
  const { selection, results, problem } = selected;
  const { label, perform } = usePageAction("clearSelection");
  return (
    <>
      <div className={styles.bar} role="status">
        <span className={styles.said}>
          <strong>Selected:</strong> {selection.name} · {wholeText(selection.rows.length)} of{" "}
          {wholeText(all.report.rows)} validation rows
        </span>
        <Button variant="default" size="compact-sm" onClick={perform} title="Escape clears it too">
          {label}
        </Button>
      </div>
      {problem && <ProblemNote problem={problem} />}
      {!problem && <AgainstAll results={results} all={all} />}
    </>
  );
}

/** Each metric of the selected rows and of all, with its interval. */
function AgainstAll({ results, all }: { results: Results | null; all: Results }) {
  const { metrics } = taskNamed(all.task);
  const lines = [
    { name: "Selected rows", of: results },
    { name: "All rows", of: all },
  ];
  return (
    <div
      className={`${tables.scroller} ${styles.against}`}
      tabIndex={0}
      role="region"
      aria-label="Selection against all"
    >
      <table className={tables.plain}>
        <thead>
          <tr>
            <th scope="col">Rows</th>
            {metrics.map(({ key, label }) => (
              <th key={key} scope="col">
                {label}
              </th>
            ))}
            <th scope="col">Number</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ name, of }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {metrics.map((metric) => (
                <td key={metric.key}>
                  {of ? metricText(metric, of.report.rows === 0 ? NaN : metric.of(of.report)) : "…"}
                  <div className={styles.range}>{of && rangeText(metric, of.intervals?.of[metric.key])}</div>
                </td>
              ))}
              <td>{of ? wholeText(of.report.rows) : "…"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
