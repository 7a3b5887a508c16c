import { Button, Select } from "@mantine/core";
import { useMemo, useState } from "react";
import { csvText } from "../../../io/csv-cells.ts";
import { ranked } from "../../../metrics/ranking/cuts.ts";
import { precisionRecallCurve, rocCurve } from "../../../metrics/ranking/curves.ts";
import { averagePrecision, rocAuc } from "../../../metrics/ranking/ranking-scores.ts";
import { scoreText } from "../../figures.ts";
import charts from "../../run/charts.module.css";
import { saveFile } from "../../save-file.ts";
import regression from "../regression/regression.module.css";
import { UnitPlot } from "./UnitPlot.tsx";

interface RankingCurvesProps {
  labelNames: readonly string[];
  /** Whether each row has the class, 0 or 1, and how likely the model says that is. */
  rowsOf: (label: number) => { truth: ArrayLike<number>; scores: ArrayLike<number> };
}

/** For a class against all others: which share of its rows is found, and how many others with them, from each probability on. */
export function RankingCurves({ labelNames, rowsOf }: RankingCurvesProps) {
  const [chosen, setChosen] = useState(0);
  const { roc, recall, areas } = useMemo(() => {
    const { truth, scores } = rowsOf(chosen);
    const own = ranked(truth, scores);
    return {
      roc: rocCurve(own),
      recall: precisionRecallCurve(own),
      areas: { roc: rocAuc(own) ?? NaN, recall: averagePrecision(own) ?? NaN },
    };
  }, [rowsOf, chosen]);
  const name = labelNames[chosen] ?? "";
  const save = () => {
    const lines = recall.map((point) => [point.threshold, point.precision, point.recall]);
    saveFile("precision-recall.csv", csvText(["from probability", "precision", "recall"], lines), "text/csv");
  };
  return (
    <section className={charts.card} aria-label="ROC and precision over recall">
      <header className={charts.head}>
        <h3>ROC and precision over recall</h3>
        <span className={charts.said} />
        <div className={charts.actions}>
          <Button variant="default" size="compact-xs" onClick={save} aria-label="Save CSV: precision over recall">
            Save CSV
          </Button>
        </div>
      </header>
      <div className={charts.controls}>
        <Select
          size="xs"
          label="Class"
          searchable
          allowDeselect={false}
          limit={100}
          data={labelNames.map((label, value) => ({ label, value: String(value) }))}
          value={String(chosen)}
          onChange={(value) => setChosen(Number(value))}
        />
      </div>
      {roc.length === 0 ? (
        <p>All of these rows are of {name}, or none is: there is nothing to tell apart.</p>
      ) : (
        <div className={regression.plots}>
          <figure className={regression.residuals}>
            <figcaption>
              Found rows of {name} over wrongly found ones. Area {scoreText(areas.roc)}
            </figcaption>
            <UnitPlot
              label={`ROC curve of ${name}. Area ${scoreText(areas.roc)}.`}
              axes={{ x: "false positive rate", y: "true positive rate" }}
              diagonal
            >
              {(x, y) => (
                <polyline
                  points={roc.map((p) => `${x(p.falsePositiveRate)},${y(p.truePositiveRate)}`).join(" ")}
                  fill="none"
                  stroke="var(--bar)"
                  strokeWidth={2}
                />
              )}
            </UnitPlot>
          </figure>
          <figure className={regression.residuals}>
            <figcaption>
              Precision over recall of {name}. Average precision {scoreText(areas.recall)}
            </figcaption>
            <UnitPlot
              label={`Precision over recall of ${name}. Average precision ${scoreText(areas.recall)}.`}
              axes={{ x: "recall", y: "precision" }}
            >
              {(x, y) => (
                <polyline
                  points={recall.map((p) => `${x(p.recall)},${y(p.precision)}`).join(" ")}
                  fill="none"
                  stroke="var(--bar)"
                  strokeWidth={2}
                />
              )}
            </UnitPlot>
          </figure>
        </div>
      )}
    </section>
  );
}
