import type { Recipe } from "./recipe.ts";

export type RecipeField = Exclude<keyof Recipe, "version">;

/** What a person should know of a field before changing it. */
export interface Explanation {
  label: string;
  /** One sentence: what it does. */
  what: string;
  /** Usual values, and when to leave them. */
  usual: string;
  /** Where the method or the habit comes from. */
  source: string;
}

const devlin = "Devlin et al. 2019, BERT, appendix A.3";
const howard = "Howard and Ruder 2018, ULMFiT";
const gururangan = "Gururangan et al. 2020, Don't Stop Pretraining";
const hu = "Hu et al. 2021, LoRA";
const zhang = "Zhang et al. 2021, Revisiting Few-sample BERT Fine-tuning";
const kirkpatrick = "Kirkpatrick et al. 2017, Overcoming catastrophic forgetting in neural networks";
const transformers = "get_scheduler of Hugging Face transformers";
const loshchilov = "Loshchilov and Hutter 2019, Decoupled Weight Decay Regularization";

export const explanations: Record<RecipeField, Explanation> = {
  learningRate: {
    label: "Learning rate",
    what: "How far each step moves the weights, at its peak.",
    usual: "Automatic, by the model's hidden size: 1e-4 for small models, 3e-5 for BERT-base, 2e-5 for large ones.",
    source: devlin,
  },
  epochs: {
    label: "Epochs",
    what: "How often every training row is seen.",
    usual: "Automatic: 3 to 20, as many as make at least 300 steps. Fractions work.",
    source: devlin,
  },
  rowsPerStep: {
    label: "Batch size",
    what: "Rows per step: the mean of their gradients makes one step.",
    usual: "16 or 32.",
    source: devlin,
  },
  maxLength: {
    label: "Max length",
    what: "Tokens of a row that the model reads; the rest is cut off.",
    usual:
      "128 for messages and sentences, 256 to 512 for paragraphs. Short rows cost nothing extra: there is no padding.",
    source: devlin,
  },
  start: {
    label: "Initial weights",
    what: "From the checkpoint, or at random with the checkpoint's sizes: full retraining.",
    usual: "The checkpoint; random needs far more rows than most people have, and shows what the checkpoint is worth.",
    source: devlin,
  },
  pooling: {
    label: "Pooling",
    what: "What the classifier reads of a row: the pooler's output, [CLS] itself, or a mean over the tokens.",
    usual:
      "Pooler, as in transformers; a mean suits sentence encoders and frozen layers. transformers loads only the pooler's classifier as it is.",
    source: "Reimers and Gurevych 2019, Sentence-BERT",
  },
  frozen: {
    label: "Frozen parameters",
    what: "Parameters whose names begin with these prefixes do not train, which saves time and memory.",
    usual:
      "None; embeddings and the lower half of the layers when rows are few or the machine is slow. With embeddings. and encoder. frozen the encoder runs once for each row, without dropout, and epochs take seconds.",
    source: "Lee et al. 2019, What Would Elsa Do?",
  },
  gradualUnfreezing: {
    label: "Gradual unfreezing",
    what: "Only the head trains in the first epoch; each epoch one more layer joins, from the top.",
    usual: "Off; on when rows are few or the model forgets, with as many epochs as there are layers.",
    source: howard,
  },
  reinitializeLayers: {
    label: "Layers to re-initialize",
    what: "How many top layers, with the pooler, start from random weights: what they learned before is often too specific to pretraining.",
    usual: "0; 1 to 3 when rows are few and runs differ much by seed.",
    source: zhang,
  },
  loraRank: {
    label: "LoRA rank",
    what: "Trains two low-rank matrices beside each target and leaves the weights as they are; 0 trains the weights.",
    usual: "0 (off); 8 or 16 when memory is short or the model must not drift.",
    source: hu,
  },
  loraAlpha: {
    label: "LoRA alpha",
    what: "Scales what the low-rank matrices add, by alpha over rank.",
    usual: "16, or twice the rank.",
    source: hu,
  },
  loraDropout: {
    label: "LoRA dropout",
    what: "Dropout on the input of the low-rank matrices.",
    usual: "0 to 0.1.",
    source: hu,
  },
  loraTargets: {
    label: "LoRA targets",
    what: "The matrices of each layer that LoRA stands beside.",
    usual: "Query and value; all of them come nearer to full fine-tuning.",
    source: hu,
  },
  pretrainEpochs: {
    label: "Pretraining epochs",
    what: "First trains the model to predict masked words of your texts (the table's, or those of a text file given under Data), then fine-tunes from there; 0 skips it.",
    usual:
      "0 (off); 3 to 10 when your texts differ from everyday prose. An epoch takes longer than one of fine-tuning.",
    source: gururangan,
  },
  pretrainLearningRate: {
    label: "Pretraining learning rate",
    what: "The peak learning rate of pretraining; it rises over the warm-up share and falls to 0.",
    usual: "5e-5; 1e-4 for long texts and many steps.",
    source: gururangan,
  },
  maskShare: {
    label: "Masked share",
    what: "Share of the tokens to predict: 80 % of them are masked, 10 % replaced by another, 10 % left as they are.",
    usual: "0.15; up to 0.4 for larger models.",
    source: "Devlin et al. 2019, BERT, section 3.1",
  },
  wholeWordMasking: {
    label: "Whole-word masking",
    what: "Masks all pieces of a word together, so that none gives the others away.",
    usual: "Off; on when many words of your texts are split into pieces.",
    source: "Devlin et al., github.com/google-research/bert; Cui et al. 2021",
  },
  schedule: {
    label: "Schedule",
    what: "How the rate changes after the warm-up.",
    usual:
      "Linear; cosine stays high for longer, constant suits short tries, plateau waits until the validation loss stops falling.",
    source: transformers,
  },
  warmupShare: {
    label: "Warm-up share",
    what: "Share of the steps over which the rate rises from 0.",
    usual: "0.06 to 0.1.",
    source: "Mosbach et al. 2021, On the Stability of Fine-tuning BERT",
  },
  warmupSteps: {
    label: "Warm-up steps",
    what: "The warm-up in steps; empty takes the share.",
    usual: "Empty.",
    source: transformers,
  },
  scheduleCycles: {
    label: "Restarts",
    what: "Number of cosine cycles.",
    usual: "1 to 4.",
    source: "Loshchilov and Hutter 2017, SGDR",
  },
  schedulePower: {
    label: "Power",
    what: "Exponent of the polynomial schedule.",
    usual: "1, which is linear; 2 falls faster at first.",
    source: transformers,
  },
  plateauPatience: {
    label: "Plateau patience",
    what: "Full evaluations without a lower validation loss before the rate falls.",
    usual: "1 or 2.",
    source: "PyTorch, ReduceLROnPlateau",
  },
  plateauFactor: {
    label: "Plateau factor",
    what: "Factor on the rate each time it falls.",
    usual: "0.5; 0.1 to 0.5.",
    source: "PyTorch, ReduceLROnPlateau",
  },
  layerDecay: {
    label: "Layer-wise rate decay",
    what: "Factor on the rate from each layer to the one below it.",
    usual: "1 (off); 0.8 to 0.95 keeps more of what the lower layers know.",
    source: "Howard and Ruder 2018, ULMFiT; Sun et al. 2019",
  },
  weightDecay: {
    label: "Weight decay",
    what: "Pulls weights towards 0 at each step, biases and LayerNorm excepted.",
    usual: "0.01; 0 to 0.1.",
    source: loshchilov,
  },
  hiddenDropout: {
    label: "Dropout of hidden states",
    what: "Share of hidden values set to 0 at random while training; empty takes the checkpoint's own.",
    usual: "0.1; up to 0.3 when validation loss turns.",
    source: "Srivastava et al. 2014, Dropout",
  },
  attentionDropout: {
    label: "Dropout of attention",
    what: "Share of attention weights set to 0 at random while training; empty takes the checkpoint's own.",
    usual: "0.1; up to 0.3 when validation loss turns.",
    source: "Srivastava et al. 2014, Dropout",
  },
  classifierDropout: {
    label: "Dropout of the classifier",
    what: "Share of the classifier's inputs set to 0 at random while training; empty takes the checkpoint's own.",
    usual: "0.1; up to 0.3 when validation loss turns.",
    source: "Srivastava et al. 2014, Dropout",
  },
  labelSmoothing: {
    label: "Label smoothing",
    what: "Share of each row's target that is spread over all classes.",
    usual: "0; 0.05 to 0.1 when labels are noisy or the model is overconfident.",
    source: "Szegedy et al. 2016, Rethinking the Inception Architecture",
  },
  rDrop: {
    label: "R-Drop",
    what: "Each row goes through twice with different dropout, and the two outputs are pulled together with this weight.",
    usual: "0 (off); 1 to 5. A step takes twice as long.",
    source: "Liang et al. 2021, R-Drop",
  },
  l2sp: {
    label: "Pull to the start (L2-SP)",
    what: "Pulls weights back to where they started instead of to 0.",
    usual: "0 (off); 0.001 to 0.1 when the model forgets or rows are few. Weight decay may then be 0.",
    source: "Li et al. 2018, Explicit Inductive Bias for Transfer Learning",
  },
  clipping: {
    label: "Clip by",
    what: "Shortens the whole gradient of a step, or cuts each of its elements.",
    usual: "Norm.",
    source: "Pascanu et al. 2013, On the Difficulty of Training Recurrent Neural Networks",
  },
  maxGradientNorm: {
    label: "Clip norm at",
    what: "A step whose gradient is longer than this is shortened to it.",
    usual: "1.",
    source: "Pascanu et al. 2013, On the Difficulty of Training Recurrent Neural Networks",
  },
  maxGradientValue: {
    label: "Clip values at",
    what: "Elements of a gradient beyond this are cut to it, when clipping by value.",
    usual: "0.5; 0.1 to 1.",
    source: "PyTorch, clip_grad_value_",
  },
  ewc: {
    label: "Weight consolidation",
    what: "Pulls each weight back to where it began, the harder the more the earlier task needs it (EWC); 0 turns it off.",
    usual:
      "0 without an earlier task's file; else 1e5 to 1e7 with rows, 1e3 to 1e5 with plain texts: the largest at which the new task is still learned.",
    source: kirkpatrick,
  },
  ewcRows: {
    label: "Rows for consolidation",
    what: "Rows or texts of the earlier task whose gradients tell, before the first step, which weights it needs.",
    usual: "200; each costs as much as a training row once.",
    source: kirkpatrick,
  },
  rehearsal: {
    label: "Rehearsal",
    what: "Mixes rows of the earlier task into every step, as a share of the new ones; 0 turns it off.",
    usual: "0 without an earlier task's rows; else 0.1 to 0.25.",
    source: "Robins 1995, Catastrophic Forgetting, Rehearsal and Pseudorehearsal",
  },
  bestBy: {
    label: "Best by",
    what: "The validation metric that decides which weights are best.",
    usual: "Macro F1, which counts each class alike; log loss when probabilities matter.",
    source: "Common practice",
  },
  earlyStopping: {
    label: "Early stopping",
    what: "Stops after this many full evaluations without improvement and restores the best weights; 0 turns it off.",
    usual: "0 for 3 epochs; 2 or 3 for longer runs.",
    source: "Prechelt 1998, Early Stopping: But When?",
  },
  leastGain: {
    label: "Minimum improvement",
    what: "The smallest change of the metric that early stopping counts as an improvement.",
    usual: "0; 0.001.",
    source: "Prechelt 1998, Early Stopping: But When?",
  },
  ema: {
    label: "Averaged weights (EMA)",
    what: "Evaluates and keeps a moving average of the weights with this decay; 0 keeps the weights themselves.",
    usual: "0 (off); 0.99 to 0.999, for runs of many steps.",
    source: "Polyak and Juditsky 1992; as in many trainers",
  },
  average: {
    label: "Average checkpoints",
    what: "At the end the weights become the mean of the last or the best checkpoints, one per full evaluation.",
    usual: "None; last or best for a steadier result.",
    source: "Izmailov et al. 2018, Averaging Weights Leads to Wider Optima",
  },
  averageCount: {
    label: "Checkpoints to average",
    what: "How many checkpoints to average.",
    usual: "3 to 5.",
    source: "Izmailov et al. 2018, Averaging Weights Leads to Wider Optima",
  },
  classWeights: {
    label: "Class weights",
    what: "How much a row of each class counts in the loss.",
    usual: "None; balanced when a rare class is missed too often.",
    source: "King and Zeng 2001; “balanced” as in scikit-learn",
  },
  validationShare: {
    label: "Held out",
    what: "Share of the rows kept for validation when there is no second file.",
    usual: "0.1 to 0.2, the same share of each class.",
    source: "Stratified split, as in scikit-learn",
  },
  evaluationsPerEpoch: {
    label: "Evaluations per epoch",
    what: "How often a fixed sample of validation rows is scored during an epoch; 0 for never. The whole set is scored at its end.",
    usual: "10.",
    source: "Common practice",
  },
  evaluationSample: {
    label: "Evaluation sample",
    what: "Validation rows scored in each evaluation during an epoch.",
    usual: "256: enough for a trend, not for a result.",
    source: "Common practice",
  },
  seed: {
    label: "Seed",
    what: "Decides split, order, dropout and the new classifier; the same seed repeats a run.",
    usual: "Any whole number. Compare several before trusting a small difference.",
    source:
      "Dodge et al. 2020, Fine-Tuning Pretrained Language Models: Weight Initializations, Data Orders, and Early Stopping",
  },
  accumulate: {
    label: "Micro-batches per step",
    what: "Splits a step to save memory; the gradient is the same.",
    usual: "1; 2 or 4 when memory runs out.",
    source: "The same arithmetic, less at a time",
  },
  checkpointing: {
    label: "Gradient checkpointing",
    what: "Keeps each layer's input alone and computes the rest again on the way back: far less memory, the same numbers.",
    usual: "Where memory is short. A step takes up to a third longer.",
    source: "Chen et al. 2016, Training Deep Nets with Sublinear Memory Cost",
  },
  memoryLimit: {
    label: "Memory limit",
    what: "GB that a run may take on the GPU; a step that would need more uses gradient checkpointing, then micro-batches.",
    usual: "4. Browsers do not report GPU memory: set what yours has, less a few hundred MB for the screen.",
    source: "Common practice, for current GPUs",
  },
  beta1: {
    label: "Beta 1",
    what: "Memory of the running mean of gradients in AdamW.",
    usual: "0.9.",
    source: loshchilov,
  },
  beta2: {
    label: "Beta 2",
    what: "Memory of the running mean of squared gradients in AdamW.",
    usual: "0.999; 0.98 for short runs.",
    source: loshchilov,
  },
  epsilon: {
    label: "Epsilon",
    what: "Keeps AdamW from dividing by 0.",
    usual: "1e-8; 1e-6 in the original BERT code.",
    source: loshchilov,
  },
  biasCorrection: {
    label: "Bias correction",
    what: "Adam's correction for moments that start at 0; without it the first steps are too large.",
    usual: "On; off reproduces the original BERT code.",
    source: zhang,
  },
};
