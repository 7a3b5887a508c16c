import type { Tensor } from "@tensorflow/tfjs-core";
import type { TableRows } from "../embedding/table-rows.ts";
import type { Moments } from "./moments.ts";

/** Settings that all parameters of a step share. */
export interface AdamWOptions {
  beta1: number;
  beta2: number;
  epsilon: number;
}

/** Settings of one parameter. */
export interface ParameterRates {
  learningRate: number;
  weightDecay: number;
  /** Updates of this parameter, this one included: 1, 2, …; Infinity leaves out the bias correction. */
  updates: number;
}

/** One parameter's part of a step. */
export interface Update {
  weight: Tensor;
  gradient: Tensor;
  moments: Moments;
  rates: ParameterRates;
  /** The rows of a table that the gradient has places for, where it has not all; it is zero for the others. */
  rows?: TableRows | undefined;
}

/** The rate with the first moment's bias correction, and the root of the second one's. */
export function corrected({ learningRate, updates }: ParameterRates, { beta1, beta2 }: AdamWOptions) {
  return { stepSize: learningRate / (1 - beta1 ** updates), rootCorrection2: Math.sqrt(1 - beta2 ** updates) };
}
