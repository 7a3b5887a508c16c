import { Group, Progress as Bar, Text } from "@mantine/core";
import type { Progress } from "../workers/protocol.ts";
import { useTimeLeft } from "./use-time-left.ts";
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
