import { weightsByClass } from "../field-kinds.ts";

export const classes = {
  title: "Classes",
  fields: {
    classWeights: weightsByClass({
      label: "Class weights",
      what: "How much a row of each class counts in the loss.",
      usual: "None; balanced when the model misses a rare class too often.",
      source: "King and Zeng 2001; “balanced” as in scikit-learn",
      default: null,
      ofTheData: true,
    }),
  },
};
