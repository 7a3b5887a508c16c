import { useStore } from "zustand";
import type { Crosshair } from "./crosshair.ts";
import { xText, type XKind } from "./moment.ts";
import { nearest, type Series } from "./series.ts";
import { Swatch } from "./Swatch.tsx";
import styles from "./charts.module.css";

interface ChartLegendProps {
  series: Series[];
  kind: XKind;
  crosshair: Crosshair;
  text: (line: Series, y: number) => string;
}

/** The lines of a chart with the value of each: under the crosshair, or the latest. Stands above the plot, not in it. */
export function ChartLegend({ series, kind, crosshair, text }: ChartLegendProps) {
  const x = useStore(crosshair, (state) => state.x);
  return (
    <ul className={styles.legend}>
      {series.map((line) => {
        const point = x === null ? line.points.at(-1) : nearest(line.points, x);
        return (
          <li key={line.key} title={line.name}>
            <Swatch line={line} />
            <span className={styles.legendName}>{line.name}</span>
            <span className={styles.legendValue}>{point ? text(line, point.y) : "–"}</span>
          </li>
        );
      })}
      <li className={styles.legendPlace}>{x === null ? "latest" : `at ${xText(x, kind)}`}</li>
    </ul>
  );
}
