import { tensor1d, type Tensor } from "@tensorflow/tfjs-core";
import { classesOf, type LabelValues } from "../data/row-labels.ts";
import { classifierLoss } from "../ops/classifier-loss/classifier-loss.ts";
import { consistencyLoss } from "../ops/consistency-loss/consistency-loss.ts";
import { focalLoss } from "../ops/focal-loss/focal-loss.ts";
import type { Loss, Targets } from "./task.ts";

/** What changes the loss of a row beside its class's weight. */
interface CrossEntropyForm {
  /** Share of each row's target that is spread over all classes; of no effect with a focus. */
  labelSmoothing?: number;
  /** γ of the focal loss; 0 is cross-entropy. */
  focalGamma?: number;
}

/**
 * Softmax cross-entropy of logits [B, C] against one class per row, as torch.nn.functional.cross_entropy, or focal loss
 * (Lin et al. 2017). A row may be a token; one whose label is negative counts nothing.
 */
export class CrossEntropy implements Loss {
  private readonly weights: Tensor;

  /** @param classWeights weight of each class [C] */
  constructor(
    private readonly classWeights: Float32Array,
    private readonly form: CrossEntropyForm = {},
  ) {
    this.weights = tensor1d(classWeights);
  }

  /** All classes weigh the same. */
  static unweighted(classes: number, form: CrossEntropyForm = {}): CrossEntropy {
    return new CrossEntropy(new Float32Array(classes).fill(1), form);
  }

  weightOf(labels: LabelValues): number {
    let sum = 0;
    for (const label of labels) if (label >= 0) sum += this.classWeights[label] ?? 1;
    return sum;
  }

  of(logits: Tensor, { labels, onDevice }: Targets, denominator: number) {
    const { labelSmoothing = 0, focalGamma = 0 } = this.form;
    const classes = classesOf(labels);
    const step = { rows: classes.length, denominator };
    return focalGamma > 0
      ? focalLoss(logits, onDevice, classes, this.weights, { ...step, focus: focalGamma })
      : classifierLoss(logits, onDevice, classes, this.weights, { ...step, labelSmoothing });
  }

  apart(first: Tensor, second: Tensor, { labels, onDevice }: Targets, scale: number) {
    return consistencyLoss(first, second, { onDevice, classes: classesOf(labels) }, scale);
  }

  dispose(): void {
    this.weights.dispose();
  }
}
