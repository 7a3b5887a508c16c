import { useCallback, useEffect, useState } from "react";
import type { RowText } from "../../workers/protocol.ts";
import type { Session } from "../../workers/session.ts";

const PAGE_ROWS = 64;

/**
 * Texts of ranked rows, which come from the worker a page at a time as they are looked at. `rows` must stay the same array.
 */
export function useIssueTexts(session: Pick<Session, "rowTexts">, rows: Int32Array, part: "folds" | "train" = "folds") {
  const [asked] = useState(() => new Set<number>());
  const [pages, setPages] = useState<ReadonlyMap<number, readonly RowText[]>>(new Map());
  const want = useCallback(
    (start: number, end: number) => {
      const last = Math.min(end, rows.length);
      for (let page = Math.floor(Math.max(0, start) / PAGE_ROWS); page * PAGE_ROWS < last; page++) {
        if (asked.has(page)) continue;
        asked.add(page);
        const places = [...rows.subarray(page * PAGE_ROWS, (page + 1) * PAGE_ROWS)];
        session.rowTexts(part, places).then(
          (texts) => setPages((before) => new Map(before).set(page, texts)),
          () => asked.delete(page),
        );
      }
    },
    [session, rows, part, asked],
  );
  useEffect(() => want(0, PAGE_ROWS), [want]);
  const at = (place: number): RowText | undefined => pages.get(Math.floor(place / PAGE_ROWS))?.[place % PAGE_ROWS];
  return { at, want };
}
