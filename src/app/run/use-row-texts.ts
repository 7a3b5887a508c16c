import { useEffect, useState } from "react";
import { reportProblem, type ProblemReport } from "../../problem/problem.ts";
import type { RowText } from "../../workers/protocol.ts";
import type { Session } from "../../workers/session.ts";

/** Reads texts of the rows that were scored. */
export type RowReader = Pick<Session, "rowTexts">;

/** The texts of rows by their place among those that were scored, which are `places` of the validation rows. */
export function readerOf(session: RowReader, places: Int32Array | undefined): RowReader {
  if (!places) return session;
  return {
    rowTexts: (part, rows) =>
      session.rowTexts(
        part,
        rows.map((row) => places[row] ?? row),
      ),
  };
}

interface RowTexts {
  /** By index of the validation row; null while they load. */
  texts: ReadonlyMap<number, RowText> | null;
  problem: ProblemReport | null;
}

const loading: RowTexts = { texts: null, problem: null };

/** Loads the texts of some validation rows. `rows` must be the same array until other rows are wanted. */
export function useRowTexts(session: RowReader, rows: number[]): RowTexts {
  const [answer, setAnswer] = useState<RowTexts & { rows: number[] }>();
  useEffect(() => {
    let wanted = true;
    const take = (change: Partial<RowTexts>) => {
      if (wanted) setAnswer({ ...loading, ...change, rows });
    };
    session.rowTexts("validation", rows).then(
      (found) => take({ texts: new Map(found.flatMap((text, i) => pairWith(rows[i], text))) }),
      (error: unknown) => take({ problem: reportProblem(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [session, rows]);
  return answer?.rows === rows ? answer : loading;
}

function pairWith(row: number | undefined, text: RowText): [number, RowText][] {
  return row === undefined ? [] : [[row, text]];
}

/** The text of a row, or both of a pair in one; "" while it is not loaded. */
export function joinedText(text: RowText | undefined): string {
  if (!text) return "";
  return text.pair === null ? text.text : `${text.text} ⁄ ${text.pair}`;
}

/** Whether a search finds a part of the text, in either case; an empty one finds all. */
export function isFound(text: string, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  return wanted === "" || text.toLowerCase().includes(wanted);
}
