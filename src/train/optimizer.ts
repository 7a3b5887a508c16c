import type { Tensor } from "@tensorflow/tfjs-core";
import { adamw } from "../ops/adamw/adamw.ts";
import type { Update } from "../ops/adamw/options.ts";
import { disposeMoments, makeMoments, type Moments } from "../ops/adamw/moments.ts";
import { clamp } from "../ops/clamp/clamp.ts";
import { deviceZeros } from "../ops/device-tensor.ts";
import { gradientNorm } from "../ops/gradient-norm/gradient-norm.ts";
import { runningDevice } from "../gpu/running.ts";
import { inMemoryOrder, type Gradients, type Parameter } from "../ops/parameter.ts";
import { scheduleFactor } from "./schedule.ts";
import type { TableRows } from "../ops/embedding/table-rows.ts";
import { held, restoreHeld, type HeldByPlace } from "./held-numbers.ts";
import type { TrainerSettings } from "./settings.ts";

/** Moments and counts of an optimizer, by the place of each parameter in the model. */
export interface OptimizerState {
  steps: number;
  rateFactor: number;
  /** What the rate is multiplied by since the run went back with half of it; 1 before. */
  backOff: number;
  updates: Record<number, number>;
  first: HeldByPlace;
  second: HeldByPlace;
}

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
  /** In the order in which moments, gradients and weights lie in memory. */
  private readonly slots = new Map<Parameter, Slot>();
  private steps = 0;
  /**
   * [1]: 1 from a step on whose loss or gradients are not finite, until `mend`; that step and all later ones change
   * nothing.
   */
  private readonly broken = deviceZeros([1]);
  /** Multiplies the rate from outside. */
  rateFactor = 1;
  private backOff = 1;

  constructor(
    parameters: readonly Parameter[],
    private readonly settings: TrainerSettings,
    top: number,
  ) {
    const ordered = inMemoryOrder(parameters);
    const moments = makeMoments(ordered.map(({ value }) => value.size));
    for (const [i, own] of moments.entries()) {
      const parameter = ordered[i] as Parameter;
      const scale = settings.layerDecay ** (top - parameter.level);
      this.slots.set(parameter, { moments: own, scale, updates: 0 });
    }
  }

  /** For a save; `parameters` are all of the model. */
  held(parameters: readonly Parameter[]): OptimizerState {
    const slots = [...this.slots];
    const { steps, rateFactor, backOff } = this;
    return {
      steps,
      rateFactor,
      backOff,
      updates: Object.fromEntries(slots.map(([one, { updates }]) => [parameters.indexOf(one), updates])),
      first: held(parameters, this.moments("first")),
      second: held(parameters, this.moments("second")),
    };
  }

  restore(parameters: readonly Parameter[], state: OptimizerState): void {
    const { updates, first, second } = state;
    this.steps = state.steps;
    this.rateFactor = state.rateFactor;
    this.backOff = state.backOff;
    for (const [parameter, slot] of this.slots) slot.updates = updates[parameters.indexOf(parameter)] ?? 0;
    restoreHeld(parameters, first, this.moments("first"));
    restoreHeld(parameters, second, this.moments("second"));
  }

  private moments(which: keyof Moments): Map<Parameter, Tensor> {
    return new Map([...this.slots].map(([parameter, { moments }]) => [parameter, moments[which]]));
  }

  /** The rate of the next step, of what lies above the encoder. */
  get learningRate(): number {
    return this.settings.learningRate * scheduleFactor(this.settings, this.steps) * this.rateFactor * this.backOff;
  }

  /**
   * One step; disposes the gradients. A loss that is not finite makes the step change nothing, and all after it until
   * `mend`. Returns `readback` of `gradientNorm`, with the norm before any clipping, and a function that makes schedule and
   * bias correction forget a step that changed nothing.
   *
   * @param rows of the tables whose gradients have only these rows
   */
  step(
    gradients: Gradients,
    losses: readonly Tensor[],
    rows: ReadonlyMap<Parameter, TableRows> = new Map(),
  ): { readback: Tensor; undo: () => void } {
    const rate = this.learningRate;
    const { weightDecay, clipping, maxGradientNorm, maxGradientValue, biasCorrection } = this.settings;
    const { beta1, beta2, epsilon } = this.settings;
    const limit = clipping === "norm" ? maxGradientNorm : NO_LIMIT;
    const updates: Update[] = [];
    const stepped: Slot[] = [];
    for (const [parameter, slot] of this.slots) {
      const gradient = gradients.get(parameter);
      if (!gradient) continue;
      slot.updates++;
      stepped.push(slot);
      const rates = {
        learningRate: rate * slot.scale,
        weightDecay: parameter.decays ? weightDecay : 0,
        // After infinitely many updates there is nothing to correct.
        updates: biasCorrection ? slot.updates : Infinity,
      };
      updates.push({ weight: parameter.value, gradient, moments: slot.moments, rates, rows: rows.get(parameter) });
    }
    if (updates.length < gradients.size) throw new Error("A parameter that does not train has a gradient.");
    const ordered = updates.map(({ gradient }) => gradient);
    const { clip, readback } = gradientNorm(ordered, limit, { losses, broken: this.broken });
    if (clipping === "value") clamp(ordered, maxGradientValue);
    this.steps++;
    adamw(updates, clip, { beta1, beta2, epsilon });
    for (const held of [clip, ...ordered]) held.dispose();
    const undo = () => {
      this.steps--;
      for (const slot of stepped) slot.updates--;
    };
    return { readback, undo };
  }

  /** Lets steps change weights again after one that was not finite. */
  mend(): void {
    runningDevice().write(this.broken, Float32Array.of(0));
  }

  dispose(): void {
    disposeMoments([...this.slots.values()].map(({ moments }) => moments));
    this.slots.clear();
    this.broken.dispose();
  }
}
