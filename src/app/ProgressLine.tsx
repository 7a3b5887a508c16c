import { Group, Progress as Bar, Text } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { Progress } from "../workers/protocol.ts";
import { bytes, wholeText, duration } from "./figures.ts";

/** A task under way, its progress and its time left, in one line of constant height. */
export function ProgressLine({ progress, inBytes = false }: { progress: Progress; inBytes?: boolean }) {
  const { elapsed, left } = useTimeLeft(progress);
  const { what, done, total } = progress;
  const share = total > 0 ? Math.min(1, done / total) : 0;
  const say = inBytes ? bytes : wholeText;
  const amount =
    total > 0
      ? `${say(done)} of ${say(total)}${left === null ? "" : `, ${duration(left)} left`}`
      : elapsed > 1000
        ? duration(elapsed)
        : "";
  return (
    <div>
      <Group justify="space-between" gap="xs">
        <Text size="sm" role="status">
          {what}
        </Text>
        <Text size="xs" c="var(--quiet)">
          {amount}
        </Text>
      </Group>
      <Bar value={total > 0 ? share * 100 : 100} animated={total === 0} size="sm" aria-label={what} mt={4} />
    </div>
  );
}

/** Share of the work, and time, from which on its speed is meaningful. */
const LEAST_SHARE = 0.02;
const LEAST_MS = 1000;

/** Milliseconds that the work has taken, and that it will still take at this speed; null while that is not known. */
interface TimeTaken {
  elapsed: number;
  left: number | null;
}

const nothing: TimeTaken = { elapsed: 0, left: null };

/** Measures the time of the current work; it restarts with other work, and after null, e.g. in a pause. */
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

/** @param first amount of work that was done when the time began */
export function timeTaken({ done, total }: Progress, first: number, elapsed: number): TimeTaken {
  const isKnown = done - first > LEAST_SHARE * total && done < total && elapsed > LEAST_MS;
  return { elapsed, left: isKnown ? (elapsed * (total - done)) / (done - first) : null };
}
