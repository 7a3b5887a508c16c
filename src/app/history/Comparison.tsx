import charts from "../run/charts.module.css";
import tables from "../run/tables.module.css";
import { comparedRuns } from "./answers.ts";
import type { KeptRun } from "./kept-run.ts";
import { MOST_COMPARED } from "./run-curves.ts";
import { runDifferences } from "./run-difference.ts";
import { RunCurves } from "./RunCurves.tsx";
import styles from "./history.module.css";

/** Two or more runs beside each other: what they were made of, their curves, and whether they differ by more than chance. */
export function Comparison({ runs: chosen }: { runs: readonly KeptRun[] }) {
  const runs = chosen.slice(0, MOST_COMPARED);
  return (
    <section aria-label="Comparison" className={styles.comparison}>
      {chosen.length > runs.length && (
        <p>
          The first {MOST_COMPARED} of {chosen.length} chosen runs, in the order of the list.
        </p>
      )}
      <Differences runs={runs} />
      <RunCurves runs={runs} />
      <SameRows runs={runs} />
    </section>
  );
}

function Differences({ runs }: { runs: readonly KeptRun[] }) {
  const differences = runDifferences(runs);
  return (
    <section className={charts.card} aria-label="What differs">
      <header className={charts.head}>
        <h3>What differs</h3>
      </header>
      {differences.length === 0 ? (
        <p>Nothing: these runs have the same data, model and recipe.</p>
      ) : (
        <div className={tables.scroller} tabIndex={0} role="region" aria-label="Table of what differs">
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Setting</th>
                {runs.map(({ id, name }) => (
                  <th scope="col" key={id} className={styles.head}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {differences.map(({ label, field, texts }) => (
                <tr key={field ?? label}>
                  <th scope="row" title={field}>
                    {label}
                  </th>
                  {runs.map(({ id }, place) => (
                    <td key={id} className={styles.value}>
                      {texts[place]}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** McNemar's test of the first run against each of the others. */
function SameRows({ runs: [first, ...others] }: { runs: readonly KeptRun[] }) {
  if (!first) return null;
  const compared = others.map((other) => ({ other, ...comparedRuns(first, other) }));
  const tested = compared.flatMap(({ other, test }) => (test ? [{ other, test }] : []));
  return (
    <section className={charts.card} aria-label="More than chance?">
      <header className={charts.head}>
        <h3>More than chance?</h3>
      </header>
      {compared.map(({ other, says }) => (
        <p key={other.id}>{says}</p>
      ))}
      {tested.length > 0 && (
        <div className={tables.scroller} tabIndex={0} role="region" aria-label="McNemar’s exact test">
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{first.name} against</th>
                {["Rows", "Both right", "First alone", "Other alone", "Neither", "p"].map((title) => (
                  <th scope="col" key={title} className={styles.number}>
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {tested.map(({ other, test: { rows, both, onlyFirst, onlySecond, neither, p } }) => (
                <tr key={other.id}>
                  <th scope="row">{other.name}</th>
                  {[rows, both, onlyFirst, onlySecond, neither].map((count, place) => (
                    <td key={place} className={styles.number}>
                      {count}
                    </td>
                  ))}
                  <td className={styles.number}>{Number(p.toPrecision(4))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {tested.length > 1 && (
        <p className={styles.kept}>Of twenty such tests of equal models one is below 0.05 by chance.</p>
      )}
    </section>
  );
}
