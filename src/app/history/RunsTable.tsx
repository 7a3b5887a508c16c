import { memo } from "react";
import { Icon } from "../Icon.tsx";
import type { KeptRun } from "./kept-run.ts";
import type { RunColumn, RunSort } from "./run-columns.ts";
import styles from "./history.module.css";

interface RunsTableProps {
  runs: readonly KeptRun[];
  columns: readonly RunColumn[];
  sort: RunSort;
  onSort: (sort: RunSort) => void;
  /** Id of the run that is looked into. */
  current: string | null;
  onCurrent: (id: string | null) => void;
  /** Ids of the runs that are compared. */
  chosen: ReadonlySet<string>;
  onChoose: (id: string, isChosen: boolean) => void;
}

/** Runs by line: a box to compare it, its name to look into it, and its scores. A press on a head sorts. */
export function RunsTable({ runs, columns, sort, onSort, current, onCurrent, chosen, onChoose }: RunsTableProps) {
  return (
    <div className={styles.scroller} tabIndex={0} role="region" aria-label="List of runs">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Compare</th>
            {columns.map(({ key, title, highFirst, isNumber }) => {
              const isSorted = sort.key === key;
              const next = isSorted ? !sort.descending : highFirst;
              return (
                <th
                  scope="col"
                  key={key}
                  className={isNumber ? styles.number : undefined}
                  aria-sort={!isSorted ? "none" : sort.descending ? "descending" : "ascending"}
                >
                  <button type="button" className={styles.sort} onClick={() => onSort({ key, descending: next })}>
                    {title}
                    <span aria-hidden="true">{!isSorted ? "" : sort.descending ? " ▼" : " ▲"}</span>
                  </button>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <RunLine
              key={run.id}
              run={run}
              columns={columns}
              isCurrent={run.id === current}
              onCurrent={onCurrent}
              isChosen={chosen.has(run.id)}
              onChoose={onChoose}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RunLineProps extends Pick<RunsTableProps, "columns" | "onCurrent" | "onChoose"> {
  run: KeptRun;
  isCurrent: boolean;
  isChosen: boolean;
}

const RunLine = memo(function RunLine({ run, columns, isCurrent, onCurrent, isChosen, onChoose }: RunLineProps) {
  const { id, name, note, isPinned } = run;
  return (
    <tr className={isCurrent ? styles.current : undefined}>
      <td>
        <input
          type="checkbox"
          className={styles.box}
          aria-label={`Compare ${name}`}
          checked={isChosen}
          onChange={(event) => onChoose(id, event.currentTarget.checked)}
        />
      </td>
      {columns.map(({ key, textOf, isNumber }) =>
        key === "name" ? (
          <th scope="row" key={key}>
            {/* One line, so that nothing moves under a press when a note is taken. */}
            <div className={styles.line} title={[name, note].filter(Boolean).join(" · ")}>
              <button
                type="button"
                className={styles.name}
                aria-expanded={isCurrent}
                onClick={() => onCurrent(isCurrent ? null : id)}
              >
                {isPinned && <Icon name="pin" size={14} />}
                <span className={styles.cut}>{name}</span>
                {isPinned && <span className={styles.hidden}> (pinned)</span>}
              </button>
              {note && <span className={styles.note}>{note}</span>}
            </div>
          </th>
        ) : (
          <td key={key} className={isNumber ? styles.number : undefined}>
            {textOf(run)}
          </td>
        ),
      )}
    </tr>
  );
});
