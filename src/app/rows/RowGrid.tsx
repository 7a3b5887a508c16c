import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useRef, type KeyboardEvent } from "react";
import type { SortKey, ViewedRow } from "../../workers/protocol.ts";
import { percentText } from "../figures.ts";
import { useNewRows, type RowWindows } from "./use-rows.ts";
import styles from "./rows.module.css";

/** A column of the grid. */
export interface GridColumn {
  title: string;
  /** By what a press on its head sorts; null where it does not. */
  sort: SortKey | null;
  /** As part of a CSS grid template. */
  width: string;
  cellOf: (row: ViewedRow) => string;
  /** Its place among the table's columns; cells that were changed are marked. */
  column?: number;
}

interface RowGridProps {
  windows: RowWindows;
  count: number;
  columns: readonly GridColumn[];
  sort: SortKey;
  descending: boolean;
  onSort: (sort: SortKey) => void;
  /** The place of the row that keys act on. */
  current: number;
  onCurrent: (place: number) => void;
  /** A key on the current row; returns whether it meant something. */
  onKey: (event: KeyboardEvent) => boolean;
}

const ROW_HEIGHT = 32;
const HEIGHT = 420;
/** Id of the grid, to give it the focus. */
export const GRID = "rows-grid";

const idOf = (place: number) => `row-${place}`;

/** The rows found, of which those in view are laid out; the arrow keys move the current row. */
export function RowGrid(props: RowGridProps) {
  const { windows, count, columns, sort, descending, onSort, current, onCurrent, onKey } = props;
  const scroller = useRef<HTMLDivElement>(null);
  useNewRows(windows);
  const list = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
    initialRect: { width: 0, height: HEIGHT },
  });
  const items = list.getVirtualItems();
  const [start, end] = [items[0]?.index ?? 0, (items.at(-1)?.index ?? -1) + 1];
  const { want } = windows;
  useEffect(() => want(Math.max(0, start - 32), end + 32), [want, start, end, count]);
  const template = columns.map(({ width }) => width).join(" ");

  const moveTo = (place: number) => {
    const next = Math.max(0, Math.min(count - 1, place));
    onCurrent(next);
    list.scrollToIndex(next);
  };
  const keyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const page = Math.floor(HEIGHT / ROW_HEIGHT) - 1;
    const moves: Record<string, number> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + page,
      PageUp: current - page,
      Home: 0,
      End: count - 1,
    };
    const next = event.ctrlKey || event.metaKey || event.altKey ? undefined : moves[event.key];
    if (next !== undefined) moveTo(next);
    else if (!onKey(event)) return;
    event.preventDefault();
  };
  // The current row may have been moved by a key of the row itself.
  useEffect(() => {
    if (count > 0) list.scrollToIndex(current);
  }, [list, current, count]);

  return (
    <div
      ref={scroller}
      id={GRID}
      className={styles.grid}
      style={{ height: HEIGHT }}
      role="grid"
      aria-label="Rows"
      aria-rowcount={count + 1}
      aria-colcount={columns.length}
      aria-activedescendant={count > 0 ? idOf(current) : undefined}
      tabIndex={0}
      onKeyDown={keyDown}
    >
      <div className={styles.inner}>
        <div role="row" aria-rowindex={1} className={styles.head} style={{ gridTemplateColumns: template }}>
          {columns.map(({ title, sort: by }, place) =>
            by === null ? (
              <div role="columnheader" key={place} className={styles.title}>
                {title}
              </div>
            ) : (
              <div
                role="columnheader"
                key={place}
                aria-sort={by !== sort ? "none" : descending ? "descending" : "ascending"}
              >
                <button type="button" className={styles.sort} onClick={() => onSort(by)}>
                  {title}
                  <span aria-hidden="true">{by !== sort ? "" : descending ? " ▼" : " ▲"}</span>
                </button>
              </div>
            ),
          )}
        </div>
        <div role="rowgroup" style={{ height: list.getTotalSize(), position: "relative" }}>
          {items.map(({ index, start: top }) => (
            <GridRow
              key={index}
              place={index}
              top={top}
              row={windows.at(index)}
              columns={columns}
              template={template}
              isCurrent={index === current}
              onCurrent={onCurrent}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

interface GridRowProps {
  place: number;
  top: number;
  row: ViewedRow | undefined;
  columns: readonly GridColumn[];
  template: string;
  isCurrent: boolean;
  onCurrent: (place: number) => void;
}

/** Memoized: scrolling draws the rows that come into view, and no others. */
const GridRow = memo(function GridRow({ place, top, row, columns, template, isCurrent, onCurrent }: GridRowProps) {
  const state = [styles.row, isCurrent && styles.current, row?.isDropped && styles.dropped].filter(Boolean).join(" ");
  return (
    // Keys act on the current row through the grid, which has the focus.
    <div
      id={idOf(place)}
      role="row"
      aria-rowindex={place + 2}
      aria-selected={isCurrent}
      className={state}
      style={{ gridTemplateColumns: template, top }}
      onClick={() => onCurrent(place)}
    >
      {columns.map((column, i) => {
        const isChanged = row !== undefined && column.column !== undefined && row.changed.includes(column.column);
        return (
          <div role="gridcell" key={i} className={isChanged ? styles.changed : undefined}>
            {row ? column.cellOf(row) : "…"}
          </div>
        );
      })}
    </div>
  );
});

/** What a row is, in a word: changed and dropped rows first. */
export function stateOf({ isDropped, changed, part }: ViewedRow): string {
  return isDropped ? "dropped" : `${part}${changed.length > 0 ? ", changed" : ""}`;
}

/** How sure the model is of a row; "" where it was not asked. */
export function confidenceOf({ confidence = NaN, isWrong = false }: ViewedRow): string {
  if (Number.isNaN(confidence)) return "";
  return `${percentText(confidence)}${isWrong ? " ✗" : ""}`;
}
