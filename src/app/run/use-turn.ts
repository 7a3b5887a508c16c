import { useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";

/** Milliseconds between two drawings of one chart; its turn is a moment within this round. */
const round = 1000;
const turnLength = 200;

/**
 * A value that changes often, taken over at most once a second, by each user at its own moment of the second: charts
 * that draw in turns leave the page free between them, where all at once would block it. The latest value always
 * arrives.
 *
 * @param turn 0 for the first to draw, 1 for the second … 4
 */
export function useTurn<Value>(value: Value, turn: number): Value {
  const [shown, setShown] = useState(value);
  const latest = useRef(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    latest.current = value;
    const wait = (((turn * turnLength - performance.now()) % round) + round) % round;
    // A newer value does not postpone the turn: else it would never come while values keep arriving.
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      // Synchronously, since React would else draw it together with the next turn.
      flushSync(() => setShown(latest.current));
    }, wait);
  }, [value, turn]);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  return shown;
}

const waiting = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | null = null;

/**
 * False until it is this component's turn to draw: of several that become ready together each draws in its own task, so
 * that the page stays free between them.
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
  // Synchronously, since React would else draw it together with the next one.
  flushSync(draw);
  if (waiting.size > 0) timer ??= setTimeout(drawNext);
}
