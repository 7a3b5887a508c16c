import type { EncodedDataset } from "../../data/rows.ts";
import { rowsOfTexts } from "../../data/windows.ts";
import type { LearnedTask } from "../../tasks/task.ts";
import { apply } from "./linear-model.ts";
import { FEW_ROWS } from "./fit-probe.ts";
import { probeLimit, probedTexts } from "./rows.ts";

/** Passes of a fit over its rows: to choose L2 by five folds of few rows or by one of many, and to converge; as measured. */
const PASSES = { few: 200, many: 60 };
/** Time of a pass, with the gradient and the step, by that of applying the model. */
const PASS_BY_APPLIED = 4;
/** Rows and outputs that are timed. */
const TIMED = { rows: 64, outputs: 64, turns: 3 };

interface TimedData {
  task: LearnedTask;
  train: EncodedDataset;
  /** Rows that are scored too; none where the head's start is asked for. */
  validation: EncodedDataset | null;
  labelNames: readonly string[];
  seed: number;
}

/**
 * Milliseconds that a probe is estimated to take: its vectors by the time of a token that is scored, its fit by timing
 * products of this size.
 */
export function timeProbe(
  { width, productsPerToken }: { width: number; productsPerToken: number },
  { task, train, validation, labelNames, seed }: TimedData,
  msPerToken: number,
): number {
  const outputs = task.outputs(labelNames);
  const texts = probedTexts(
    { train, validation: validation ?? train },
    probeLimit(productsPerToken, outputs * width, seed),
  );
  const vectors = tokensOf(train, texts.train) + (validation ? tokensOf(validation, texts.validation) : 0);
  const count = texts.train.length;
  const passes = count <= FEW_ROWS ? PASSES.few : PASSES.many;
  return vectors * msPerToken + passes * PASS_BY_APPLIED * count * outputs * width * msPerProduct(width, outputs);
}

function tokensOf(data: EncodedDataset, texts: Int32Array): number {
  const { rowStart } = data;
  return rowsOfTexts(data, texts).reduce((sum, row) => sum + (rowStart[row + 1] ?? 0) - (rowStart[row] ?? 0), 0);
}

/** How long a product takes here. */
function msPerProduct(width: number, allOutputs: number): number {
  const outputs = Math.min(allOutputs, TIMED.outputs);
  const model = { weight: new Float64Array(outputs * width).fill(1), bias: new Float64Array(outputs) };
  const values = new Float32Array(TIMED.rows * width).fill(1);
  const into = new Float64Array(TIMED.rows * outputs);
  const turn = () => {
    const start = performance.now();
    apply(model, { values, width }, into);
    return performance.now() - start;
  };
  const fastest = Math.min(...Array.from({ length: TIMED.turns }, turn));
  return fastest / (TIMED.rows * outputs * width);
}
