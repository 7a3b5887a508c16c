import { number, onOff, share } from "../field-kinds.ts";

const gururangan = "Gururangan et al. 2020, Don't Stop Pretraining";

export const pretraining = {
  title: "Continued pretraining",
  fields: {
    pretrainEpochs: number({
      label: "Pretraining epochs",
      what: "First trains the model to predict masked words of your texts (from the table, or from a text file given under Data), then fine-tunes it; 0 skips this.",
      usual:
        "0 (off); 3 to 10 when your texts differ from everyday prose. An epoch takes longer than an epoch of fine-tuning.",
      source: gururangan,
      default: 0,
      from: 0,
      upTo: 1000,
    }),
    pretrainLearningRate: number({
      label: "Pretraining learning rate",
      what: "The peak learning rate of pretraining; it rises over the warm-up share and falls to 0.",
      usual: "5e-5; 1e-4 for long texts and many steps.",
      source: gururangan,
      default: 0.00005,
      above: 0,
      example: "5e-5",
      matters: [{ field: "pretrainEpochs", above: 0 }],
    }),
    maskShare: share({
      label: "Masked share",
      what: "Share of the tokens to predict: 80 % of them are masked, 10 % replaced by another token, 10 % unchanged.",
      usual: "0.15; up to 0.4 for larger models.",
      source: "Devlin et al. 2019, BERT, section 3.1",
      default: 0.15,
      above: 0,
      upTo: 1,
      example: "0.15",
      matters: [{ field: "pretrainEpochs", above: 0, orHiddenWords: true }],
    }),
    wholeWordMasking: onOff({
      label: "Whole-word masking",
      what: "Masks all pieces of a word together, so that no piece reveals the others.",
      usual: "Off; on when many words of your texts are split into pieces.",
      source: "Devlin et al., github.com/google-research/bert; Cui et al. 2021",
      default: false,
      matters: [{ field: "pretrainEpochs", above: 0, orHiddenWords: true }],
    }),
  },
};
