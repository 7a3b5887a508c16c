import { choice, number, share } from "../field-kinds.ts";
import { wholeTexts } from "./task.ts";

const ofTexts = { readByBaseline: true, ofTheData: true, matters: [wholeTexts] } as const;
const rate = { default: 0, from: 0, upTo: 0.9, example: "0.1", ...ofTexts } as const;

const eda = "Wei and Zou 2019, EDA";

/** Changed copies of training rows: each share is of the words or letters of a copy, 0 is off. */
export const augmentation = {
  title: "Augmentation",
  fields: {
    augmentDeletion: share({
      label: "Words deleted",
      what: "In copies of the training rows each word is left out with this probability; one word always stays.",
      usual: "0 (off); 0.05 to 0.1 for a few hundred rows.",
      source: eda,
      ...rate,
    }),
    augmentSwap: share({
      label: "Words swapped",
      what: "In copies of the training rows each word changes places with another with this probability.",
      usual: "0 (off); 0.05 to 0.1 for a few hundred rows. Off where the order of words decides.",
      source: eda,
      ...rate,
    }),
    augmentMask: share({
      label: "Words masked",
      what: "In copies of the training rows each word is replaced by the tokenizer's mask token with this probability.",
      usual: "0 (off); 0.05 to 0.15, for checkpoints that were trained to fill in masks.",
      source: "Devlin et al. 2019 (the mask token); Xie et al. 2017, Data Noising as Smoothing (blanks for words)",
      ...rate,
    }),
    augmentTypos: share({
      label: "Typing errors",
      what: "In copies of the training rows each letter from a to z is replaced by a key beside it (QWERTY) with this probability.",
      usual: "0 (off); 0.01 to 0.05 where texts are typed in haste and the model has to bear it.",
      source: "Belinkov and Bisk 2018, Synthetic and Natural Noise Both Break Neural Machine Translation",
      ...rate,
    }),
    augmentCase: share({
      label: "Case changed",
      what: "In copies of the training rows each word is written in small letters, capitals or with a first capital instead, with this probability.",
      usual:
        "0 (off); 0.1 where people write in capitals now and then. Without effect where the tokenizer lower-cases.",
      source: "Niu et al. 2020, Evaluating Robustness to Input Perturbations for Neural Machine Translation",
      ...rate,
    }),
    augmentCopies: number({
      label: "Copies of a row",
      what: "How many changed copies of each training row are made where one of the shares is above 0.",
      usual: "1; 4 to 16 for a few hundred rows, 1 to 4 for more. Copies make epochs longer.",
      source: eda,
      default: 1,
      from: 1,
      upTo: 16,
      whole: true,
      unit: "copies",
      example: "4",
      ...ofTexts,
    }),
    augmentClasses: choice({
      label: "Rows that are copied",
      what: "Whether all training rows are copied, or those of rare classes alone: classes with fewer rows than the mean of all.",
      usual: "All; rare classes where the model misses them, instead of repeating their rows.",
      source: "Chawla et al. 2002, SMOTE (adding rows to rare classes)",
      default: "all",
      choices: [
        { value: "all", label: "All rows" },
        { value: "rare", label: "Rows of rare classes" },
      ],
      readByBaseline: true,
      ofTheData: true,
      matters: [{ field: "task", among: ["single-label", "multi-label", "auto"] }],
    }),
  },
};
