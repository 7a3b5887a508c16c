import { useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";

/** Milliseconds between two drawings of one chart; its turn is a place in this round. */
const round = 1000;
const turnLength = 200;

/**
 * A value that changes often, taken over at most once a second, at another moment of the second by each that shows it:
 * charts that draw in turns leave the page free between them, where all at once would block it. The latest value
 * always arrives.
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
    // A turn that is due is not put off by a newer value: it would never come while values keep arriving.
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      // At once, lest React draw it together with the next one's turn.
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
