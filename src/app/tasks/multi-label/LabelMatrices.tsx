import { Button, Switch } from "@mantine/core";
import { memo, useMemo, useState } from "react";
import { csvText, isFormula } from "../../../io/csv-cells.ts";
import type { LabelScores, MultiLabelReport } from "../../../metrics/multi-label/report.ts";
import { percentText, scoreText, wholeText } from "../../figures.ts";
import { shade } from "../classes/shade.ts";
import charts from "../../run/charts.module.css";
import { CellButton } from "../../run/CellButton.tsx";
import { FormulaCheckbox } from "../../run/FormulaCheckbox.tsx";
import { saveFile } from "../../save-file.ts";
import type { Selectable } from "../panels.ts";
import { cellKey, cellName, rowsOfCell, type LabelCell } from "./label-cells.ts";
import { matrixLines, mostWrongFirst } from "./matrix-view.ts";
import styles from "./multi-label.module.css";

/** Number of matrices that are shown without asking, and at most. */
const [FIRST_SHOWN, MOST_SHOWN] = [8, 120];

interface LabelMatricesProps {
  report: MultiLabelReport | null;
  labelNames: readonly string[];
  /** What the report was made on. */
  rows: string;
  selectable?: Selectable;
}

/** For each label how many rows with and without it were predicted with and without it; the most wrong label first. */
export const LabelMatrices = memo(function LabelMatrices({ report, labelNames, rows, selectable }: LabelMatricesProps) {
  const [normalized, setNormalized] = useState(false);
  const [neutralize, setNeutralize] = useState(false);
  const [all, setAll] = useState(false);
  const order = useMemo(() => (report ? mostWrongFirst(report) : []), [report]);
  const shown = order.slice(0, all ? MOST_SHOWN : FIRST_SHOWN);
  const save = () => {
    if (!report) return;
    const { header, lines } = matrixLines(report, labelNames);
    saveFile("label-matrices.csv", csvText(header, lines, { neutralize }), "text/csv");
  };
  return (
    <section className={charts.card} aria-label="A matrix for each label">
      <header className={charts.head}>
        <h3>A matrix for each label</h3>
        <span className={charts.said} />
        <div className={charts.actions}>
          <Button
            variant="default"
            size="compact-xs"
            disabled={!report}
            onClick={save}
            aria-label="Save CSV: a matrix for each label"
          >
            Save CSV
          </Button>
        </div>
      </header>
      <div className={charts.controls}>
        <Switch
          size="xs"
          label="Share of each line"
          checked={normalized}
          onChange={(event) => setNormalized(event.currentTarget.checked)}
        />
        {labelNames.some(isFormula) && <FormulaCheckbox checked={neutralize} onChange={setNeutralize} />}
        <span>{report ? rows : "Shown after the first evaluation."}</span>
      </div>
      {report && (
        <div className={styles.matrices}>
          {shown.map((k) => {
            const scores = report.classes[k];
            return (
              scores && (
                <Matrix
                  key={k}
                  label={k}
                  name={labelNames[k] ?? `label ${k}`}
                  scores={scores}
                  normalized={normalized}
                  selectable={selectable}
                />
              )
            );
          })}
        </div>
      )}
      {order.length > FIRST_SHOWN && (
        <Button variant="default" size="compact-sm" mt="sm" aria-expanded={all} onClick={() => setAll(!all)}>
          {all
            ? `Only the ${FIRST_SHOWN} most wrong`
            : order.length > MOST_SHOWN
              ? `The first ${MOST_SHOWN} of ${wholeText(order.length)} labels`
              : `All ${wholeText(order.length)} labels`}
        </Button>
      )}
    </section>
  );
});

interface MatrixProps {
  label: number;
  name: string;
  scores: LabelScores;
  normalized: boolean;
  selectable: Selectable | undefined;
}

function Matrix({ label, name, scores, normalized, selectable }: MatrixProps) {
  const [trueNegatives, falsePositives, falseNegatives, truePositives] = scores.matrix;
  const lines = [
    { title: "has it", counts: [truePositives, falseNegatives], right: 0 },
    { title: "has it not", counts: [falsePositives, trueNegatives], right: 1 },
  ];
  return (
    <table className={styles.matrix}>
      <caption title={name}>
        <strong>{name}</strong> <span>threshold {scoreText(scores.threshold, 2)}</span>
      </caption>
      <thead>
        <tr>
          <td />
          <th scope="col">predicted</th>
          <th scope="col">not predicted</th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ title, counts, right }) => {
          const rows = counts.reduce((sum, count) => sum + count, 0);
          return (
            <tr key={title}>
              <th scope="row">{title}</th>
              {counts.map((count, place) => (
                <td key={place} style={shade(rows === 0 ? 0 : count / rows, place === right)}>
                  <MatrixCell
                    cell={{ label, isTrue: right === 0, isPredicted: place === 0 }}
                    rows={count}
                    selectable={selectable}
                  >
                    {normalized ? percentText(rows === 0 ? NaN : count / rows) : wholeText(count)}
                  </MatrixCell>
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

interface MatrixCellProps {
  cell: LabelCell;
  rows: number;
  selectable: Selectable | undefined;
  children: string;
}

/** The number of a cell, which selects its rows where rows can be selected. */
function MatrixCell({ cell, rows, selectable, children }: MatrixCellProps) {
  if (!selectable || rows === 0) return children;
  const { results, pressed, select } = selectable;
  const [key, name] = [cellKey(cell), cellName(cell, results.labelNames)];
  return (
    <CellButton label={name} pressed={pressed === key} onPress={() => select(key, name, rowsOfCell(results, cell))}>
      {children}
    </CellButton>
  );
}
