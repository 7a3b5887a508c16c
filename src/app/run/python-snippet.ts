/** Three lines of Python that load the downloaded folder. `folder` is the name the zip unpacks to. */
export function pythonSnippet(folder: string, pair: boolean): string {
  const input = pair ? '{"text": "A first text", "text_pair": "A second text"}' : '"A text to classify"';
  return [
    "from transformers import pipeline",
    `classify = pipeline("text-classification", model=${JSON.stringify(folder)})`,
    `print(classify(${input}))`,
  ].join("\n");
}
