import type { HeadKind } from "../families/head-kind.ts";
import type { OpenedModel } from "./open-model.ts";

/** What `tabtune inspect --model` prints of a checkpoint, as plain JSON. */
interface ModelFacts {
  /** `model_type` of its family. */
  family: string;
  /** What the checkpoint is for, e.g. "single-label" or "token-classification"; "none" for an encoder without a head. */
  head: HeadKind;
  /** Names of the head's outputs in their order; null where it has none or config.json does not name them rightly. */
  classes: string[] | null;
  /** Most tokens of a text, special tokens included. */
  maxLength: number;
}

/** The facts of a checkpoint that `openModel` or the command line's `openModelFolder` has opened. */
export function modelFacts({ config, summary }: OpenedModel): ModelFacts {
  const { family, head } = summary;
  return { family, head: head.kind, classes: head.classes, maxLength: config.maxPositions };
}
