import { useEffect, useRef, useState } from "react";
import type { Progress } from "../workers/protocol.ts";

/** Least share of the work, and least time, after which its pace tells something. */
const LEAST_SHARE = 0.02;
const LEAST_MS = 1000;

/** How long work has taken, in milliseconds, and how long it will still take at this pace; null while not yet known. */
interface TimeTaken {
  elapsed: number;
  left: number | null;
}

const nothing: TimeTaken = { elapsed: 0, left: null };

/** Measures the work under way since it was first seen; null, e.g. in a pause, and other work begin it anew. */
export function useTimeLeft(progress: Progress | null): TimeTaken {
  const what = progress?.what ?? null;
  const [taken, setTaken] = useState({ what, ...nothing });
  const latest = useRef(progress);
  useEffect(() => {
    latest.current = progress;
  });
  useEffect(() => {
    if (what === null) return;
    const at = performance.now();
    const first = latest.current?.done ?? 0;
    const timer = setInterval(() => {
      if (latest.current) setTaken({ what, ...timeTaken(latest.current, first, performance.now() - at) });
    }, 500);
    return () => clearInterval(timer);
  }, [what]);
  return taken.what === what ? taken : nothing;
}

/** `first`: how much was done when the time began. */
export function timeTaken({ done, total }: Progress, first: number, elapsed: number): TimeTaken {
  const isKnown = done - first > LEAST_SHARE * total && done < total && elapsed > LEAST_MS;
  return { elapsed, left: isKnown ? (elapsed * (total - done)) / (done - first) : null };
}
