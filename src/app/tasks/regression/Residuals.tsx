import { Button } from "@mantine/core";
import { memo, useMemo } from "react";
import { csvText } from "../../../io/csv-cells.ts";
import type { RegressionReport } from "../../../metrics/regression/report.ts";
import { figureText, wholeText } from "../../figures.ts";
import charts from "../../run/charts.module.css";
import { saveFile } from "../../save-file.ts";
import { BarPlot } from "./BarPlot.tsx";
import { histogramOf } from "./histogram.ts";
import { Scatter } from "./Scatter.tsx";
import styles from "./regression.module.css";

interface ResidualsProps {
  report: RegressionReport | null;
  /** What the report was made on. */
  rows: string;
}

/** Predicted against true values, and how far they are apart. */
export const Residuals = memo(function Residuals({ report, rows }: ResidualsProps) {
  const sample = report?.sample ?? [];
  const save = () => {
    const lines = sample.map(([truth, predicted]) => [truth, predicted, predicted - truth]);
    saveFile("residuals.csv", csvText(["true", "predicted", "residual"], lines), "text/csv");
  };
  const isPart = report !== null && sample.length < report.rows;
  return (
    <section className={charts.card} aria-label="Predicted against true values">
      <header className={charts.head}>
        <h3>Predicted against true values</h3>
        <span className={charts.said} />
        <div className={charts.actions}>
          <Button
            variant="default"
            size="compact-xs"
            disabled={!report}
            onClick={save}
            aria-label="Save CSV: predicted against true values"
          >
            Save CSV
          </Button>
        </div>
      </header>
      <div className={charts.controls}>
        <span>
          {report ? rows : "Shown after the first evaluation."}
          {isPart && `; ${wholeText(sample.length)} of them are drawn`}
        </span>
      </div>
      {report && <Plots report={report} />}
    </section>
  );
});

function Plots({ report: { sample, pearson, rmse, residuals } }: { report: RegressionReport }) {
  const { edges, counts, text } = useMemo(
    () => histogramOf(sample.map(([truth, predicted]) => predicted - truth)),
    [sample],
  );
  const correlation = pearson === null ? "" : ` Pearson correlation ${figureText(pearson)}.`;
  const spread = residuals
    ? `Half of the residuals lie between ${figureText(residuals.quarter)} and ${figureText(residuals.threeQuarters)}; their mean is ${figureText(residuals.mean)}.`
    : "";
  return (
    <div className={styles.plots}>
      <Scatter points={sample} label={`Predicted over true values.${correlation} RMSE ${figureText(rmse)}.`} />
      <figure className={styles.residuals}>
        <figcaption>Residuals: predicted less true</figcaption>
        <BarPlot
          edges={edges}
          text={text}
          parts={[{ counts, color: "var(--bar)", name: "" }]}
          label={`Rows by residual. ${spread}`}
          mark={0}
        />
        <p>{spread}</p>
      </figure>
    </div>
  );
}
