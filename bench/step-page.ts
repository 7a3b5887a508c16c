import type { GpuStepCost } from "./counted-device.ts";
import { goalsTable, least, most, type Goal } from "./goals.ts";
import { number, table } from "./markdown.ts";
import type { StepBench } from "./step-bench.ts";

/**
 * Milliseconds of a step of as many padded rows as ours was given: what one more row took stock tfjs, for each of those
 * that it was not given. Its update of the weights, which does not grow with the rows, is counted once by that.
 */
export function scaledStockMs({ ours, stock }: StepBench["sst2"]): number {
  const { one, two } = stock;
  return two.minMs + (ours.rows - 2) * (two.minMs - one.minMs);
}

export function stepGoals({ short, long, sst2 }: StepBench): Goal[] {
  const { ours, stock, jax } = short;
  const bytes = ({ cost, neededBytes }: StepBench["long"]["kept"]) => cost.peakBytes / neededBytes;
  return [
    least("8 × 32: times as fast as stock tfjs-webgpu", 14, stock.minMs / ours.minMs),
    least("8 × 32: times as fast as jax-js", 2.5, jax.minMs / ours.minMs),
    least(
      "SST-2: times the rows a second of stock tfjs-webgpu padded to 128",
      40,
      scaledStockMs(sst2) / sst2.ours.cost.minMs,
    ),
    most("dispatches of a step", 220, ours.dispatches),
    most("16 × 128: peak bytes over those needed", 1.15, bytes(long.kept)),
    most("16 × 128, checkpointed: peak bytes over those needed", 1.15, bytes(long.checkpointed)),
  ];
}

/** The section's part of RESULTS.md. */
export function stepPage(result: StepBench): string {
  const { adapter, short, long, sst2 } = result;
  const costRow = (name: string, { minMs, medianMs, jsMs, dispatches, peakBytes, repeats }: GpuStepCost) => [
    name,
    ...[minMs, medianMs, repeats, jsMs, dispatches].map((value) => number(value)),
    number(peakBytes / 1e6, 1),
  ];
  const ratioRow = (name: string, peer: GpuStepCost) => [
    name,
    number(peer.minMs / short.ours.minMs, 1),
    number(peer.medianMs / short.ours.medianMs, 1),
    "",
    number(peer.jsMs / short.ours.jsMs, 1),
    number(peer.dispatches / short.ours.dispatches, 1),
    number(peer.peakBytes / short.ours.peakBytes, 1),
  ];
  const neededRow = (name: string, { cost, neededBytes }: StepBench["long"]["kept"]) => [
    ...costRow(name, cost),
    number(neededBytes / 1e6, 1),
    number(cost.peakBytes / neededBytes, 2),
  ];
  const head = ["", "ms (min)", "ms (median)", "of steps", "ms of JavaScript", "dispatches", "peak MB"];
  const { rows } = sst2.ours;
  const speedRow = (name: string, count: number, ms: number, note = "") => [
    name,
    `${number(ms)}${note}`,
    number(count / (ms / 1000), 3),
  ];
  return [
    "## One training step",
    `MiniLM's shape (6 layers, hidden size 384, 30,522 tokens): forward, backward and update, after a first step. Adapter: ${adapter}. Without dropout the three have the same losses from the same weights.`,
    "8 rows of 32 tokens. Ours has dropout 0.1, clipping and weight decay; stock tfjs drops but neither clips nor decays; jax-js decays but neither drops nor clips.",
    table(head, [
      costRow("Tabtune, AdamW", short.ours),
      costRow("stock tfjs-webgpu, Adam", short.stock),
      costRow("jax-js, AdamW", short.jax),
      ratioRow("stock : ours", short.stock),
      ratioRow("jax-js : ours", short.jax),
    ]),
    "16 rows of 128 tokens. Needed are weights, gradients, both moments and what the forward pass saves for the backward pass, by their shapes alone.",
    table(
      [...head, "needed MB", "peak : needed"],
      [neededRow("Tabtune", long.kept), neededRow("Tabtune, checkpointed", long.checkpointed)],
    ),
    `${rows} rows ${sst2.real ? "of SST-2" : "of random tokens, as long as rows of SST-2"} (${number(sst2.ours.tokens)} tokens): ours as they are, stock tfjs padded to ${sst2.stock.paddedTo}. Stock tfjs was measured on one and two of the rows; what the second took is added for each of the others.`,
    table(
      ["", "ms (min)", "rows a second"],
      [
        speedRow(`Tabtune, ${rows} rows`, rows, sst2.ours.cost.minMs),
        speedRow("Tabtune, 16 rows of 128 tokens, as above", 16, long.kept.cost.minMs),
        speedRow("stock tfjs-webgpu, 1 row, padded", 1, sst2.stock.one.minMs),
        speedRow("stock tfjs-webgpu, 2 rows, padded", 2, sst2.stock.two.minMs),
        speedRow(`stock tfjs-webgpu, ${rows} rows, padded`, rows, scaledStockMs(sst2), " (scaled)"),
      ],
    ),
    goalsTable(stepGoals(result)),
  ].join("\n\n");
}
