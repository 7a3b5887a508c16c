import type { Tensor } from "@tensorflow/tfjs-core";
import { accumulate } from "../ops/accumulate/accumulate.ts";
import type { AttentionForm } from "../ops/attention/options.ts";
import type { DeviceBatch } from "../ops/device-batch.ts";
import { byDistance, byDistanceGradient, type Distances } from "../ops/distances.ts";
import type { Parameter } from "../ops/parameter.ts";
import { keepGradient, placeIn, type GradientSink } from "./parameter-gradients.ts";

/** The table by distance [2·span − 1, heads] of a bias by bucket, which all layers of a pass read. */
export function relativeTable(bias: Parameter, batch: DeviceBatch): Tensor {
  return byDistance(bias.value, distancesOf(batch));
}

/** What attention does with it. */
export function biasedBy(table: Tensor, batch: DeviceBatch, isFrozen: boolean): AttentionForm {
  return { relative: { kind: "bias", span: distancesOf(batch).span, table, isFrozen } };
}

/** Adds up the gradients that the layers of a pass give the table, and gives the sum to the bias by bucket. */
export class RelativeSum {
  private sum: Tensor | null = null;

  readonly add = (gradient: Tensor): void => {
    if (!this.sum) {
      this.sum = gradient;
      return;
    }
    accumulate(this.sum, gradient);
    gradient.dispose();
  };

  /** Adds the gradient of the bias; what was summed up is freed. */
  keep(bias: Parameter, batch: DeviceBatch, sink: GradientSink): void {
    if (!this.sum) return;
    if (sink.trains(bias)) {
      keepGradient(sink, bias, byDistanceGradient(this.sum, distancesOf(batch), placeIn(sink, bias)));
    }
    this.sum.dispose();
    this.sum = null;
  }
}

function distancesOf({ distances }: DeviceBatch): Distances {
  if (!distances) throw new Error("A batch without distances was given to a model with a bias by distance.");
  return distances;
}
