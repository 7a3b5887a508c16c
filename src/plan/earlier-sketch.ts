import type { ModelSizes } from "../model/config.ts";
import { earlierRoles } from "../model/names.ts";
import { ClassifierSketch, type ClassifierSketchOptions } from "./classifier-sketch.ts";
import { EncoderSketch, type EncoderSketchOptions } from "./encoder-sketch.ts";
import { MaskedLmSketch } from "./masked-lm-sketch.ts";
import type { BatchRoom, Sketch } from "./sketch.ts";

/** What an earlier task takes part with: rows under a classifier of so many classes, or texts of a language model. */
export type EarlierRoom =
  | {
      kind: "rows";
      classes: number;
      /** Rehearsed beside those of the new task in each step, at most. */
      microBatches: number;
    }
  | {
      kind: "texts";
      /** Of one text that weighs the weights, and of the largest batch that is scored. */
      single: BatchRoom;
      meter: BatchRoom;
    };

/** `train/earlier.ts` in outline. */
export interface EarlierSketch {
  score(): void;
  /** One row or text for the importance of the weights. */
  weigh(): void;
  /** The rows that are rehearsed in a step. */
  rehearse(): void;
}

/** Batches of an evaluation whose logits are read together. */
export const EVALUATION_BATCHES = 4;

export function earlierRowsSketch(
  sketch: Sketch,
  encoder: EncoderSketch,
  sizes: ModelSizes,
  room: BatchRoom,
  options: Omit<ClassifierSketchOptions, "names" | "fromFeatures"> & { microBatches: number; passes: number },
): EarlierSketch {
  const { microBatches, passes } = options;
  const model = new ClassifierSketch(sketch, encoder, sizes, room, {
    ...options,
    names: earlierRoles,
    fromFeatures: false,
  });
  return {
    score: () => model.infer(EVALUATION_BATCHES),
    weigh: () => {
      model.microBatch();
      sketch.addSquares();
    },
    rehearse: () => {
      for (let batch = 0; batch < microBatches; batch++) model.microBatch(passes);
    },
  };
}

export function earlierTextsSketch(
  sketch: Sketch,
  sizes: ModelSizes,
  { single, meter }: { single: BatchRoom; meter: BatchRoom },
  options: EncoderSketchOptions,
  lowest: number,
): EarlierSketch {
  const model = (room: BatchRoom) =>
    new MaskedLmSketch(sketch, new EncoderSketch(sketch, sizes, room, options), sizes, room);
  const [one, scored] = [model(single), model(meter)];
  return {
    score: () => scored.infer(),
    weigh: () => {
      one.backward(one.forward(), lowest);
      sketch.addSquares();
    },
    rehearse: () => undefined,
  };
}
