import type { RunPlan } from "../../workers/protocol.ts";
import { bytes, duration } from "../words.ts";
import type { PreviewLine } from "./preview-line.ts";
import { wholeText } from "./figures.ts";

/** An estimate in lines, in place of the rough ones. */
export function estimateLines({ memory, time }: RunPlan): PreviewLine[] {
  const { prediction, limit, fits, checkpointing, mostTokens } = memory;
  const { weights, gradients, moments, activations, other, total } = prediction;
  const parts = `weights ${bytes(weights)}, gradients ${bytes(gradients)}, moments ${bytes(moments)}, activations ${bytes(activations)}, other ${bytes(other)}`;
  const chosen = [
    ...(checkpointing ? ["gradient checkpointing"] : []),
    ...(mostTokens === Infinity ? [] : [`micro-batches of up to ${wholeText(mostTokens)} tokens`]),
  ];
  const lines: PreviewLine[] = [
    { name: "Memory", value: `${bytes(total)} at the peak: ${parts}` },
    { name: "Limit", value: `${bytes(limit)} by the recipe: ${verdict(fits, chosen)}` },
  ];
  if (time) {
    const steps =
      time.msPerStep > 0 ? `: ${wholeText(time.steps)} steps of ${stepText(time.msPerStep)}, and evaluations` : "";
    const before = time.pretrainingMs > 0 ? `, with ${duration(time.pretrainingMs)} of pretraining before` : "";
    lines.push({ name: "Time", value: `about ${duration(time.ms)}${steps}${before}` });
  }
  return lines;
}

function verdict(fits: boolean, chosen: readonly string[]): string {
  const how = chosen.length > 0 ? chosen.join(" and ") : "";
  if (fits) return how ? `it fits, with ${how}` : "it fits as it is";
  return `it does not fit, not even with ${how || "the smallest steps"}. A lower max length, LoRA or frozen layers need less`;
}

/** Milliseconds below a second, for steps of a fast GPU. */
function stepText(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(0)}\u202fms` : `${(ms / 1000).toFixed(1)}\u202fs`;
}
