import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from "react";
import { reportProblem, type ProblemReport } from "../../problem/problem.ts";
import type { RowQuery, ViewedRow } from "../../workers/protocol.ts";
import type { Session } from "../../workers/session.ts";

type RowSource = Pick<Session, "queryRows" | "rowWindow">;

/** The rows that a query found, which come from the worker in windows as they are looked at. */
export interface RowWindows {
  /** A row by its place among those found; undefined while it loads. */
  at: (place: number) => ViewedRow | undefined;
  /** Asks for the rows from `start` to `end`, not included, where they are not there yet. */
  want: (start: number, end: number) => void;
  /** Calls when rows have come, until what is returned is called. */
  subscribe: (listener: () => void) => () => void;
}

interface FoundRows {
  /** How many were found; null before the first answer. */
  count: number | null;
  windows: RowWindows;
  problem: ProblemReport | null;
}

const PAGE_ROWS = 64;

/**
 * Runs a query in the worker that holds the table. The query runs again when `table` is another object; rows that are
 * there are read again, in their places, when `version` is another.
 */
export function useRows(session: RowSource, query: RowQuery, table: unknown, version: unknown): FoundRows {
  const pages = useRef(new Map<number, ViewedRow[]>());
  const asked = useRef(new Set<number>());
  const generation = useRef(0);
  const [count, setCount] = useState<number | null>(null);
  const [problem, setProblem] = useState<ProblemReport | null>(null);
  // Rows are kept out of the state: what comes while a table scrolls draws the table alone.
  const listeners = useRef(new Set<() => void>());

  const read = useCallback(
    (page: number) => {
      const mine = generation.current;
      asked.current.add(page);
      session.rowWindow(page * PAGE_ROWS, (page + 1) * PAGE_ROWS).then(
        (rows) => {
          if (mine !== generation.current) return;
          pages.current.set(page, rows);
          for (const listener of listeners.current) listener();
        },
        (error: unknown) => {
          if (mine === generation.current) setProblem(reportProblem(error));
        },
      );
    },
    [session],
  );

  useEffect(() => {
    const mine = ++generation.current;
    session.queryRows(query).then(
      (found) => {
        if (mine !== generation.current) return;
        pages.current.clear();
        asked.current.clear();
        setProblem(null);
        setCount(found);
        read(0);
      },
      (error: unknown) => {
        if (mine === generation.current) setProblem(reportProblem(error));
      },
    );
  }, [session, query, table, read]);

  useEffect(() => {
    // Rows in view stay on the page until they come again.
    for (const page of pages.current.keys()) read(page);
  }, [version, read]);

  const windows = useMemo(
    (): RowWindows => ({
      at: (place) => pages.current.get(Math.floor(place / PAGE_ROWS))?.[place % PAGE_ROWS],
      want(start, end) {
        for (let page = Math.floor(start / PAGE_ROWS); page * PAGE_ROWS < end; page++) {
          if (!asked.current.has(page)) read(page);
        }
      },
      subscribe(listener) {
        listeners.current.add(listener);
        return () => listeners.current.delete(listener);
      },
    }),
    [read],
  );
  return { count, windows, problem };
}

/** Draws a component again when rows have come. */
export function useNewRows({ subscribe }: RowWindows): void {
  const [, draw] = useReducer((drawn: number) => drawn + 1, 0);
  useEffect(() => subscribe(draw), [subscribe]);
}
