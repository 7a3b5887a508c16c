import type { ColumnChoice, TableSummary } from "../../workers/protocol.ts";
import { count } from "../words.ts";
import styles from "./setup.module.css";

const shown = 20;
/** A table of a thousand columns is not read from left to right. */
const mostColumns = 40;

/** The first rows as they were read, in the file's own order of columns. */
export function FirstRows({ table, columns }: { table: TableSummary; columns: ColumnChoice | null }) {
  const roles = new Map<number, string>();
  if (columns) {
    roles.set(columns.label, "label").set(columns.text, "text");
    if (columns.pair !== null) roles.set(columns.pair, "second text");
  }
  const order = table.columns.flatMap((_, i) => (i < mostColumns || roles.has(i) ? [i] : []));
  return (
    <div>
      <h3 className={styles.subtitle}>First rows</h3>
      <div className={styles.rows} tabIndex={0} role="region" aria-label="First rows">
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
              // Rows have no identity but their place, and never move.
              <tr key={r}>
                {order.map((i) => (
                  <td key={i} title={row[i] ?? ""}>
                    {row[i] ?? ""}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {order.length < table.columns.length && (
        <p className={styles.leftOut}>
          The first {mostColumns} of {count(table.columns.length)} columns, and those that are chosen.
        </p>
      )}
    </div>
  );
}
