import { wholeText } from "../../figures.ts";
import { MarkShape } from "../ChartLegend.tsx";
import type { Coloring } from "./coloring.ts";
import styles from "./map.module.css";

interface LegendProps {
  coloring: Coloring;
  pressed: string | null;
  onPress: (said: string, rows: Int32Array) => void;
}

/** The groups of rows; a press selects one. */
export function Legend({ coloring: { groups, groupOf }, pressed, onPress }: LegendProps) {
  const rowsOf = (group: number) => Int32Array.from([...groupOf.keys()].filter((row) => groupOf[row] === group));
  return (
    <ul className={styles.legend} aria-label="Groups; a press selects their rows">
      {groups.map(({ name, said, rows, color, mark }, group) => (
        <li key={said}>
          <button
            type="button"
            className={styles.group}
            aria-pressed={pressed === said}
            disabled={rows === 0}
            title={name}
            onClick={() => onPress(said, rowsOf(group))}
          >
            <svg width={12} height={12} viewBox="0 0 12 12" aria-hidden="true" style={{ flex: "none" }}>
              <MarkShape mark={mark} color={color} x={6} y={6} />
            </svg>
            <span className={styles.name}>{name}</span>
            <span className={styles.count}>{wholeText(rows)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
