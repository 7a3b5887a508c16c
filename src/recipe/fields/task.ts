import { choice, numberOrEmpty } from "../field-kinds.ts";

/** A field with it matters where each row has one class. */
export const oneClass = { field: "task", among: ["single-label", "auto"] } as const;

/** A field with it matters where each row, or each of its words, has one class. */
export const oneClassEach = { field: "task", among: ["single-label", "token-classification", "auto"] } as const;

/** A field with it matters where a text is read as a whole: of words, each is asked by itself. */
export const wholeTexts = { field: "task", not: "token-classification" } as const;

export const task = {
  title: "Task",
  fields: {
    task: choice({
      label: "Task",
      what: "What is learned of the labels.",
      usual:
        "As the labels look: a class for each text, several labels where a cell or several columns hold them, a number where they are measurements.",
      source: "Wolf et al. 2020, transformers (problem_type)",
      default: "auto",
      // Beside "auto" these are the tasks of src/tasks/; a test compares both lists.
      choices: [
        { value: "auto", label: "As the labels look" },
        { value: "single-label", label: "One class for each text" },
        { value: "multi-label", label: "Several labels for each text" },
        { value: "regression", label: "A number for each text" },
        { value: "token-classification", label: "A tag for each word" },
      ],
      readByBaseline: true,
      ofTheData: true,
    }),
    thresholds: choice({
      label: "Thresholds",
      what: "From which probability on a label is predicted, where texts have several.",
      usual:
        "0.5. Where labels are rare, the threshold with the best F1 on the training rows finds more of them; it is looked for after the training and marked as tuned.",
      source: "Lipton et al. 2014, Optimal thresholding of classifiers to maximize F1 measure",
      default: "half",
      choices: [
        { value: "half", label: "0.5 for each label" },
        { value: "bestF1", label: "Best F1 on the training rows" },
      ],
      matters: [{ field: "task", among: ["multi-label"] }],
      readByBaseline: true,
    }),
    huber: numberOrEmpty({
      label: "Huber loss",
      what: "Where the error of a predicted number goes from squared to absolute, in standard deviations of the targets.",
      usual: "Empty (squared errors); 1 where some targets are far off.",
      source: "Huber 1964, Robust estimation of a location parameter",
      default: null,
      above: 0,
      example: "1",
      empty: { shown: "squared errors", takes: "squared errors" },
      matters: [{ field: "task", among: ["regression"] }],
    }),
  },
};
