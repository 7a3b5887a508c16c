import type { Tensor } from "@tensorflow/tfjs-core";
import { adamw } from "../ops/adamw/adamw.ts";
import type { Update } from "../ops/adamw/options.ts";
import { disposeMoments, groupsOf, makeMoments, type Moments } from "../ops/adamw/moments.ts";
import { clamp } from "../ops/clamp/clamp.ts";
import { deviceZeros } from "../ops/device-tensor.ts";
import { gradientNorm } from "../ops/gradient-norm/gradient-norm.ts";
import type { Gradients, Parameter } from "../ops/parameter.ts";
import { scheduleFactor } from "./schedule.ts";
import type { TrainerSettings } from "./settings.ts";

interface Slot {
  moments: Moments;
  /** Factor on the learning rate from layer-wise decay. */
  scale: number;
  /** Updates so far: a parameter that was unfrozen late begins its bias correction then. */
  updates: number;
}

/** A norm that no gradient has: nothing is clipped. */
const NO_LIMIT = 1e30;

/** AdamW over the parameters that train, with clipping, schedule and layer-wise rates. */
export class Optimizer {
  private readonly slots = new Map<Parameter, Slot>();
  private steps = 0;
  /** [1]: 1 from the first step on whose loss or gradients are not finite; that step and all later ones change nothing. */
  private readonly broken = deviceZeros([1]);
  /** Multiplies the rate from outside. */
  rateFactor = 1;

  constructor(
    parameters: readonly Parameter[],
    private readonly settings: TrainerSettings,
    top: number,
  ) {
    const moments = makeMoments(parameters.map(({ value }) => value.size));
    for (const [i, own] of moments.entries()) {
      const parameter = parameters[i];
      if (!parameter) continue;
      const scale = settings.layerDecay ** (top - parameter.level);
      this.slots.set(parameter, { moments: own, scale, updates: 0 });
    }
  }

  /** The rate of the next step, of what lies above the encoder. */
  get learningRate(): number {
    return this.settings.learningRate * scheduleFactor(this.settings, this.steps) * this.rateFactor;
  }

  /**
   * One step; disposes the gradients. A loss that is not finite makes the step change nothing. Returns `readback` of
   * `gradientNorm`, with the norm before any clipping.
   */
  step(gradients: Gradients, losses: readonly Tensor[]): Tensor {
    const rate = this.learningRate;
    const { weightDecay, clipping, maxGradientNorm, maxGradientValue, biasCorrection } = this.settings;
    const { beta1, beta2, epsilon } = this.settings;
    const limit = clipping === "norm" ? maxGradientNorm : NO_LIMIT;
    const { clip, readback } = gradientNorm([...gradients.values()], limit, { losses, broken: this.broken });
    this.steps++;
    const updates: (Update & { parameter: Parameter })[] = [];
    for (const [parameter, gradient] of gradients) {
      const slot = this.slots.get(parameter);
      if (!slot) throw new Error(`${parameter.name} does not train but has a gradient.`);
      if (clipping === "value") clamp(gradient, maxGradientValue);
      slot.updates++;
      const rates = {
        learningRate: rate * slot.scale,
        weightDecay: parameter.decays ? weightDecay : 0,
        // After infinitely many updates there is nothing to correct.
        updates: biasCorrection ? slot.updates : Infinity,
      };
      updates.push({ parameter, weight: parameter.value, gradient, moments: slot.moments, rates });
    }
    for (const group of groupsOf(updates)) {
      const values = adamw(group, clip, { beta1, beta2, epsilon });
      for (const [i, { parameter, weight, gradient }] of group.entries()) {
        parameter.value = values[i] ?? weight;
        weight.dispose();
        gradient.dispose();
      }
    }
    clip.dispose();
    return readback;
  }

  dispose(): void {
    disposeMoments([...this.slots.values()].map(({ moments }) => moments));
    this.slots.clear();
    this.broken.dispose();
  }
}
