import { fileURLToPath } from "node:url";
import { referenceJson } from "../../src/cli/parity/reference-file.ts";
import { readConfig } from "../../src/families/registry.ts";
import type { ModelConfig } from "../../src/model/config.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { openModel, type OpenedModel } from "../../src/run/open-model.ts";
import { Run, type ExportForm } from "../../src/run/run.ts";
import { RunControl } from "../../src/train/control.ts";
import type { TrainEvent } from "../../src/train/events.ts";
import { checkpointFiles, tinyConfig, tinyTensors, type StoredDtype, type Tensors } from "../model/tiny-checkpoint.ts";
import { smallTokenizer } from "../tokenize/starter-tokenizer.ts";
import { learnableRows } from "../train/learnable-rows.ts";
import { tinyRecipe } from "../train/tiny-run.ts";

/** What transformers writes for a class, and what AutoModelForSequenceClassification makes of that file. */
interface StoredClass {
  class: string;
  tensors: Record<string, number[]>;
  fresh: string[];
  left_aside: string[];
}

interface RunChanges {
  recipe?: Partial<Recipe>;
  opened?: OpenedModel;
}

/** A family by its folder in test/reference/families: its checkpoint, opened and trained in the ways that tests want. */
export class FamilyFolder {
  readonly config: ModelConfig;
  readonly keys: Record<string, StoredClass>;
  readonly labelNames: string[];
  private readonly reference: `families/${string}`;
  private readonly tokenizer: string;

  private constructor(name: string, keys: Record<string, StoredClass>) {
    this.reference = `families/${name}`;
    this.config = readConfig(JSON.parse(tinyConfig({}, this.reference)));
    this.keys = keys;
    const { vocabularySize } = this.config;
    const words = ["[MASK]", ...Array.from({ length: vocabularySize - 5 }, (_, i) => `w${i}`)];
    this.tokenizer = smallTokenizer(words).tokenizerJson;
    this.labelNames = ["LABEL_0", "LABEL_1", "LABEL_2"];
  }

  /** The folder with this name. */
  static async of(name: string): Promise<FamilyFolder> {
    const path = fileURLToPath(new URL(`../reference/families/${name}/keys.json`, import.meta.url));
    return new FamilyFolder(name, (await referenceJson(path)) as Record<string, StoredClass>);
  }

  /** What transformers writes for one of its Auto classes. */
  stored(auto: string): StoredClass {
    const found = this.keys[auto];
    if (!found) throw new Error(`keys.json has no ${auto}.`);
    return found;
  }

  /** The tensors of an Auto class as a checkpoint's that is not read. */
  listed(auto: string) {
    const { tensors } = this.stored(auto);
    return { tensors: new Map(Object.entries(tensors).map(([name, shape]) => [name, { shape, dtype: "F32" }])) };
  }

  /** Values for all tensors of an Auto class that are not in the reference's checkpoint, and the checkpoint's for others. */
  async filled(auto: string): Promise<Tensors> {
    const own = await this.tensors();
    return new Map(
      Object.entries(this.stored(auto).tensors).map(([name, shape]) => {
        const length = shape.reduce((a, b) => a * b, 1);
        const values = Float32Array.from({ length }, (_, i) => 0.2 * Math.sin(i + length));
        const full = own.get(name) ?? own.get(this.config.names.base + name);
        return [name, { shape, values: full?.values ?? values }];
      }),
    );
  }

  tensors(): Promise<Tensors> {
    return tinyTensors(this.reference);
  }

  /** config.json with changes; undefined takes a field away. */
  configJson(changes: Record<string, unknown> = {}): string {
    return tinyConfig(changes, this.reference);
  }

  async open(tensors?: Tensors, changes: Record<string, unknown> = {}, dtype?: StoredDtype): Promise<OpenedModel> {
    const files = await checkpointFiles(tensors ?? (await this.tensors()), {
      config: this.configJson(changes),
      tokenizer: this.tokenizer,
      ...(dtype && { dtype }),
    });
    return openModel(files);
  }

  /** A short run over rows of three classes, and its events. */
  async trained({ recipe: changes = {}, opened }: RunChanges = {}): Promise<{ run: Run; events: TrainEvent[] }> {
    const recipe = { ...tinyRecipe, maxLength: 39, learningRate: 5e-3, epochs: 1, evaluationsPerEpoch: 0, ...changes };
    const words = this.config.vocabularySize;
    const [train, validation] = [learnableRows(24, 1, 12, words), learnableRows(12, 2, 12, words)];
    const input = { opened: opened ?? (await this.open()), recipe, labelNames: this.labelNames, train, validation };
    const run = await Run.load(input, new RunControl());
    const events: TrainEvent[] = [];
    for await (const event of run.events()) events.push(event);
    return { run, events };
  }

  /** What a trained run exports: names with shapes, and the files' contents. */
  async exported(run: Run, form: ExportForm = "merged") {
    const texts = Array.from({ length: 12 }, (_, line) => ({ line, text: "", pair: null }));
    return run.exportContents("last", "float32", texts, "d.csv", form);
  }
}
