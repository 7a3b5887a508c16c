import type { ColumnChoice, TableSummary } from "../../workers/protocol.ts";
import { wholeText } from "../figures.ts";
import { useFadedEdge } from "../faded-edge.ts";
import type { SetupPanels } from "../tasks/panels.ts";
import styles from "./setup.module.css";

const shown = 20;
/** Most columns that are shown besides the chosen ones. */
const mostColumns = 40;

interface FirstRowsProps {
  table: TableSummary;
  columns: ColumnChoice | null;
  /** How text and label are shown, where a person could not read the file's own cells. */
  readable?: SetupPanels["readable"] | undefined;
}

/** The first rows of a table as they were read, in the file's own order of columns. */
export function FirstRows({ table, columns, readable }: FirstRowsProps) {
  const edge = useFadedEdge();
  const roles = new Map<number, string>();
  if (columns) {
    for (const label of columns.moreLabels ?? []) roles.set(label, "label");
    if (typeof columns.group === "number") roles.set(columns.group, "group");
    if (typeof columns.time === "number") roles.set(columns.time, "time");
    roles.set(columns.label, "label").set(columns.text, "text");
    if (columns.pair !== null) roles.set(columns.pair, "second text");
  }
  const order = table.columns.flatMap((_, i) => (i < mostColumns || roles.has(i) ? [i] : []));
  const isText = (i: number) => i === columns?.text || i === columns?.pair;
  const textClass = (i: number) => (isText(i) ? styles.wide : undefined);
  const cellsOf = (row: readonly string[]) => {
    const { text, label } = columns ?? { text: -1, label: -1 };
    const read = columns && readable?.({ text: row[text] ?? "", label: row[label] ?? "" });
    return order.map((i) => (read && i === text ? read.text : read && i === label ? read.label : (row[i] ?? "")));
  };
  return (
    <div>
      <h3 className={styles.subtitle}>First rows</h3>
      <div ref={edge} className={styles.rows} tabIndex={0} role="region" aria-label="First rows">
        <table>
          <thead>
            <tr>
              {order.map((i) => (
                <th key={i} scope="col" className={roles.has(i) ? styles.chosen : undefined}>
                  {table.columns[i]}
                  {roles.has(i) && table.columns[i] !== roles.get(i) ? ` (${roles.get(i)})` : ""}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.preview.slice(0, shown).map((row, r) => (
              // Rows are identified by their place and never move.
              <tr key={r}>
                {cellsOf(row).map((cell, i) => (
                  <td key={order[i]} title={row[order[i] ?? 0] ?? ""} className={textClass(order[i] ?? 0)}>
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {order.length < table.columns.length && (
        <p className={styles.leftOut}>
          The first {mostColumns} of {wholeText(table.columns.length)} columns, and those that are chosen.
        </p>
      )}
    </div>
  );
}

/** The first lines of a text file. */
export function FirstLines({ lines }: { lines: readonly string[] }) {
  return (
    <ol className={styles.firstLines} aria-label="First lines">
      {lines.map((line, i) => (
        // Lines are identified by their place and never move.
        <li key={i} title={line}>
          {line}
        </li>
      ))}
    </ol>
  );
}
