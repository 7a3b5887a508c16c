import { Button } from "@mantine/core";
import { memo } from "react";
import { csvText } from "../../../io/csv-cells.ts";
import type { TypeOutcomes } from "../../../metrics/entities/outcomes.ts";
import type { TokenReport } from "../../../tasks/token-classification/metrics.ts";
import { wholeText } from "../../figures.ts";
import charts from "../../run/charts.module.css";
import tables from "../../run/tables.module.css";
import { saveFile } from "../../save-file.ts";
import { shade } from "../classes/shade.ts";
import styles from "./entities.module.css";

/** What can become of an entity, in the order of the columns. */
const columns: readonly { key: Exclude<keyof TypeOutcomes, "type">; head: string; what: string }[] = [
  { key: "right", head: "Right", what: "type, first and last word are right" },
  { key: "otherType", head: "Other type", what: "the words are right, the type is another one" },
  { key: "otherWords", head: "Other words", what: "some of the words were found, or words beside them too" },
  { key: "missed", head: "Missed", what: "nothing was found there" },
  { key: "invented", head: "Not there", what: "entities of this type were found where none is" },
];

interface EntityOutcomesProps {
  report: TokenReport | null;
  /** What the report was made on. */
  rows: string;
}

/** For each type of entity how many were found, and what was wrong with the others. */
export const EntityOutcomes = memo(function EntityOutcomes({ report, rows }: EntityOutcomesProps) {
  const save = () => {
    if (!report) return;
    const { header, lines } = outcomeLines(report);
    saveFile("entity-outcomes.csv", csvText(header, lines), "text/csv");
  };
  return (
    <section className={charts.card} aria-label="How entities were found">
      <header className={charts.head}>
        <h3>How entities were found</h3>
        <span className={charts.said} />
        <div className={charts.actions}>
          <Button
            variant="default"
            size="compact-xs"
            disabled={!report}
            onClick={save}
            aria-label="Save CSV: how entities were found"
          >
            Save CSV
          </Button>
        </div>
      </header>
      <div className={charts.controls}>
        <span>{report ? rows : "Shown after the first evaluation."}</span>
      </div>
      {report && <OutcomeTable outcomes={report.outcomes} />}
    </section>
  );
});

function OutcomeTable({ outcomes }: { outcomes: readonly TypeOutcomes[] }) {
  return (
    <div className={styles.found} tabIndex={0} role="region" aria-label="Entities by type and outcome">
      <table className={tables.plain}>
        <thead>
          <tr>
            <th scope="col">Type</th>
            {columns.map(({ key, head, what }) => (
              <th key={key} scope="col" title={what}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {outcomes.map((counts) => {
            const { type } = counts;
            const entities = counts.right + counts.otherType + counts.otherWords + counts.missed;
            return (
              <tr key={type}>
                <th scope="row" title={type}>
                  {type}
                </th>
                {columns.map(({ key }) => (
                  <td key={key} style={shade(counts[key] / Math.max(1, entities), key === "right")}>
                    {wholeText(counts[key])}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** What the table shows, as lines of a CSV file. */
export function outcomeLines({ outcomes }: Pick<TokenReport, "outcomes">) {
  return {
    header: ["type", ...columns.map(({ head }) => head.toLowerCase())],
    lines: outcomes.map((counts) => [counts.type, ...columns.map(({ key }) => counts[key])]),
  };
}
