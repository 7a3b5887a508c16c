import { choice, number } from "../field-kinds.ts";
import { devlin } from "./sources.ts";
import { wholeTexts } from "./task.ts";

export const basics = {
  title: "Basics",
  fields: {
    effort: choice({
      label: "Effort",
      what: "What ends a run: its epochs, a time that you give, or that the validation metric stops improving; quick is the baseline alone, within seconds.",
      usual:
        "Epochs. A time budget makes as many steps as fit on this machine, up to the epochs, and its schedule ends with them.",
      source: "Prechelt 1998, Early Stopping: But When?",
      default: "epochs",
      choices: [
        { value: "epochs", label: "As many epochs as stated" },
        { value: "quick", label: "Quick: the baseline alone" },
        { value: "time", label: "A time budget" },
        { value: "plateau", label: "Until it stops improving" },
      ],
      ofTheData: true,
    }),
    timeBudget: number({
      label: "Time budget",
      what: "Minutes from the start to the last step, the baseline included.",
      usual: "3 for a first look on a processor.",
      source: "Common practice",
      default: 3,
      unit: "minutes",
      above: 0,
      upTo: 10_000,
      example: "3",
      matters: [{ field: "effort", is: "time" }],
      ofTheData: true,
    }),
    learningRate: number({
      label: "Learning rate",
      what: "How far each step moves the weights, at its peak.",
      usual:
        "Automatic, by the model's hidden size: 1e-4 for small models, 3e-5 at a hidden size of 768, 2e-5 for large models.",
      source: devlin,
      default: 0.00002,
      above: 0,
      example: "2e-5",
    }),
    epochs: number({
      label: "Epochs",
      what: "How often the model sees every training row.",
      usual: "Automatic: 3 to 20, enough for at least 300 steps. Fractions work.",
      source: devlin,
      default: 3,
      above: 0,
      upTo: 1000,
      example: "3",
    }),
    batchSize: number({
      label: "Batch size (rows per step)",
      what: "Number of rows averaged into one step.",
      usual: "16 or 32.",
      source: devlin,
      default: 16,
      whole: true,
      unit: "rows",
      from: 1,
      upTo: 4096,
    }),
    maxLength: number({
      label: "Max length",
      what: "Number of tokens that the model reads at once; “Long texts” says what happens to longer rows.",
      usual:
        "128 for messages and sentences, 256 to 512 for paragraphs. Short rows cost nothing extra: there is no padding.",
      source: devlin,
      default: 128,
      whole: true,
      unit: "tokens",
      from: 3,
      upTo: 8192,
      ofTheData: true,
    }),
    longTexts: choice({
      label: "Long texts",
      what: "What happens to rows of more tokens than the max length.",
      usual:
        "Cutting does where the class shows early. The first and the last tokens help with articles and reviews, which state their point at either end. Windows read everything: each is a row in training, and a text’s scores are the mean of its windows’ logits; of a pair the second text is cut into windows.",
      source: "Sun et al. 2019, How to fine-tune BERT for text classification, section 5.3.1",
      default: "cut",
      choices: [
        { value: "cut", label: "Cut off the end" },
        { value: "head-and-tail", label: "Keep the first and the last tokens" },
        { value: "windows", label: "Read in windows" },
      ],
      matters: [wholeTexts],
      ofTheData: true,
    }),
    windowOverlap: number({
      label: "Window overlap",
      what: "Number of tokens that a window shares with the one before, so that no sentence is torn in all windows.",
      usual: "A quarter of the max length; less than half of it. Transformers’ tokenizers call it stride.",
      source: "Devlin et al. 2019, run_squad.py (doc_stride)",
      default: 32,
      whole: true,
      unit: "tokens",
      from: 0,
      upTo: 4096,
      matters: [{ field: "longTexts", is: "windows", orTask: "token-classification" }],
      ofTheData: true,
    }),
  },
};
