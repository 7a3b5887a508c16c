import { wholeText } from "../figures.ts";
import styles from "./setup.module.css";

/** A row before and after a change. */
interface Sample {
  row: number;
  line: number;
  before: string;
  /** Null where the row is left out. */
  after: string | null;
  beside?: { line: number; text: string };
}

/** Some rows before and after a change, as a table that unfolds. */
export function SampleRows({ title, name, samples }: { title: string; name: string; samples: readonly Sample[] }) {
  return (
    <details>
      <summary>{title}</summary>
      <div className={styles.rows} tabIndex={0} role="region" aria-label={`Rows: ${name}`}>
        <table>
          <thead>
            <tr>
              <th scope="col">Line</th>
              <th scope="col">Before</th>
              <th scope="col">After</th>
            </tr>
          </thead>
          <tbody>
            {samples.map((sample) => (
              <tr key={sample.row}>
                <td>{wholeText(sample.line)}</td>
                <td className={styles.wide}>
                  <del>{sample.before}</del>
                </td>
                <td className={styles.wide}>
                  {sample.after !== null ? <ins>{sample.after}</ins> : "left out"}
                  {sample.beside && ` (line ${wholeText(sample.beside.line)}: ${sample.beside.text})`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
