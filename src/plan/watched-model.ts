import type { Tensor } from "@tensorflow/tfjs-core";
import type { Outline } from "../gpu/outline.ts";
import type { DeviceBatch } from "../ops/device-batch.ts";
import type { Trainable } from "../train/trainable.ts";

/** A model of a run in outline, whose gradients are counted. Without `keepsFeatures` its head cannot run alone. */
export function watchedModel<Pass>(model: Trainable<Pass>, outline: Outline, keepsFeatures = true): Trainable<Pass> {
  const { featureWidth } = model;
  const features = (batch: DeviceBatch): Tensor => {
    if (!model.features) throw new Error("The model's head does not stand apart.");
    return model.features(batch);
  };
  return {
    parameters: model.parameters,
    tables: model.tables,
    ...(model.wordTable && { wordTable: model.wordTable }),
    get checkpointing() {
      return model.checkpointing;
    },
    set checkpointing(on: boolean) {
      model.checkpointing = on;
    },
    forward: (batch, rates, key) => model.forward(batch, rates, key),
    backward(dLogits, pass, trains, into) {
      const gradients = model.backward(dLogits, pass, trains, into);
      outline.mark("gradients", gradients.values());
      return gradients;
    },
    infer: (batch) => model.infer(batch),
    ...(keepsFeatures && model.features && { features }),
    ...(featureWidth !== undefined && { featureWidth }),
  };
}
