import { Group, NativeSelect, Text, Button } from "@mantine/core";
import { useEffect, useState } from "react";
import type { BackendChoice, BackendInfo } from "../workers/protocol.ts";
import { MachineLine } from "./MachineLine.tsx";
import { ProblemNote } from "./ProblemNote.tsx";
import { isActive } from "./state.ts";
import { useActions, useApp } from "./use-app.ts";

const names: Record<BackendInfo["backend"], string> = { webgpu: "WebGPU", wasm: "Processor", cpu: "Plain JavaScript" };

const choices: { value: BackendChoice; label: string }[] = [
  { value: "auto", label: "Automatic" },
  { value: "webgpu", label: "WebGPU" },
  { value: "wasm", label: "Processor (wasm)" },
  { value: "cpu", label: "Plain JavaScript (cpu)" },
];

/** Where training runs and why, with a field that overrides the choice. */
export function BackendLine() {
  const { choice, info, busy, problem } = useApp(({ backend }) => backend);
  const active = useApp(({ run, machine }) => isActive(run.status) || machine.progress !== null);
  const { chooseBackend, dismissBackendProblem } = useActions();
  const guess = useGuess();
  const line = info ? `${names[info.backend]} · ${info.adapter}` : guess;
  return (
    <div>
      <Group justify="space-between" gap="xs" wrap="nowrap" align="start">
        <div role="status">
          <Text size="sm">{busy ? "Starting the backend" : line}</Text>
          <Text size="xs" c="var(--quiet)">
            {info?.reason ?? ""}
          </Text>
        </div>
        <NativeSelect
          size="xs"
          aria-label="Backend"
          style={{ flex: "none" }}
          value={choice}
          disabled={active || busy}
          data={choices}
          onChange={(event) => {
            const chosen = choices.find(({ value }) => value === event.currentTarget.value);
            if (chosen) void chooseBackend(chosen.value);
          }}
        />
      </Group>
      <TuningLine />
      <MachineLine />
      {problem && <ProblemNote problem={problem} onDismiss={dismissBackendProblem} />}
    </div>
  );
}

function useGuess(): string {
  const [guess, setGuess] = useState("Looking for a GPU");
  useEffect(() => {
    let shown = true;
    void guessBackend().then((text) => {
      if (shown) setGuess(text);
    });
    return () => {
      shown = false;
    };
  }, []);
  return guess;
}

/** The speed of the GPU's fastest matrix-multiply tile, and a button that measures it again. */
function TuningLine() {
  const { info, speeds, measuring, busy } = useApp(({ backend }) => backend);
  const active = useApp(({ run, machine }) => isActive(run.status) || machine.progress !== null);
  const { measureGpu } = useActions();
  if (info?.backend !== "webgpu") return null;
  const [best] = speeds?.toSorted((a, b) => b.gflops - a.gflops) ?? [];
  const unknown = speeds
    ? "Timing gave no certain result: the standard tile is used."
    : "Matrix multiplication is timed at the first start.";
  const known = best
    ? `Matrix multiply: ${best.gflops < 100 ? best.gflops.toPrecision(2) : Math.round(best.gflops)} GFLOP/s (tile “${best.tile}”).`
    : unknown;
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

/**
 * Guesses the backend before the train worker is started, which would load the tensor library for a person who may only
 * look at the page. The worker decides later.
 */
async function guessBackend(): Promise<string> {
  const gpu: GPU | undefined = navigator.gpu;
  if (!gpu) return "No GPU found: training on the processor, slower";
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" }).catch(() => null);
  if (!adapter) return "No GPU found: training on the processor, slower";
  const { isFallbackAdapter, description, vendor, architecture } = adapter.info;
  const name = description || [vendor, architecture].filter(Boolean).join(" ");
  if (isFallbackAdapter || /swiftshader|llvmpipe|software/i.test(name)) {
    return "Only a software GPU found: training on the processor, slower";
  }
  return `WebGPU · ${name || "unnamed adapter"}`;
}
