import { Problem } from "../problem/problem.ts";

/** File in the folder of a kept run that says how the page opens its data and model again. */
export const PAGE_FILE = "page.json";

export interface KeptPage {
  version: 1;
  /** Milliseconds since 1970. */
  startedAt: number;
  /** What the page wrote of itself, in its own form; files are given by their place in `files`. */
  page: string;
  files: { name: string; hash: string }[];
}

const nameOf = (id: string) => `tabtune-run-${id}`;

/** Holds a run for this tab until the function that comes back is called. Throws a Problem where another tab has it. */
export function lockOf(id: string): Promise<() => void> {
  return new Promise((resolve, reject) => {
    void navigator.locks.request(nameOf(id), { ifAvailable: true }, (lock) => {
      if (!lock) return reject(inOtherTab());
      return new Promise<void>((release) => resolve(release));
    });
  });
}

/** Whether a tab trains this run now. */
export async function isHeld(id: string): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === nameOf(id));
}

function inOtherTab(): Problem {
  return new Problem({
    found: "Another tab trains this run.",
    expected: "A run goes on in one tab at a time.",
    remedy: "Go to that tab, or close it first.",
  });
}
