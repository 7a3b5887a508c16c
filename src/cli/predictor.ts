import { loadClassifier } from "../run/open-model.ts";
import { refuseHead } from "../run/own-classes.ts";
import { severalLabelsOf } from "../run/results.ts";
import { score } from "../run/score.ts";
import { defaultTrainedTask } from "../tasks/trained-tasks.ts";
import { encodeRows } from "../tokenize/encode-rows.ts";
import { createTokenizer } from "../tokenize/tokenizer.ts";
import { openModelFolder } from "./model-folder.ts";
import { startNodeBackend } from "./node-backend.ts";
import { backendOption } from "./options.ts";

/** Opens a fine-tuned classifier for predictions; throws a Problem where its head cannot score texts. */
export async function openPredictor(folder: string, backend: string) {
  const opened = await openModelFolder(folder);
  refuseHead(opened.summary);
  const labelNames = opened.summary.head.classes ?? [];
  const labelled = opened.summary.head.kind === "multi-label" ? severalLabelsOf : defaultTrainedTask.predictionsOf;
  const tokenizer = createTokenizer(opened.tokenizer);
  const info = await startNodeBackend(backendOption(backend));
  console.error(`${info.backend} · ${info.adapter}. ${info.reason}`);
  const model = await loadClassifier(opened, labelNames);
  return {
    labelNames,
    /** Labels and probabilities of texts, cut as in the run that trained the model. */
    async predict(texts: readonly string[], pairs: readonly string[] | null) {
      const rows = encodeRows(texts, pairs, opened.maxLength, tokenizer);
      return labelled(await score(model, rows, labelNames.length), labelNames);
    },
    byName: (probabilities: readonly number[]) =>
      Object.fromEntries(labelNames.map((name, i) => [name, probabilities[i]])),
  };
}

export type Predictor = Awaited<ReturnType<typeof openPredictor>>;
