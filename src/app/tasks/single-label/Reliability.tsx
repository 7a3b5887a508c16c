import { Button } from "@mantine/core";
import { csvText } from "../../../io/csv-cells.ts";
import type { ClassCalibration } from "../../../tasks/single-label/calibration.ts";
import { binOf } from "../../../metrics/calibration.ts";
import type { RowScores } from "../../../metrics/row-scores.ts";
import { percentText, scoreText, wholeText } from "../../figures.ts";
import { CellButton } from "../../run/CellButton.tsx";
import charts from "../../run/charts.module.css";
import panel from "../../run/panel.module.css";
import tables from "../../run/tables.module.css";
import { saveFile } from "../../save-file.ts";
import regression from "../regression/regression.module.css";
import type { Selectable } from "../panels.ts";
import { UnitPlot } from "../classes/UnitPlot.tsx";

interface ReliabilityProps {
  calibration: ClassCalibration;
  selectable?: Selectable;
}

/** Whether probabilities come true: for rows of about the same confidence, the share that is right. */
export function Reliability({ calibration, selectable }: ReliabilityProps) {
  const { bins, ece, mce, brier, temperature, eceAfter } = calibration;
  const held = bins.filter(({ rows }) => rows > 0);
  const save = () => {
    const lines = bins.map((bin) => [bin.lower, bin.upper, bin.rows, bin.confidence ?? "", bin.accuracy ?? ""]);
    const header = ["confidence above", "up to", "rows", "mean confidence", "accuracy"];
    saveFile("calibration.csv", csvText(header, lines), "text/csv");
  };
  const keyOf = ({ lower }: (typeof bins)[number]) => lower.toFixed(4);
  const nameOf = ({ lower, upper }: (typeof bins)[number]) =>
    `confidence ${percentText(lower)} to ${percentText(upper)}`;
  const press = (bin: (typeof bins)[number]) => {
    if (!selectable) return;
    const { confidence } = selectable.results.scores as RowScores;
    const isIn = (row: number) => binOf(confidence[row] ?? NaN) === bins.indexOf(bin);
    selectable.select(keyOf(bin), nameOf(bin), Array.from(confidence.keys()).filter(isIn));
  };
  // Rows that are all right are the more likely the surer the model is: no temperature is the best.
  const hasBest = held.some(({ accuracy }) => (accuracy ?? 0) < 1);
  const sureness =
    temperature > 1.05
      ? "The model is too sure"
      : temperature < 0.95
        ? "The model is not sure enough"
        : "The model is about as sure as it should be";
  return (
    <section className={charts.card} aria-label="Do the probabilities come true?">
      <header className={charts.head}>
        <h3>Do the probabilities come true?</h3>
        <span className={charts.said} />
        <div className={charts.actions}>
          <Button variant="default" size="compact-xs" onClick={save} aria-label="Save CSV: calibration">
            Save CSV
          </Button>
        </div>
      </header>
      <p>
        {hasBest ? sureness : "All of these rows are right, so that no confidence would be too high"}: expected
        calibration error {scoreText(ece)}, largest of a bin {scoreText(mce)}, Brier score {scoreText(brier)}.
        {hasBest &&
          ` Dividing the logits by ${scoreText(temperature, 2)} would bring the error to ${scoreText(eceAfter)} (found on these very rows, so a little better than on others).`}
      </p>
      <div className={regression.plots}>
        <UnitPlot
          label={`Accuracy over confidence. Expected calibration error ${scoreText(ece)}.`}
          axes={{ x: "confidence", y: "share right" }}
          diagonal
        >
          {(x, y) =>
            held.map((bin) => (
              <rect
                key={bin.lower}
                x={x(bin.lower) + 1}
                width={x(bin.upper) - x(bin.lower) - 2}
                y={y(bin.accuracy ?? 0)}
                height={y(0) - y(bin.accuracy ?? 0)}
                fill="var(--bar)"
                fillOpacity={selectable?.pressed === keyOf(bin) ? 0.95 : 0.55}
                {...(selectable && { onClick: () => press(bin), style: { cursor: "pointer" } })}
              />
            ))
          }
        </UnitPlot>
        <div className={panel.scores} tabIndex={0} role="region" aria-label="Accuracy by confidence">
          <table className={tables.plain}>
            <thead>
              <tr>
                <th scope="col">Confidence</th>
                <th scope="col">Rows</th>
                <th scope="col">Mean confidence</th>
                <th scope="col">Right</th>
              </tr>
            </thead>
            <tbody>
              {held.map((bin) => (
                <tr key={bin.lower}>
                  <th scope="row">
                    {percentText(bin.lower)} to {percentText(bin.upper)}
                  </th>
                  <td>
                    {selectable ? (
                      <CellButton
                        label={nameOf(bin)}
                        pressed={selectable.pressed === keyOf(bin)}
                        onPress={() => press(bin)}
                      >
                        {wholeText(bin.rows)}
                      </CellButton>
                    ) : (
                      wholeText(bin.rows)
                    )}
                  </td>
                  <td>{percentText(bin.confidence ?? NaN)}</td>
                  <td>{percentText(bin.accuracy ?? NaN)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
    </section>
  );
}
