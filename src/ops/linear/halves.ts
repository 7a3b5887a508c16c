import type { TileSpeed } from "../../gpu/device.ts";

/**
 * How tiles for mixed precision take their operands: rounded to 16 bits (float16), whose products float32 holds exactly
 * and adds up.
 *
 * Gradients are small: below 6e-5 they lose digits in 16 bits, or on some GPUs all of them. So a product of dy takes it
 * times this power of two, which changes no digit of it, and its sums are divided by the same. What then is beyond
 * 65,504, of dy beyond 16, is infinite, and the step counts as diverged; so that this is no matter of the loss, gradients
 * of logits are brought below 1 first (`ops/gradient-scale`). Method: Micikevicius et al., "Mixed Precision Training"
 * (2018), with the scale at each product and not at the loss, so that what lies in memory needs no scale.
 */
const GRADIENT_SCALE = 4096;

/** What a tile for mixed precision multiplies A by before it rounds it; sums are divided by it before they are stored. */
export function scaleOf(product: TileSpeed["product"]): number {
  return product === "FORWARD" ? 1 : GRADIENT_SCALE;
}

/** The text of a value or vector times a power of two, which need not be written for 1. */
export const scaled = (text: string, factor: number) => (factor === 1 ? text : `${text} * f32(${factor})`);
