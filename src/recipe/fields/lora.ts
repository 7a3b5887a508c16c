import { list, number, share } from "../field-kinds.ts";

const hu = "Hu et al. 2021, LoRA";

export const lora = {
  title: "LoRA",
  fields: {
    loraRank: number({
      label: "LoRA rank",
      what: "Trains two low-rank matrices beside each target and keeps the weights fixed; 0 trains the weights.",
      usual: "0 (off); 8 or 16 when memory is short or the model must not drift.",
      source: hu,
      default: 0,
      whole: true,
      from: 0,
      upTo: 256,
    }),
    loraAlpha: number({
      label: "LoRA alpha",
      what: "Scales the output of the low-rank matrices by alpha / rank.",
      usual: "16, or twice the rank.",
      source: hu,
      default: 16,
      above: 0,
      example: "16",
      matters: [{ field: "loraRank", above: 0 }],
    }),
    loraDropout: share({
      label: "LoRA dropout",
      what: "Dropout on the input of the low-rank matrices.",
      usual: "0 to 0.1.",
      source: hu,
      default: 0,
      from: 0,
      upTo: 0.95,
      example: "0.1",
      matters: [{ field: "loraRank", above: 0 }],
    }),
    loraTargets: list({
      label: "LoRA targets",
      what: "The matrices of each layer that get LoRA matrices.",
      usual: "Query and value; with all of them, results are closer to full fine-tuning.",
      source: hu,
      default: ["query", "value"],
      choices: [
        { value: "query", label: "Query" },
        { value: "key", label: "Key" },
        { value: "value", label: "Value" },
        { value: "attentionOutput", label: "Attention output" },
        { value: "intermediate", label: "Intermediate" },
        { value: "output", label: "Output" },
      ],
      matters: [{ field: "loraRank", above: 0 }],
    }),
  },
};
