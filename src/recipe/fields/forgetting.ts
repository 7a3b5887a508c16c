import { number, share } from "../field-kinds.ts";

const kirkpatrick = "Kirkpatrick et al. 2017, Overcoming catastrophic forgetting in neural networks";

export const forgetting = {
  title: "Against forgetting",
  fields: {
    ewc: number({
      label: "Weight consolidation",
      what: "Pulls each weight back to its initial value, more strongly if the earlier task needs it more (EWC); 0 turns it off.",
      usual:
        "0 without a file of an earlier task; else 1e5 to 1e7 with rows, 1e3 to 1e5 with plain texts: the largest value at which the new task is still learned.",
      source: kirkpatrick,
      default: 0,
      from: 0,
      example: "1e5",
      slider: { name: "Strength of weight consolidation" },
    }),
    ewcRows: number({
      label: "Rows for consolidation",
      what: "Number of rows or texts of the earlier task whose gradients show, before the first step, which weights it needs.",
      usual: "200; each costs as much time as one training row, once.",
      source: kirkpatrick,
      default: 200,
      whole: true,
      unit: "rows",
      from: 1,
      upTo: 100_000,
      matters: [{ field: "ewc", above: 0 }],
    }),
    rehearsal: share({
      label: "Rehearsal",
      what: "Mixes rows of the earlier task into every step, as a share of the new rows; 0 turns it off.",
      usual: "0 without an earlier task's rows; else 0.1 to 0.25.",
      source: "Robins 1995, Catastrophic Forgetting, Rehearsal and Pseudorehearsal",
      default: 0,
      from: 0,
      upTo: 0.5,
      example: "0.1",
    }),
  },
};
