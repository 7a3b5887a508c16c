import type { KeyboardEvent, PointerEvent } from "react";
import { useStore } from "zustand";
import type { Crosshair, Frame } from "./frame.ts";
import { xPhrase } from "./moment.ts";
import { inset } from "./Plot.tsx";
import { nearest, type Series } from "./series.ts";
import styles from "./charts.module.css";

interface CrosshairLayerProps {
  title: string;
  crosshair: Crosshair;
  frame: Frame;
  series: Series[];
  twoAxes: boolean;
  /** Writes a value of a line. */
  text: (line: Series, y: number) => string;
}

/**
 * A layer over a plot that moves the crosshair by pointer or arrow keys and gives the values under it to screen
 * readers.
 */
export function CrosshairLayer({ title, crosshair, frame, series, twoAxes, text }: CrosshairLayerProps) {
  const x = useStore(crosshair, (state) => state.x);
  const move = (next: number | null) => {
    crosshair.setState({ x: next === null ? null : Math.min(Math.max(0, next), frame.end) });
  };
  const follow = (event: PointerEvent<HTMLDivElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    if (width > 0) move(((event.clientX - left) / width) * frame.end);
  };
  const press = (event: KeyboardEvent<HTMLDivElement>) => {
    const stride = frame.kind === "step" ? Math.max(1, Math.round(frame.end / 100)) : frame.end / 100;
    const at = x ?? 0;
    const next = { ArrowLeft: at - stride, ArrowRight: at + stride, Home: 0, End: frame.end }[event.key];
    if (next === undefined && event.key !== "Escape") return;
    event.preventDefault();
    move(next ?? null);
  };
  const here = x ?? frame.end;
  return (
    <div
      className={styles.crosshairLayer}
      style={{
        left: inset.left,
        right: twoAxes ? inset.left : inset.right,
        top: inset.top,
        bottom: inset.bottom,
      }}
      role="slider"
      tabIndex={0}
      aria-label={`${title}: place on the time axis`}
      aria-valuemin={0}
      aria-valuemax={Math.round(frame.end)}
      aria-valuenow={Math.round(here)}
      aria-valuetext={`${xPhrase(here, frame.kind)}: ${readings(series, here, text)}`}
      onPointerMove={follow}
      onPointerDown={follow}
      onPointerLeave={() => move(null)}
      onBlur={() => move(null)}
      onKeyDown={press}
    >
      {x !== null && x <= frame.end && (
        <div className={styles.crosshair} style={{ left: `${(x / frame.end) * 100}%` }} />
      )}
    </div>
  );
}

function readings(series: Series[], x: number, text: (line: Series, y: number) => string): string {
  const read = series.flatMap((line) => {
    const point = nearest(line.points, x);
    return point ? [`${line.name} ${text(line, point.y)}`] : [];
  });
  return read.join(", ") || "nothing measured yet";
}
