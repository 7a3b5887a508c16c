import { memo, useState } from "react";
import { Button, Switch } from "@mantine/core";
import type { Report } from "../../../metrics/report.ts";
import type { Selectable } from "../panels.ts";
import { shade } from "../classes/shade.ts";
import { ConfusionCell } from "./ConfusionCell.tsx";
import { confusionLines, confusionView, mostInMatrix } from "./confusion-view.ts";
import { ConfusedPairs } from "./ConfusedPairs.tsx";
import { csvText, isFormula } from "../../../io/csv-cells.ts";
import { FormulaCheckbox } from "../../run/FormulaCheckbox.tsx";
import { percentText, wholeText } from "../../figures.ts";
import { saveFile } from "../../save-file.ts";
import charts from "../../run/charts.module.css";
import styles from "../../run/tables.module.css";

interface ConfusionMatrixProps {
  report: Report | null;
  labelNames: string[];
  /** What the report was made on. */
  rows: string;
  selectable?: Selectable;
}

/** True classes against predicted ones: numbers and shading, as counts or as shares of each true class. */
export const ConfusionMatrix = memo(function ConfusionMatrix({
  report,
  labelNames,
  rows,
  selectable,
}: ConfusionMatrixProps) {
  const [normalized, setNormalized] = useState(false);
  const [neutralize, setNeutralize] = useState(false);
  const name = (index: number) => labelNames[index] ?? `class ${index}`;
  const save = () => {
    if (!report) return;
    const { header, lines } = confusionLines(report, labelNames);
    saveFile("confusion-matrix.csv", csvText(header, lines, { neutralize }), "text/csv");
  };
  return (
    <section className={charts.card} aria-label="Confusion matrix">
      <header className={charts.head}>
        <h3>Confusion matrix</h3>
        <span className={charts.said} />
        <div className={charts.actions}>
          <Button
            variant="default"
            size="compact-xs"
            disabled={!report}
            onClick={save}
            aria-label="Save CSV: confusion matrix"
          >
            Save CSV
          </Button>
        </div>
      </header>
      <div className={charts.controls}>
        {labelNames.length <= mostInMatrix && (
          <Switch
            size="xs"
            label="Share of each true class"
            checked={normalized}
            onChange={(event) => setNormalized(event.currentTarget.checked)}
          />
        )}
        {labelNames.some(isFormula) && <FormulaCheckbox checked={neutralize} onChange={setNeutralize} />}
        <span>{report ? rows : "Shown after the first evaluation."}</span>
      </div>
      {report && labelNames.length <= mostInMatrix && (
        <Matrix report={report} name={name} normalized={normalized} selectable={selectable} />
      )}
      {report && labelNames.length > mostInMatrix && (
        <ConfusedPairs report={report} labelNames={labelNames} selectable={selectable} />
      )}
    </section>
  );
});

interface MatrixProps {
  report: Report;
  name: (index: number) => string;
  normalized: boolean;
  selectable: Selectable | undefined;
}

function Matrix({ report, name, normalized, selectable }: MatrixProps) {
  const view = confusionView(report);
  const largest = Math.max(1, ...view.counts.flat());
  return (
    <>
      <div
        style={{ overflow: "auto", maxHeight: 620 }}
        tabIndex={0}
        role="region"
        aria-label="Confusion matrix, scrollable"
      >
        <table className={styles.confusion}>
          <caption className={charts.hidden}>Rows are true classes, columns predicted ones.</caption>
          <thead>
            <tr>
              <th scope="col">true ↓ predicted →</th>
              {view.counts.map((_, index) => (
                <th key={index} scope="col" className={styles.slanted} title={name(index)}>
                  <span>{name(index)}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {view.counts.map((counts, truth) => (
              <tr key={truth}>
                <th scope="row" title={name(truth)}>
                  {name(truth)}
                </th>
                {counts.map((count, predicted) => {
                  const share = view.shares[truth]?.[predicted] ?? 0;
                  return (
                    <td
                      key={predicted}
                      data-diagonal={truth === predicted}
                      style={shade(normalized ? share : count / largest, truth === predicted)}
                    >
                      <ConfusionCell cell={[truth, predicted]} rows={count} selectable={selectable}>
                        {normalized ? percentText(share) : wholeText(count)}
                      </ConfusionCell>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
