import { useStore } from "zustand";
import type { Crosshair } from "./CrosshairLayer.tsx";
import { xPhrase, type XKind } from "./moment.ts";
import { legendName, nearest, type Series } from "./series.ts";
import { Swatch } from "./Swatch.tsx";
import styles from "./charts.module.css";

interface ChartLegendProps {
  series: Series[];
  crosshair: Crosshair;
  text: (line: Series, y: number) => string;
}

/** Says at which moment the values of the legend were measured. */
export function ReadingPlace({ kind, crosshair }: { kind: XKind; crosshair: Crosshair }) {
  const x = useStore(crosshair, (state) => state.x);
  return <span className={styles.place}>{x === null ? "latest values" : `at ${xPhrase(x, kind)}`}</span>;
}

/**
 * The lines of a chart with the value of each, at the crosshair or the latest. It is above the plot, so that it covers
 * no data.
 */
export function ChartLegend({ series, crosshair, text }: ChartLegendProps) {
  const x = useStore(crosshair, (state) => state.x);
  return (
    <ul className={styles.legend}>
      {series.map((line) => {
        const point = x === null ? line.points.at(-1) : nearest(line.points, x);
        return (
          <li key={line.key} title={legendName(line, series)}>
            <Swatch line={line} />
            <span className={styles.legendName}>{legendName(line, series)}</span>
            <span className={styles.legendValue}>{point ? text(line, point.y) : "–"}</span>
          </li>
        );
      })}
    </ul>
  );
}
