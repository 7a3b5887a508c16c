import type { MemoryChange, MemoryOffer, RunPlan } from "../../workers/protocol.ts";
import { bytes, duration } from "../words.ts";
import type { PreviewLine } from "./preview-line.ts";
import { wholeText } from "./figures.ts";

/** An estimate in lines, in place of the rough ones. */
export function estimateLines({ memory, time }: RunPlan): PreviewLine[] {
  const { prediction, limit, fits, checkpointing, mostTokens, offers } = memory;
  const { weights, gradients, moments, activations, other, total } = prediction;
  const parts = `weights ${bytes(weights)}, gradients ${bytes(gradients)}, moments ${bytes(moments)}, activations ${bytes(activations)}, other ${bytes(other)}`;
  const chosen = [
    ...(checkpointing ? ["gradient checkpointing"] : []),
    ...(mostTokens === Infinity ? [] : [`micro-batches of up to ${wholeText(mostTokens)} tokens`]),
  ];
  const lines: PreviewLine[] = [
    { name: "Memory", value: `${bytes(total)} at the peak: ${parts}` },
    { name: "Limit", value: `${bytes(limit)} by the recipe: ${verdict(fits, chosen, offers)}` },
  ];
  if (time) {
    const steps =
      time.msPerStep > 0 ? `: ${wholeText(time.steps)} steps of ${stepText(time.msPerStep)}, and evaluations` : "";
    const before = time.pretrainingMs > 0 ? `, with ${duration(time.pretrainingMs)} of pretraining before` : "";
    lines.push({ name: "Time", value: `about ${duration(time.ms)}${steps}${before}` });
  }
  return lines;
}

const changeTexts: Record<MemoryChange, string> = {
  checkpointing: "gradient checkpointing",
  frozenEmbeddings: "frozen embeddings",
  lowRank: "LoRA of rank 8",
};

function verdict(fits: boolean, chosen: readonly string[], offers: readonly MemoryOffer[]): string {
  const how = chosen.length > 0 ? chosen.join(" and ") : "";
  if (fits) return how ? `it fits, with ${how}` : "it fits as it is";
  const enough = offers.map(({ change, total }) => `${changeTexts[change]} (${bytes(total)})`).join(", or with ");
  const remedy = enough ? `It fits with ${enough}` : "A lower max length or a smaller model needs less";
  return `it does not fit, not even with ${how || "the smallest steps"}. ${remedy}`;
}

/** Milliseconds below a second, for steps of a fast GPU. */
function stepText(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(0)}\u202fms` : `${(ms / 1000).toFixed(1)}\u202fs`;
}
