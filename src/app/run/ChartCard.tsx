import { useRef, useState, type ReactNode } from "react";
import { Button } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { chartCsv } from "./chart-table.ts";
import { chartPicture } from "./chart-picture.ts";
import { ChartLegend, ReadingPlace } from "./ChartLegend.tsx";
import { ChartTableDialog } from "./ChartTableDialog.tsx";
import type { Crosshair } from "./crosshair.ts";
import { CrosshairLayer } from "./CrosshairLayer.tsx";
import type { Frame } from "./frame.ts";
import { Plot, type YScale } from "./Plot.tsx";
import { plotHeight } from "./plot-size.ts";
import { fileName, saveFile } from "./save-file.ts";
import type { Series } from "./series.ts";
import { useOwnTask } from "./use-own-task.ts";
import styles from "./charts.module.css";

interface ChartCardProps {
  title: string;
  frame: Frame;
  /** As drawn: thinned. */
  series: Series[];
  /** All points, for table and CSV. */
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

/** One chart with all that belongs to it: names and values of its lines, table, CSV, picture, its trend in words. */
export function ChartCard(props: ChartCardProps) {
  const { title, frame, series, full, left, right, crosshair, trend, controls, children } = props;
  const { ref: sizer, width } = useElementSize<HTMLDivElement>();
  const drawn = useOwnTask(width > 0);
  const plot = useRef<HTMLDivElement>(null);
  const [table, setTable] = useState<Series[] | null>(null);
  const [said, setSaid] = useState("");
  const text = (line: Series, y: number) => (line.axis === "right" && right ? right : left).text(y);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(chartCsv(full()));
      setSaid("Copied.");
    } catch {
      saveFile(`${fileName(title)}.csv`, chartCsv(full()), "text/csv");
      setSaid("The clipboard is closed to this page: saved as a file.");
    }
  };
  const picture = async () => {
    const svg = plot.current?.querySelector("svg");
    if (!svg) return;
    try {
      saveFile(`${fileName(title)}.png`, await chartPicture(svg, title, series));
      setSaid("Saved.");
    } catch (error) {
      setSaid(`The picture could not be made: ${error instanceof Error ? error.message : String(error)}`);
    }
  };

  return (
    <section className={styles.card} aria-label={title}>
      <header className={styles.head}>
        <h3>{title}</h3>
        <span className={styles.said} role="status">
          {said}
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
      {table && <ChartTableDialog title={title} trend={trend} series={table} onClose={() => setTable(null)} />}
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
