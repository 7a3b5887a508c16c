import { Button, Group, Text } from "@mantine/core";
import { isActive } from "./state.ts";
import { useActions, useApp } from "./use-app.ts";

/** How fast the GPU multiplies with its fastest tile, and the button that measures it again. */
export function TuningLine() {
  const { info, speeds, measuring, busy } = useApp(({ backend }) => backend);
  const active = useApp(({ run }) => isActive(run.status));
  const { measureGpu } = useActions();
  if (info?.backend !== "webgpu") return null;
  const best = speeds?.reduce((fastest, speed) => (speed.gflops > fastest.gflops ? speed : fastest));
  const known = best
    ? `Matrix multiply: ${best.gflops < 100 ? best.gflops.toPrecision(2) : Math.round(best.gflops)} GFLOP/s (tile “${best.tile}”).`
    : "Matrix multiplication is timed at the first start.";
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
