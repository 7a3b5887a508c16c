import type { Classifier } from "../model/classifier.ts";
import type { LanguageModel } from "../model/language-model.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { TrainedTask } from "../tasks/task.ts";
import { defaultTrainedTask } from "../tasks/trained-tasks.ts";
import type { EncodedDataset } from "../data/rows.ts";
import { lowRankOf } from "./adapter.ts";
import { languageModelOf } from "./language-model.ts";
import { loadClassifier, type LoadableModel } from "./open-model.ts";
import { taskOfRun } from "./task-of-run.ts";

/** What decides which models a run has; see `RunInput`. */
interface ModelsInput {
  task?: TrainedTask;
  opened: LoadableModel;
  recipe: Recipe;
  labelNames: readonly string[];
  /** Rows that are trained on; where not given, nothing of them is known. */
  train?: EncodedDataset;
  earlier?: unknown;
  earlierCorpus?: unknown;
}

/** The models of a run, on the backend that was current when they were made. */
interface Models {
  model: Classifier;
  /** The model's encoder as a language model, for pretraining and for an earlier corpus. */
  language: LanguageModel | null;
  /** Frees the weights of both. */
  dispose: () => void;
}

/**
 * Loads what a run trains. On an outline no weight is read, so that nothing is waited for. Throws a Problem where recipe
 * and checkpoint do not fit.
 */
export async function loadModels(
  { task = defaultTrainedTask, opened, recipe, labelNames, train, earlier, earlierCorpus }: ModelsInput,
  onProgress?: (done: number, total: number) => void,
): Promise<Models> {
  const trained = train ? taskOfRun({ task, recipe, labelNames, train }) : task;
  const start = { ...recipe, keepsEarlier: earlier !== undefined, trained, outputs: task.outputs(labelNames) };
  const model = await loadClassifier(opened, labelNames, start, onProgress, lowRankOf(recipe));
  let language: LanguageModel | null = null;
  try {
    if (earlierCorpus !== undefined || recipe.pretrainEpochs > 0)
      language = await languageModelOf(model, opened, recipe);
  } catch (error) {
    model.dispose();
    throw error;
  }
  const dispose = () => {
    language?.disposeHead();
    model.dispose();
  };
  return { model, language, dispose };
}
