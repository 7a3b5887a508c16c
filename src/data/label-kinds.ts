/** What the labels of a table are seen to be; each is the name of the task that learns them. */
export const labelKinds = ["single-label", "multi-label", "regression", "token-classification"] as const;
export type LabelKind = (typeof labelKinds)[number];

/** Each value of a label column is a class: what can be said of any column, whatever its values look like. */
export const CLASSES = labelKinds[0];
