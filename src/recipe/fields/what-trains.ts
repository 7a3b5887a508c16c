import { choice, layers, number, onOff } from "../field-kinds.ts";
import { devlin, zhang } from "./sources.ts";

export const whatTrains = {
  title: "What trains",
  fields: {
    start: choice({
      label: "Initial weights",
      what: "From the checkpoint, or at random with the checkpoint's sizes: full retraining.",
      usual:
        "The checkpoint; random needs far more rows than most people have, and shows what the checkpoint is worth.",
      source: devlin,
      default: "checkpoint",
      choices: [
        { value: "checkpoint", label: "From the checkpoint" },
        { value: "random", label: "At random (full retraining)" },
      ],
    }),
    pooling: choice({
      label: "Pooling",
      what: "What the classifier reads of a row: the pooler's output, [CLS] itself, or a mean over the tokens.",
      usual:
        "Pooler, as in transformers; a mean suits sentence encoders and frozen layers. transformers loads only the pooler's classifier as it is.",
      source: "Reimers and Gurevych 2019, Sentence-BERT",
      default: "pooler",
      choices: [
        { value: "pooler", label: "Pooler (dense layer) on [CLS]" },
        { value: "cls", label: "[CLS] as it is" },
        { value: "mean", label: "Mean of the tokens" },
        { value: "mean-last-4", label: "Mean of the last four layers" },
      ],
    }),
    frozen: layers({
      label: "Frozen parameters",
      what: "Parameters whose names begin with these prefixes do not train, which saves time and memory.",
      usual:
        "None; embeddings and the lower half of the layers when rows are few or the machine is slow. With embeddings. and encoder. frozen the encoder runs once for each row, without dropout, and epochs take seconds.",
      source: "Lee et al. 2019, What Would Elsa Do?",
      default: [],
    }),
    gradualUnfreezing: onOff({
      label: "Gradual unfreezing",
      what: "Only the head trains in the first epoch; each epoch one more layer joins, from the top.",
      usual: "Off; on when rows are few or the model forgets, with as many epochs as there are layers.",
      source: "Howard and Ruder 2018, ULMFiT",
      default: false,
    }),
    reinitializeLayers: number({
      label: "Layers to re-initialize",
      what: "How many top layers, with the pooler, start from random weights: what they learned before is often too specific to pretraining.",
      usual: "0; 1 to 3 when rows are few and runs differ much by seed.",
      source: zhang,
      default: 0,
      whole: true,
      unit: "layers",
      from: 0,
      upTo: 1000,
    }),
  },
};
