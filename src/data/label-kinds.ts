/** What the labels of a table are seen to be; each is the name of the task that learns them. */
const labelKinds = ["single-label", "multi-label", "regression", "token-classification"] as const;
type LabelKind = (typeof labelKinds)[number];

/**
 * Each value of a label column is a class, which can be said of any column; a row has several labels; its label is a
 * number; each of its words has a tag.
 */
export const [CLASSES, SEVERAL, NUMBERS, TAGS] = labelKinds;

/** What a column of such labels is, to follow its name, and what its task is called at the beginning of a sentence. */
const wordsOfKinds: Record<LabelKind, { is: string; title: string }> = {
  "single-label": { is: "has one class for each text", title: "Single-label" },
  "multi-label": { is: "a multi-label task", title: "Multi-label" },
  regression: { is: "a regression target rather than classes", title: "Regression" },
  "token-classification": { is: "a token classification task", title: "Token classification" },
};

/** The words of a kind; a task that no column is seen to be for has its name alone. */
export function kindWords(task: string): { is: string; title: string } {
  const known = Object.entries(wordsOfKinds).find(([kind]) => kind === task)?.[1];
  return known ?? { is: `for the task “${task}”`, title: `The task “${task}”` };
}
