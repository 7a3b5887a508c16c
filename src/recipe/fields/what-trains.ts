import { choice, layers, number, onOff } from "../field-kinds.ts";
import { devlin, zhang } from "./sources.ts";
import { wholeTexts } from "./task.ts";

export const whatTrains = {
  title: "What trains",
  fields: {
    start: choice({
      label: "Initial weights",
      what: "The checkpoint's weights, or random weights of the same sizes (full retraining).",
      usual:
        "The checkpoint; random weights need far more rows than most people have, and show what the checkpoint is worth.",
      source: devlin,
      default: "checkpoint",
      choices: [
        { value: "checkpoint", label: "From the checkpoint" },
        { value: "random", label: "At random (full retraining)" },
      ],
      readByBaseline: true,
    }),
    headStart: choice({
      label: "Head starts",
      what: "The new classifier starts at random, or as a linear model fitted to what it reads of the frozen encoder; a dense layer before it then starts as a scaled identity. A head that the checkpoint has for these labels is kept. LoRA's runs start at random.",
      usual:
        "From a probe, so that a random head does not distort the encoder in the first steps; it counts most where rows are few.",
      source: "Kumar et al. 2022, Fine-Tuning can Distort Pretrained Features (linear probing, then fine-tuning)",
      default: "random",
      choices: [
        { value: "random", label: "At random" },
        { value: "probe", label: "From a probe" },
      ],
      matters: [{ field: "start", is: "checkpoint" }, { field: "loraRank", is: 0 }, wholeTexts],
    }),
    pooling: choice({
      label: "Pooling",
      what: "What the classifier reads: the pooler's output (the dense layer that the family has before its classifier), the first token itself, or the mean over the tokens.",
      usual:
        "Pooler, as in transformers; a mean suits sentence encoders and frozen layers. Only models with the pooler load in transformers without changes.",
      source: "Reimers and Gurevych 2019, Sentence-BERT",
      default: "pooler",
      choices: [
        { value: "pooler", label: "Pooler (dense layer of the head)" },
        { value: "cls", label: "First token ([CLS]) as it is" },
        { value: "mean", label: "Mean of the tokens" },
        { value: "mean-last-4", label: "Mean of the last four layers" },
      ],
      matters: [wholeTexts],
    }),
    frozen: layers({
      label: "Frozen parameters",
      what: "Parameters whose names begin with these prefixes are not trained, which saves time and memory.",
      usual:
        "None; embeddings and the lower half of the layers when rows are few or the machine is slow. With embeddings. and encoder. frozen, the encoder runs once per row, without dropout, and epochs take seconds.",
      source: "Lee et al. 2019, What Would Elsa Do?",
      default: [],
    }),
    gradualUnfreezing: onOff({
      label: "Gradual unfreezing",
      what: "Only the head trains in the first epoch; then one more layer per epoch, from the top.",
      usual: "Off; on when rows are few or the model forgets, with at least one epoch per layer.",
      source: "Howard and Ruder 2018, ULMFiT",
      default: false,
    }),
    reinitializeLayers: number({
      label: "Layers to re-initialize",
      what: "Number of top layers that, with the head, start from random weights: these layers are often too specific to pretraining.",
      usual: "0; 1 to 3 when rows are few and results vary by seed.",
      source: zhang,
      default: 0,
      whole: true,
      unit: "layers",
      from: 0,
      upTo: 1000,
      matters: [{ field: "start", is: "checkpoint" }],
    }),
  },
};
