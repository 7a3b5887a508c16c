import { useEffect, useRef, useState } from "react";

const turnLength = 60;

/**
 * A value that changes often, taken over a little later by each that shows it: charts that draw in turns leave the
 * page free between them, where all at once would block it. The latest value always arrives.
 *
 * @param turn 0 for the first to draw, 1 for the second …
 */
export function useTurn<Value>(value: Value, turn: number): Value {
  const [shown, setShown] = useState(value);
  const latest = useRef(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    latest.current = value;
    // A turn that is due is not put off by a newer value: it would never come while values keep arriving.
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      setShown(latest.current);
    }, turn * turnLength);
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
