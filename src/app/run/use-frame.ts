import { useState } from "react";
import type { RunState } from "../state.ts";
import { frameOf, type Frame } from "./frame.ts";
import type { XKind } from "./moment.ts";

/** The frame of a run: the same object as long as nothing in it has moved, so that a chart without news is not drawn. */
export function useFrame(run: RunState, kind: XKind): Frame {
  return useSteady(frameOf(run, kind));
}

/** A frame, or the one before as long as the two look alike. */
export function useSteady(fresh: Frame): Frame {
  const [kept, setKept] = useState(fresh);
  if (sameFrame(kept, fresh)) return kept;
  setKept(fresh);
  return fresh;
}

/** Whether two frames look alike; the ticks follow from kind and end. */
export function sameFrame(a: Frame, b: Frame): boolean {
  return (
    a.kind === b.kind &&
    a.end === b.end &&
    a.best === b.best &&
    a.epochs.length === b.epochs.length &&
    a.epochs.every((x, index) => x === b.epochs[index])
  );
}
