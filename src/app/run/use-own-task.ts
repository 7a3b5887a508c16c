import { useEffect, useState } from "react";
import { flushSync } from "react-dom";

const waiting = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | null = null;

/**
 * False until it is the turn of what is to be drawn: of several that become ready at once each is drawn in a task of its
 * own, so that the page stays free between them.
 */
export function useOwnTask(ready: boolean): boolean {
  const [due, setDue] = useState(false);
  useEffect(() => {
    if (!ready || due) return;
    const draw = () => setDue(true);
    waiting.add(draw);
    timer ??= setTimeout(drawNext);
    return () => {
      waiting.delete(draw);
    };
  }, [ready, due]);
  return due;
}

function drawNext(): void {
  const [draw] = waiting;
  timer = null;
  if (!draw) return;
  waiting.delete(draw);
  // At once, lest React draw it together with the next.
  flushSync(draw);
  if (waiting.size > 0) timer ??= setTimeout(drawNext);
}
