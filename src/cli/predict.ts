import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { loadClassifier } from "../run/open-model.ts";
import { predictionsOf, severalLabelsOf } from "../run/results.ts";
import { refuseHead } from "../run/own-classes.ts";
import { score } from "../run/score.ts";
import { encodeRows } from "../tokenize/encode-rows.ts";
import { createTokenizer } from "../tokenize/tokenizer.ts";
import { openModelFolder } from "./model-folder.ts";
import { startNodeBackend } from "./node-backend.ts";
import { backendOption, required } from "./options.ts";

const USAGE = `npm run -s tabtune -- predict --model DIR [--backend auto|webgpu|wasm|cpu]

Reads one text a line from standard input and prints one JSON object a line:
{"label": …, "scores": {LABEL: probability, …}}. Of a model that gives several labels per text, "label" is the
list of those with a probability of at least 0.5, each probability by itself.`;

const LINES_AT_ONCE = 64;

/** `tabtune predict`. */
export async function predict(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      model: { type: "string" },
      backend: { type: "string", default: "auto" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.error(USAGE);
  const opened = await openModelFolder(required(values.model, "--model"));
  refuseHead(opened.summary);
  const labelNames = opened.summary.head.classes ?? [];
  const predictions = opened.summary.head.kind === "multi-label" ? severalLabelsOf : predictionsOf;
  const tokenizer = createTokenizer(opened.tokenizer);
  const info = await startNodeBackend(backendOption(values.backend));
  console.error(`${info.backend} · ${info.adapter}. ${info.reason}`);
  const model = await loadClassifier(opened, labelNames);

  const flush = async (texts: string[]) => {
    if (texts.length === 0) return;
    const rows = encodeRows(texts, null, opened.config.maxPositions, tokenizer);
    const logits = await score(model, rows, labelNames.length);
    const lines = predictions(logits, labelNames).map(({ label, probabilities }) =>
      JSON.stringify({ label, scores: Object.fromEntries(labelNames.map((name, i) => [name, probabilities[i]])) }),
    );
    await new Promise((resolve) => process.stdout.write(`${lines.join("\n")}\n`, resolve));
  };
  let waiting: string[] = [];
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    waiting.push(line);
    if (waiting.length < LINES_AT_ONCE) continue;
    await flush(waiting);
    waiting = [];
  }
  await flush(waiting);
}
