import type { Recipe } from "../recipe/recipe.ts";
import type { Task } from "../tasks/task.ts";

/** What of a recipe says how long texts are read. */
export type Reading = Pick<Recipe, "maxLength" | "longTexts" | "windowOverlap">;

/** One sentence for the model card. */
export function readingSentence({ maxLength, longTexts, windowOverlap }: Reading): string {
  const longer = `texts longer than ${maxLength} tokens`;
  switch (longTexts) {
    case "cut":
      return `T${longer.slice(1)} were cut in training.`;
    case "head-and-tail":
      return `Of ${longer} the first and the last tokens are read, a quarter of them from the beginning.`;
    case "windows":
      return `T${longer.slice(1)} are read in windows, each with ${windowOverlap} tokens of the one before, and the logits of the windows are averaged.`;
  }
}

/** The same of a model whose words are asked. */
export function wordsReadSentence({ maxLength, windowOverlap }: Reading): string {
  return (
    `Texts longer than ${maxLength} tokens are read in windows, each with ${windowOverlap} tokens of the one before; ` +
    "a word in two of them has the tag of the one in which it is farther from a cut."
  );
}

/** Options of a text classification pipeline, as Python: it gives all scores, as the task makes them of logits. */
export function pipelineOptions({ scoredBy }: Pick<Task, "scoredBy">): string {
  return scoredBy ? `top_k=None, function_to_apply="${scoredBy}"` : "top_k=None";
}

/** The scores that the task makes of `logits`, as Python. */
export function scoresOfLogits({ scoredBy }: Pick<Task, "scoredBy">): string {
  return scoredBy === "none" ? "logits" : scoredBy === "sigmoid" ? "logits.sigmoid()" : "logits.softmax(-1)";
}

/** What a pipeline is called with, as Python: one text, or a text and its second text. */
export function exampleInput(isPair: boolean): string {
  return isPair ? '{"text": "A text of your own", "text_pair": "Its second text"}' : '"A text of your own"';
}

/** Python with texts to predict, in `texts`, and in `seconds` their second texts. */
export function exampleTexts(isPair: boolean): string[] {
  return ['texts = ["A text of your own"]', ...(isPair ? ['seconds = ["Its second text"]'] : [])];
}

/**
 * Python: `rows(text)`, or `rows(text, second)` for pairs, gives the model's inputs for a text, as it was read in training;
 * a row for each window. `tokenize` is the tokenizer.
 */
export function rowsFunction(reading: Reading, isPair: boolean): string[] {
  const [texts, { maxLength }] = [isPair ? "text, second" : "text", reading];
  const body = reading.longTexts === "windows" ? windowLines(reading, isPair) : headAndTailLines(maxLength, texts);
  return [`def rows(${texts}):`, ...body.map((line) => `    ${line}`)];
}

function windowLines({ maxLength, windowOverlap }: Reading, isPair: boolean): string[] {
  const windows = `windows of ${maxLength} tokens, each with ${windowOverlap} of the one before`;
  const single = [
    `# ${windows.charAt(0).toUpperCase()}${windows.slice(1)}`,
    `x = tokenize(text, truncation=True, max_length=${maxLength}, stride=${windowOverlap},`,
    '             return_overflowing_tokens=True, padding=True, return_tensors="pt")',
  ];
  const pair = [
    `# The second text in ${windows}, unless the first one takes more than half of them`,
    'parts, how = tokenize(text, second).sequence_ids(), {"truncation": True}',
    `if 2 * parts.count(0) <= ${maxLength} - parts.count(None):`,
    `    how = {"truncation": "only_second", "stride": ${windowOverlap}, "return_overflowing_tokens": True}`,
    `x = tokenize(text, second, max_length=${maxLength}, padding=True, return_tensors="pt", **how)`,
  ];
  return [...(isPair ? pair : single), 'x.pop("overflow_to_sample_mapping", None)', "return x"];
}

function headAndTailLines(maxLength: number, texts: string): string[] {
  return [
    `# As many tokens as cutting to ${maxLength} leaves: a quarter from the beginning, the others from the end`,
    `cut, whole = tokenize(${texts}, truncation=True, max_length=${maxLength}).sequence_ids(), tokenize(${texts})`,
    "parts, left_out = whole.sequence_ids(), set()",
    "for part in (0, 1):",
    "    places, kept = [i for i, one in enumerate(parts) if one == part], cut.count(part)",
    "    head = (kept + 2) // 4",
    "    left_out.update(places[head : len(places) - (kept - head)])",
    "inputs = {name: [value for i, value in enumerate(values) if i not in left_out] for name, values in whole.items()}",
    "return {name: torch.tensor([values]) for name, values in inputs.items()}",
  ];
}

/** Python that predicts `texts` with `rows` and `model`, one after another, by the mean of the logits of their rows. */
export function predictedByRows(
  task: Pick<Task, "scoredBy">,
  isPair: boolean,
  logits: readonly string[] = ["logits = model(**x).logits"],
): string[] {
  return [
    isPair ? "for text, second in zip(texts, seconds):" : "for text in texts:",
    `    x = rows(${isPair ? "text, second" : "text"})`,
    "    with torch.no_grad():",
    ...logits.map((line) => `        ${line}`),
    "        logits = logits.mean(0)",
    `    print(dict(zip(model.config.id2label.values(), ${scoresOfLogits(task)}.tolist())))`,
  ];
}
