import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { weightFile } from "../inputs/checkpoints.ts";
import { configFile, type ModelShape, type Rows, type Weights } from "../inputs/model-shape.ts";

interface Timing {
  threads: readonly number[];
  repeats: number;
}

/** The input of bench/peers/torch/step.py: steps, or an evaluation. */
interface StepCase extends Timing {
  rows: Rows;
  compared_steps: number;
  learning_rate: number;
  weight_decay: number;
  max_gradient_norm: number;
}
interface EvaluationCase extends Timing {
  evaluated: Rows;
}

/** The output of bench/peers/torch/step.py. */
interface TorchTimes {
  torch: string;
  transformers: string;
  /** Losses of the first steps without dropout, decay and clipping; of steps alone. */
  losses?: number[];
  /** [rows · classes], of an evaluation alone. */
  logits?: number[];
  times: { threads: number; ms: number[] }[];
}

/** A Python with PyTorch and transformers: the one that TABTUNE_PYTHON names, else python3; null where it has none. */
export function findTorch(): string | null {
  const python = process.env["TABTUNE_PYTHON"] ?? "python3";
  const found = spawnSync(python, ["-c", "import torch, transformers"], { stdio: "ignore" });
  return found.status === 0 ? python : null;
}

/** @throws Error with what Python said when it fails */
export function runTorch(
  python: string,
  shape: ModelShape,
  weights: Weights,
  one: StepCase | EvaluationCase,
): TorchTimes {
  const folder = mkdtempSync(join(tmpdir(), "tabtune-bench-"));
  try {
    const config = { ...configFile(shape), num_labels: shape.classes };
    writeFileSync(join(folder, "config.json"), JSON.stringify(config));
    writeFileSync(join(folder, "model.safetensors"), weightFile(weights));
    const child = spawnSync(python, ["bench/peers/torch/step.py", folder], {
      input: JSON.stringify(one),
      encoding: "utf8",
    });
    if (child.status !== 0) throw new Error(`bench/peers/torch/step.py failed. ${child.stderr}`);
    return JSON.parse(child.stdout) as TorchTimes;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
