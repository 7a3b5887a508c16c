import { Button, Group, Text } from "@mantine/core";
import { isActive } from "./state.ts";
import { useActions, useApp } from "./use-app.ts";

/** How fast the GPU multiplies, in the fastest of our ways, and the button that measures it anew. */
export function TuningLine() {
  const { info, speeds, measuring, busy } = useApp(({ backend }) => backend);
  const active = useApp(({ run }) => isActive(run.status));
  const { measureGpu } = useActions();
  if (info?.backend !== "webgpu") return null;
  const best = speeds?.reduce((fastest, speed) => (speed.gflops > fastest.gflops ? speed : fastest));
  const known = best
    ? `Multiplies ${best.gflops < 100 ? best.gflops.toPrecision(2) : Math.round(best.gflops)} GFLOP/s, by tiles “${best.tile}”.`
    : "How it multiplies best is measured at the first start.";
  return (
    <Group justify="space-between" gap="xs" wrap="nowrap">
      <Text size="xs" c="var(--quiet)" role="status">
        {measuring ? `${measuring.what}: ${measuring.done} of ${measuring.total}` : known}
      </Text>
      <Button
        variant="subtle"
        size="compact-xs"
        style={{ flex: "none" }}
        disabled={active || busy || measuring !== null}
        onClick={() => void measureGpu()}
      >
        {best ? "Measure again" : "Measure now"}
      </Button>
    </Group>
  );
}
