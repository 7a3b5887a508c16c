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
