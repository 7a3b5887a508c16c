import { binaryCrossEntropy, sigmoid } from "../metrics/sigmoid.ts";
import type { LinearLoss } from "./task.ts";

/** Softmax cross-entropy against one class a row, summed over rows: multinomial logistic regression. */
export const softmaxLoss: LinearLoss = (outputs, labels, gradient) => {
  const rows = labels.length;
  const width = outputs.length / rows;
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    const at = row * width;
    let most = -Infinity;
    for (let k = 0; k < width; k++) most = Math.max(most, outputs[at + k] ?? 0);
    let total = 0;
    for (let k = 0; k < width; k++) total += Math.exp((outputs[at + k] ?? 0) - most);
    const label = labels[row] ?? 0;
    sum += Math.log(total) + most - (outputs[at + label] ?? 0);
    for (let k = 0; k < width; k++) {
      gradient[at + k] = Math.exp((outputs[at + k] ?? 0) - most) / total - (k === label ? 1 : 0);
    }
  }
  return sum;
};

/** Binary cross-entropy of each label of each row, summed: a logistic regression for each label, one against the rest. */
export const sigmoidLoss: LinearLoss = (outputs, labels, gradient) => {
  let sum = 0;
  for (let i = 0; i < outputs.length; i++) {
    const [output, mark] = [outputs[i] ?? 0, labels[i] ?? 0];
    sum += binaryCrossEntropy(output, mark === 1);
    gradient[i] = sigmoid(output) - mark;
  }
  return sum;
};

/** Half of the squared error against numbers that are first standardized, summed over rows: ridge regression. */
export const squaredLoss =
  ({ mean, deviation }: { mean: number; deviation: number }): LinearLoss =>
  (outputs, labels, gradient) => {
    let sum = 0;
    for (let i = 0; i < outputs.length; i++) {
      const error = (outputs[i] ?? 0) - ((labels[i] ?? 0) - mean) / deviation;
      sum += 0.5 * error * error;
      gradient[i] = error;
    }
    return sum;
  };
