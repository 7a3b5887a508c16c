import { useRef, type ReactNode } from "react";
import { useVirtualizer } from "@tanstack/react-virtual";
import styles from "./tables.module.css";

interface VirtualTableProps {
  label: string;
  header: readonly string[];
  rowCount: number;
  cellsOf: (row: number) => readonly ReactNode[];
  /** Widths of the columns as a CSS grid template. */
  columns: string;
  /** Height in pixels of the scrolled part. */
  height: number;
  /** On a narrow screen the last cell is below the others, over the whole width, instead of beside them. */
  stacks?: boolean;
}

/** A table that lays out only the rows in view, so that 20,000 rows scroll like 20. Rows may be of different heights. */
export function VirtualTable({ label, header, rowCount, cellsOf, columns, height, stacks = false }: VirtualTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: rowCount,
    getScrollElement: () => scroller.current,
    estimateSize: () => 30,
    overscan: 6,
    // Gives the first rendering its rows before anything was measured.
    initialRect: { width: 0, height },
  });
  return (
    <div ref={scroller} className={styles.scroller} style={{ height }} tabIndex={0} role="region" aria-label={label}>
      <div
        role="table"
        aria-label={label}
        aria-rowcount={rowCount + 1}
        className={stacks ? styles.stacking : styles.grid}
      >
        <div role="row" aria-rowindex={1} className={styles.headRow} style={{ gridTemplateColumns: columns }}>
          {header.map((name) => (
            <div role="columnheader" key={name}>
              {name}
            </div>
          ))}
        </div>
        <div role="rowgroup" style={{ height: rows.getTotalSize(), position: "relative" }}>
          {rows.getVirtualItems().map(({ index, start }) => (
            <div
              key={index}
              ref={rows.measureElement}
              data-index={index}
              role="row"
              aria-rowindex={index + 2}
              className={styles.row}
              style={{ gridTemplateColumns: columns, transform: `translateY(${start}px)` }}
            >
              {cellsOf(index).map((content, column) => (
                <div role="cell" key={header[column]}>
                  {content}
                </div>
              ))}
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
