import { Button } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useRef, useState, type ReactNode } from "react";
import type { RunState } from "../state.ts";
import { chartPicture } from "./chart-picture.ts";
import { ChartLegend, ReadingPlace } from "./ChartLegend.tsx";
import { chartCsv, ChartTableDialog } from "./ChartTable.tsx";
import type { Crosshair, Frame } from "./frame.ts";
import { CrosshairLayer } from "./CrosshairLayer.tsx";
import type { XKind } from "./moment.ts";
import { Plot, plotHeight } from "./Plot.tsx";
import { fileName, saveFile } from "../save-file.ts";
import type { Series } from "./series.ts";
import { useOwnTask } from "./use-turn.ts";
import type { YScale } from "./y-scales.ts";
import styles from "./charts.module.css";

/** Props of every chart of a run. */
export interface ChartProps {
  run: RunState;
  kind: XKind;
  crosshair: Crosshair;
  /** Place in the order in which the charts draw; see `useTurn`. */
  turn: number;
}

interface ChartCardProps {
  title: string;
  frame: Frame;
  /** The points that are drawn, thinned. */
  series: Series[];
  /** All points, for the table and the CSV file. */
  full: () => Series[];
  left: YScale;
  right?: YScale;
  crosshair: Crosshair;
  /** The lines in words. */
  trend: string;
  /** Switches that belong to this chart. */
  controls?: ReactNode;
  /** Below the plot. */
  children?: ReactNode;
}

/** A chart with the names and values of its lines, its table, CSV file and picture, and its trend in words. */
export function ChartCard(props: ChartCardProps) {
  const { title, frame, series, full, left, right, crosshair, trend, controls, children } = props;
  const { ref: sizer, width } = useElementSize<HTMLDivElement>();
  const drawn = useOwnTask(width > 0);
  const plot = useRef<HTMLDivElement>(null);
  const [table, setTable] = useState<Series[] | null>(null);
  const [outcome, setOutcome] = useState("");
  const text = (line: Series, y: number) => (line.axis === "right" && right ? right : left).text(y);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(chartCsv(full(), frame.kind));
      setOutcome("Copied.");
    } catch {
      saveFile(`${fileName(title)}.csv`, chartCsv(full(), frame.kind), "text/csv");
      setOutcome("This page may not use the clipboard: saved as a file.");
    }
  };
  const picture = async () => {
    const svg = plot.current?.querySelector("svg");
    if (!svg) return;
    try {
      saveFile(`${fileName(title)}.png`, await chartPicture(svg, title, series));
      setOutcome("Saved.");
    } catch (error) {
      setOutcome(`The picture could not be made: ${error instanceof Error ? error.message : String(error)}`);
    }
  };

  return (
    <section className={styles.card} aria-label={title}>
      <header className={styles.head}>
        <h3>{title}</h3>
        <span className={styles.said} role="status">
          {outcome}
        </span>
        <div className={styles.actions}>
          <ChartButton chart={title} name="Table" onClick={() => setTable(full())} />
          <ChartButton chart={title} name="Copy CSV" onClick={() => void copy()} />
          <ChartButton chart={title} name="Save PNG" onClick={() => void picture()} />
        </div>
      </header>
      <div className={styles.controls}>
        {controls}
        <ReadingPlace kind={frame.kind} crosshair={crosshair} />
      </div>
      <ChartLegend series={series} crosshair={crosshair} text={text} />
      <div ref={sizer} className={styles.plotFrame} style={{ height: plotHeight }}>
        <div ref={plot} aria-hidden="true">
          {drawn && <Plot width={width} frame={frame} series={series} left={left} right={right ?? null} />}
        </div>
        <CrosshairLayer
          title={title}
          crosshair={crosshair}
          frame={frame}
          series={series}
          twoAxes={right !== undefined}
          text={text}
        />
      </div>
      <p className={styles.hidden}>{trend}</p>
      {children}
      {table && (
        <ChartTableDialog title={title} trend={trend} series={table} kind={frame.kind} onClose={() => setTable(null)} />
      )}
    </section>
  );
}

function ChartButton({ chart, name, onClick }: { chart: string; name: string; onClick: () => void }) {
  return (
    <Button variant="default" size="compact-xs" aria-label={`${name}: ${chart}`} onClick={onClick}>
      {name}
    </Button>
  );
}
