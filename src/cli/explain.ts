import { textCleaner } from "../data/cleaning/clean-text.ts";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import {
  attributionMethods,
  type Attribution,
  type AttributionMethod,
  type Contribution,
} from "../insight/attribution.ts";
import { Problem } from "../problem/problem.ts";
import { explainText, type ExplainOptions } from "../run/explain/explain.ts";
import { loadClassifier } from "../run/open-model.ts";
import { ownTask } from "../run/own-classes.ts";
import { limitOf } from "../tasks/task.ts";
import { encodeRows } from "../tokenize/encode-rows.ts";
import { createTokenizer } from "../tokenize/tokenizer.ts";
import { openModelFolder } from "./model-folder.ts";
import { startNodeBackend } from "./node-backend.ts";
import { backendOption, required, stepsOption, threadsOption } from "./options.ts";
import { print } from "./output.ts";
import { askedOf } from "./predict.ts";

const USAGE = `npm run -s tabtune -- explain --model DIR [options]

Says which words of a text drove what a fine-tuned model predicts. Reads one text per line from standard input, or a
pair as {"text": …, "pair": …}, and prints one JSON object per line:
{"label", "text", "method", "steps", "sum", "difference", "output", "baseline", "complete", "tokens", "words"}.
Tokens and words are {"text", "start", "end", "score"}, with start and end in code points, end not included, and with
"pair": true in the second text. "output" is the logit of "label" (of a model of numbers, the number), "baseline" that of
the text with padding in place of its tokens, "difference" is output − baseline, and "sum" is the sum of the tokens'
scores. Special tokens stay as they are and have no score.

  --text TEXT      explain this text instead
  --pair TEXT      its second text
  --method M       integrated-gradients (default): along the line from padding to the text; the sum is the difference to
                   1 %, for which pieces of the line are halved until it holds, up to 2,048 points
                   gradient-input: one pass; the scores need not add up
                   leave-one-out: what the output loses without each word; "steps" counts the passes
  --label LABEL    the label that is explained; default: the predicted one
  --at N           of a model that labels words: the word at code point N; default: the one that is labelled most surely
  --steps N        points to begin with; default: 16
  --backend B      auto (default), webgpu, wasm or cpu
  --threads N      threads of the backend wasm; default: as many as are fastest, up to all cores`;

/** `tabtune explain`. */
export async function explain(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      model: { type: "string" },
      text: { type: "string" },
      pair: { type: "string" },
      method: { type: "string", default: "integrated-gradients" },
      label: { type: "string" },
      at: { type: "string" },
      steps: { type: "string" },
      backend: { type: "string", default: "auto" },
      threads: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.error(USAGE);
  const folder = required(values.model, "--model");
  if (values.pair !== undefined) required(values.text, "--text, without which --pair has no meaning,");
  const options: ExplainOptions = {
    method: methodOption(values.method),
    label: values.label,
    at: placeOption(values.at),
    steps: stepsOption(values.steps),
  };
  const opened = await openModelFolder(folder);
  const { task, labelNames } = ownTask(opened);
  const tokenizer = createTokenizer(opened.tokenizer);
  const info = await startNodeBackend(backendOption(values.backend), {
    threads: values.threads === undefined ? "fastest" : threadsOption(values.threads),
  });
  console.error(`${info.backend} · ${info.adapter}. ${info.reason}`);
  const model = await loadClassifier(opened, labelNames);
  const limit = { ...limitOf(task, opened.summary.limit), spans: true as const };
  // Places are those in the cleaned text, which is printed too.
  const clean = (opened.summary.cleaning && textCleaner(opened.summary.cleaning)) ?? ((text: string) => text);
  const explainOne = async (given: { text: string; pair: string | null }) => {
    const asked = { text: clean(given.text), pair: given.pair === null ? null : clean(given.pair) };
    const { readText = (text: string) => ({ text, words: null }) } = task;
    const { text, words } = readText(asked.text);
    const texts = [text, ...(asked.pair === null ? [] : [asked.pair])];
    const [first = "", pair] = texts;
    const rows = encodeRows([first], pair === undefined ? null : [pair], limit, tokenizer);
    const found = await explainText(
      model,
      task,
      { texts, words, rows, tokenizer: opened.tokenizer },
      labelNames,
      options,
    );
    await print(`${JSON.stringify(printed(found))}\n`);
  };
  if (values.text !== undefined) return explainOne({ text: values.text, pair: values.pair ?? null });
  let number = 0;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    await explainOne(askedOf(line, ++number));
  }
}

/** An attribution as it is printed. */
function printed(found: Attribution) {
  const { texts, label, at, method, steps, sum, difference, output, baseline, isComplete, tokens, words } = found;
  const characters = texts.map((text) => Array.from(text));
  const stretch = ({ of, start, end, score }: Contribution) => ({
    text: characters[of]?.slice(start, end).join("") ?? "",
    start,
    end,
    ...(of === 1 && { pair: true }),
    score: sevenDigits(score),
  });
  const [text, pair] = texts;
  return {
    ...{ label, ...(at && { at }), text, pair, method, steps },
    sum: sevenDigits(sum),
    ...(method !== "leave-one-out" && { difference: sevenDigits(difference) }),
    output: sevenDigits(output),
    ...(method !== "leave-one-out" && { baseline: sevenDigits(baseline) }),
    ...(method === "integrated-gradients" && { complete: isComplete }),
    tokens: tokens.map(stretch),
    words: words.map(stretch),
  };
}

// Seven digits are what a float32 holds.
const sevenDigits = (value: number) => Number(value.toPrecision(7));

function methodOption(value: string): AttributionMethod {
  const method = attributionMethods.find((name) => name === value);
  if (method) return method;
  throw new Problem({
    found: `--method is “${value}”.`,
    expected: `It was expected to be one of ${attributionMethods.join(", ")}.`,
    remedy: "Correct the option or leave it out.",
  });
}

function placeOption(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const place = Number(value);
  if (Number.isInteger(place) && place >= 0) return place;
  throw new Problem({
    found: `--at is “${value}”.`,
    expected: "A whole number of code points from 0 was expected.",
    remedy: "Correct the option or leave it out.",
  });
}
