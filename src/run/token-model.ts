import { familyOfType } from "../families/registry.ts";
import { tokenClassName, tokenConfig } from "../families/token-config.ts";
import { Problem } from "../problem/problem.ts";
import type { TrainedTask } from "../tasks/task.ts";
import type { ModelConfig } from "../model/config.ts";

/** What of an opened checkpoint says which model is built. */
interface Opened {
  config: ModelConfig;
}

/** A checkpoint as a classifier of tokens. */
export function tokenModel<Model extends Opened>(opened: Model): Model {
  return { ...opened, config: tokenConfig(familyOfType(opened.config.family), opened.config) };
}

/** What a run is made of, as far as its task decides the model. */
interface TaskInput {
  task?: TrainedTask;
  opened: Opened;
  earlier?: unknown;
}

/**
 * The input of a run with the model that its task trains. Throws a Problem where an earlier task has another model, or the
 * trained model could not be exported.
 */
export function forTask<Input extends TaskInput>(input: Input): Input {
  if (input.task?.asks !== "words") return input;
  if (input.earlier !== undefined) {
    throw new Problem({
      found: "Rows of an earlier task are given, whose classifier reads whole texts, and the new task labels words.",
      expected: "Both tasks were expected to read texts in one way.",
      remedy: "Leave the earlier task out, or give an earlier corpus of plain texts.",
    });
  }
  tokenClassName(familyOfType(input.opened.config.family));
  return { ...input, opened: tokenModel(input.opened) };
}
