import {
  exampleInput,
  exampleTexts,
  pipelineOptions,
  predictedByRows,
  rowsFunction,
  type Reading,
} from "./reading-text.ts";
import { pipelineOf, type Task, type TrainedTask } from "../tasks/task.ts";

/** What PEFT has to know of LoRA's matrices to put them beside a checkpoint's weights. */
export interface AdapterFacts {
  rank: number;
  alpha: number;
  dropout: number;
  /** Ends of the names of the modules that have matrices beside them. */
  targetModules: readonly string[];
  /** Modules that are saved whole. */
  wholeModules: readonly string[];
}

/** adapter_config.json of a PEFT folder; `baseModel` is the name or path that the checkpoint is loaded by. */
export function adapterConfigJson(facts: AdapterFacts, task: TrainedTask, baseModel: string): string {
  const config = {
    peft_type: "LORA",
    task_type: task.adapterType,
    base_model_name_or_path: baseModel,
    r: facts.rank,
    lora_alpha: facts.alpha,
    lora_dropout: facts.dropout,
    target_modules: facts.targetModules,
    modules_to_save: facts.wholeModules,
    bias: "none",
    fan_in_fan_out: false,
    init_lora_weights: true,
    inference_mode: true,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** What of a card says how an adapter is used. */
interface AdapterCard {
  task: Pick<Task, "asks" | "pipeline" | "scoredBy">;
  baseModel: string;
  labelNames: readonly string[];
  isPair: boolean;
}

const entityLines = (pipeline: string, { windowOverlap }: Reading) => [
  `find = pipeline("${pipeline}", model=model, tokenizer=tokenize, aggregation_strategy="first",`,
  `                stride=${windowOverlap})`,
  'print(find("A text of your own"))',
];

/**
 * Python that loads the adapter onto its checkpoint, whose own classifier, if it has one, gives way. A checkpoint of
 * half precision is worked with in float32, as it was here. Texts are read as `reading` says.
 */
export function adapterUsage({ task, baseModel, labelNames, isPair }: AdapterCard, reading: Reading): string {
  const asksWords = task.asks === "words";
  const isCut = asksWords || reading.longTexts === "cut";
  const model = `AutoModelFor${asksWords ? "Token" : "Sequence"}Classification`;
  // JSON's strings are Python's too.
  return [
    ...(isCut ? [] : ["import torch"]),
    "from peft import PeftModel",
    `from transformers import ${model}, AutoTokenizer${isCut ? ", pipeline" : ""}`,
    "",
    `labels = ${JSON.stringify(labelNames)}`,
    "# The checkpoint that was trained: its name on the Hub, or its folder",
    `base = ${model}.from_pretrained(`,
    `    ${JSON.stringify(baseModel)}, num_labels=len(labels), id2label=dict(enumerate(labels)),`,
    "    label2id={label: i for i, label in enumerate(labels)}, ignore_mismatched_sizes=True).float()",
    '# The path of this folder, e.g. "./adapter"',
    'model = PeftModel.from_pretrained(base, "./adapter").merge_and_unload()',
    `tokenize = AutoTokenizer.from_pretrained("./adapter"${asksWords ? `, model_max_length=${reading.maxLength}` : ""})`,
    ...(asksWords
      ? entityLines(pipelineOf(task), reading)
      : isCut
        ? [
            `classify = pipeline("text-classification", model=model, tokenizer=tokenize, ${pipelineOptions(task)})`,
            `print(classify(${exampleInput(isPair)}, truncation=True, max_length=${reading.maxLength}))`,
          ]
        : [...exampleTexts(isPair), "", ...rowsFunction(reading, isPair), "", ...predictedByRows(task, isPair)]),
  ].join("\n");
}
