import { beforeAll, describe, expect, it } from "vitest";
import { exportEntries } from "../../src/export/entries.ts";
import { familyOf, readConfig } from "../../src/families/registry.ts";
import { inspectCheckpoint, loadParameters } from "../../src/model/checkpoint.ts";
import { hasLanguageHead } from "../../src/model/language-head.ts";
import type { LowRankTarget } from "../../src/model/low-rank.ts";
import { languageHeadLayout, parameterLayout } from "../../src/model/layout.ts";
import { createTokenizer } from "../../src/tokenize/tokenizer.ts";
import { thrownBy } from "../io/thrown-by.ts";
import { renamed } from "../model/tiny-checkpoint.ts";
import { useNodeBackend } from "../node-backend.ts";
import { FamilyFolder } from "./family-folder.ts";

beforeAll(() => useNodeBackend("wasm"));

const AUTO = ["AutoModel", "AutoModelForPreTraining", "AutoModelForMaskedLM", "AutoModelForTokenClassification"];
const SEQUENCE = "AutoModelForSequenceClassification";

const familyCases: FamilyCase[] = [
  {
    name: "roberta",
    targets: ["query", "layer.0.output.dense", "layer.1.output.dense"],
    whole: ["classifier"],
    architectures: ["RobertaForSequenceClassification", "RobertaModel"],
    layer: "roberta.encoder.layer.1.attention.self.query",
  },
  {
    name: "electra",
    targets: ["query", "layer.0.output.dense", "layer.1.output.dense"],
    whole: ["classifier"],
    architectures: ["ElectraForSequenceClassification", "ElectraModel"],
    layer: "electra.encoder.layer.1.attention.self.query",
  },
  {
    name: "albert",
    targets: ["query", "ffn_output"],
    whole: ["classifier"],
    architectures: ["AlbertForSequenceClassification", "AlbertModel"],
    layer: "albert.encoder.albert_layer_groups.1.albert_layers.0.attention.query",
  },
  {
    name: "mpnet",
    targets: ["attn.q", "output.dense"],
    whole: ["classifier"],
    architectures: ["MPNetForSequenceClassification", "MPNetModel"],
    layer: "mpnet.encoder.layer.1.attention.attn.q",
  },
  {
    name: "deberta-v2",
    targets: ["query_proj", "layer.0.output.dense", "layer.1.output.dense"],
    whole: ["classifier"],
    architectures: ["DebertaV2ForSequenceClassification", "DebertaV2Model"],
    layer: "deberta.encoder.layer.1.attention.self.query_proj",
  },
  {
    name: "deberta",
    targets: ["attention.output.dense", "intermediate.dense", "layer.0.output.dense", "layer.1.output.dense"],
    whole: ["classifier"],
    architectures: ["DebertaForSequenceClassification", "DebertaModel"],
    layer: "deberta.encoder.layer.1.intermediate.dense",
    lora: ["attentionOutput", "intermediate", "output"],
  },
  {
    name: "modernbert",
    targets: ["attn.Wo", "mlp.Wi", "mlp.Wo"],
    whole: ["classifier"],
    architectures: ["ModernBertForSequenceClassification", "ModernBertModel"],
    layer: "model.layers.1.mlp.Wi",
    lora: ["attentionOutput", "intermediate", "output"],
  },
];

interface FamilyCase {
  name: string;
  /** Modules of an adapter on queries and outputs of feed-forward, or on `lora`. */
  targets: string[];
  whole: string[];
  architectures: string[];
  layer: string;
  lora?: LowRankTarget[];
}

describe.each(familyCases)(
  "checkpoints of the family $name",
  async ({ name, targets, whole, architectures, layer, lora }) => {
    const folder = await FamilyFolder.of(name);
    const { config } = folder;
    const classes = folder.stored(SEQUENCE).tensors[`${config.names.classifier}.bias`]?.[0] ?? 0;

    it("have the names and shapes of transformers", () => {
      const own = parameterLayout(config, classes, "pooler").flatMap(({ parts, partShape }) =>
        parts.map((part) => [part, partShape] as const),
      );
      expect(Object.fromEntries(own)).toEqual(folder.stored(SEQUENCE).tensors);
      const masked = folder.stored("AutoModelForMaskedLM").tensors;
      const head = languageHeadLayout(config).flatMap(({ parts, partShape }) =>
        parts.map((part) => [part, partShape] as const),
      );
      const encoder = own.filter(([one]) => one.startsWith(config.names.base) && one in masked);
      expect(Object.fromEntries([...encoder, ...head])).toEqual(masked);
    });

    // ModernBERT has no class of its own for pretraining.
    const autos = [...AUTO, SEQUENCE].filter((auto) => auto in folder.keys);

    it.each(autos)("as %s: the same parameters start afresh, the same tensors are left aside", async (auto) => {
      const { tensors, fresh, left_aside: aside } = folder.stored(auto);
      const source = folder.listed(auto);
      expect([...source.tensors.keys()].filter((one) => config.names.canonical(one) === null).sort()).toEqual(aside);
      const { notes } = inspectCheckpoint(config, source, classes);
      const unused = aside.length === 1 ? "1 tensor is" : `${aside.length} tensors are`;
      expect(notes.some((note) => note.startsWith(`${unused} not used`))).toBe(aside.length > 0);
      const read = (one: string) => Promise.resolve(new Float32Array((tensors[one] ?? []).reduce((a, b) => a * b, 1)));
      const classifierRows = Array.from({ length: classes }, (_, row) => row);
      const { parameters } = await loadParameters(config, { ...source, read }, { classes, classifierRows, seed: 0 });
      expect(parameters.flatMap(({ parts, startsNew }) => (startsNew ? parts : [])).sort()).toEqual(fresh);
      for (const { value } of parameters) value.dispose();
    });

    it("say by the family's own name what of the head an encoder alone lacks", async () => {
      const { notes } = inspectCheckpoint(config, folder.listed("AutoModel"), classes);
      const said = {
        modernbert: "dense layer before the classifier (head.dense)",
        ...{ deberta: "pooler", "deberta-v2": "pooler", albert: null },
      }[name];
      const words = said === undefined ? "dense layer before the classifier (classifier.dense)" : said;
      const note = notes.filter((one) => one.includes("has no "));
      expect(note).toEqual(
        words === null
          ? []
          : [`The checkpoint has no ${words}: where a run pools with one, it starts from random weights.`],
      );
    });

    it("are known by what they are for", async () => {
      const kinds = [];
      for (const auto of autos) {
        const named = await folder.open(await folder.filled(auto), { architectures: [folder.stored(auto).class] });
        kinds.push(named.summary.head.kind);
        const { summary } = await folder.open(await folder.filled(auto), { architectures: undefined });
        // ModernBERT's heads of texts and of tokens are the same tensors.
        const isToldByName = name === "modernbert" && auto === "AutoModelForTokenClassification";
        if (auto !== "AutoModelForPreTraining" && !isToldByName) {
          expect(summary.head.kind).toBe(named.summary.head.kind);
        }
      }
      const pretrained = name === "electra" ? "none" : "masked-lm";
      const expected = ["none", pretrained, "masked-lm", "token-classification", "single-label"];
      expect(kinds).toEqual(expected.filter((_, i) => ([...AUTO, SEQUENCE][i] ?? "") in folder.keys));
    });

    it("are found without model_type by their architecture or their fields", () => {
      for (const changes of [{}, { architectures: undefined }]) {
        expect(familyOf(JSON.parse(folder.configJson({ model_type: undefined, ...changes }))).type).toBe(name);
      }
    });

    it("load under old names: without the prefix, with gamma and beta, in half precision", async () => {
      const tensors = await folder.tensors();
      const old = renamed(tensors, (one) =>
        one
          .replace(config.names.base, "")
          .replace(/LayerNorm\.weight$/, "LayerNorm.gamma")
          .replace(/LayerNorm\.bias$/, "LayerNorm.beta"),
      );
      old.set("embeddings.position_ids", { shape: [1, 4], values: Float32Array.of(0, 1, 2, 3) });
      const norm = `${config.names.embeddings.norm}.weight`;
      for (const dtype of ["F32", "F16", "BF16"] as const) {
        const opened = await folder.open(old, {}, dtype);
        expect(opened.summary.labelNames).toHaveLength(classes);
        const { run } = await folder.trained({ opened, recipe: { frozen: ["embeddings.", "encoder."] } });
        const { weights } = await folder.exported(run);
        const values = await weights.read(norm);
        const limit = { F32: 0, F16: 1e-3, BF16: 1e-2 }[dtype];
        values.forEach((value, i) =>
          expect(Math.abs(value - (tensors.get(norm)?.values[i] ?? NaN))).toBeLessThanOrEqual(limit),
        );
        run.dispose();
      }
    });

    it("train to an export that transformers loads, and that opens here again", async () => {
      const { run } = await folder.trained({ recipe: { epochs: 2 } });
      const contents = await folder.exported(run);
      const shapes = Object.fromEntries(contents.weights.entries.map(({ name: one, shape }) => [one, shape] as const));
      const expected = Object.entries(folder.stored(SEQUENCE).tensors).map(([one, shape]) =>
        one.startsWith(`${config.names.classifier}.`) ? [one, [3, ...shape.slice(1)]] : [one, shape],
      );
      expect(shapes).toEqual(Object.fromEntries(expected));
      let written = "";
      for await (const { name: file, input } of exportEntries(contents)) {
        if (file === "config.json" && typeof input === "string") written = input;
      }
      const own = JSON.parse(folder.configJson({ id2label: undefined, label2id: undefined })) as Record<
        string,
        unknown
      >;
      expect(JSON.parse(written)).toMatchObject({ ...own, architectures: [architectures[0]] });
      // transformers 5 refuses whole numbers without a point in these fields.
      expect(written).not.toMatch(/"(initializer_cutoff_factor|initializer_range|norm_eps|rope_theta)": \d+,?\n/);
      // What a family computes by its file's numbers is a function made anew.
      const bucketOf = config.bucketOf && { bucketOf: expect.any(Function) as unknown };
      expect(readConfig(JSON.parse(written))).toEqual({ ...config, ...bucketOf });
      run.dispose();
    });

    it("train by LoRA, whose names and modules are PEFT's", async () => {
      const loraTargets: LowRankTarget[] = lora ?? ["query", "output"];
      const recipe = { loraRank: 2, loraAlpha: 4, loraTargets };
      const { run } = await folder.trained({ recipe });
      const { adapter, weights } = await folder.exported(run, "adapter");
      expect(adapter?.targetModules).toEqual(targets);
      expect(adapter?.wholeModules).toEqual(whole);
      const names = weights.entries.map(({ name: one }) => one);
      expect(new Set(names).size).toBe(names.length);
      expect(names).toContain(`base_model.model.${layer}.lora_A.weight`);
      expect(names).toContain(`base_model.model.${config.names.classifier}.weight`);
      const b = await weights.read(`base_model.model.${layer}.lora_B.weight`);
      expect(b.some((value) => value !== 0)).toBe(true);
      const merged = await folder.exported(run);
      const tensors = await folder.tensors();
      expect(await merged.weights.read(`${layer}.weight`)).not.toEqual(tensors.get(`${layer}.weight`)?.values);
      run.dispose();
    });

    it("run the encoder once where the head trains alone", async () => {
      for (const frozen of [
        ["embeddings.", "encoder."],
        ["embeddings.", ...Array.from({ length: config.layers }, (_, i) => `encoder.layer.${i}.`)],
      ]) {
        const { run, events } = await folder.trained({ recipe: { frozen } });
        expect(events.some(({ type }) => type === "features")).toBe(true);
        run.dispose();
      }
    });

    it("pool by the mean, checkpoint, and start anew", async () => {
      const { run } = await folder.trained({ recipe: { pooling: "mean", checkpointing: "on" } });
      let written = "";
      for await (const { name: file, input } of exportEntries(await folder.exported(run))) {
        if (file === "config.json" && typeof input === "string") written = input;
      }
      expect(JSON.parse(written)).toMatchObject({ architectures: [architectures[1]], tabtune: { pooling: "mean" } });
      run.dispose();
      const { run: random, events } = await folder.trained({ recipe: { start: "random" } });
      expect(events.flatMap((event) => (event.type === "step" ? [event.loss] : [])).every(Number.isFinite)).toBe(true);
      random.dispose();
    });

    it("learn hidden words with the checkpoint's own head", async () => {
      const opened = await folder.open(await folder.filled("AutoModelForMaskedLM"));
      expect(opened.summary.languageHead).toBe("checkpoint");
      expect(hasLanguageHead(config, folder.listed("AutoModelForMaskedLM"))).toBe(true);
      const { run, events } = await folder.trained({ opened, recipe: { pretrainEpochs: 2 } });
      const losses = events.flatMap((event) => (event.type === "pretrainStep" ? [event.loss] : []));
      expect(losses.length).toBeGreaterThan(3);
      expect(losses.every(Number.isFinite)).toBe(true);
      run.dispose();
    });
  },
);

describe("what a family refuses by name", async () => {
  const albert = await FamilyFolder.of("albert");
  const electra = await FamilyFolder.of("electra");

  it("ELECTRA: learning hidden words where the checkpoint is no generator", async () => {
    const opened = await electra.open();
    expect(opened.summary.languageHead).toBe("missing");
    const problem = await thrownBy(electra.trained({ opened, recipe: { pretrainEpochs: 1 } }));
    expect(problem.found).toContain("This ELECTRA checkpoint has no head that predicts words");
  });

  it.each([
    ["layerDecay", { layerDecay: 0.9 }],
    ["gradualUnfreezing", { gradualUnfreezing: true, epochs: 8 }],
    ["reinitializeLayers", { reinitializeLayers: 1 }],
  ])("ALBERT: %s, since its layers share their weights", async (field, recipe) => {
    const { found, remedy } = await thrownBy(albert.trained({ recipe }));
    expect(found).toContain("share their weights");
    expect(remedy).toContain(`“${field}”`);
  });

  it("ALBERT: freezing some of the layers that share their weights", async () => {
    const { found } = await thrownBy(albert.trained({ recipe: { frozen: ["embeddings.", "encoder.layer.0."] } }));
    expect(found).toContain("layers 0 to 2");
    // The first of its two groups as a whole may be frozen, by layers or by name.
    const first = ["encoder.layer.0.", "encoder.layer.1.", "encoder.layer.2."];
    for (const frozen of [first, ["albert.encoder.albert_layer_groups.0."]]) {
      const { run } = await albert.trained({ recipe: { frozen: ["embeddings.", ...frozen] } });
      run.dispose();
    }
  });

  it("ALBERT: inner_group_num above 1, and more groups than layers", async () => {
    expect((await thrownBy(albert.open(undefined, { inner_group_num: 2 }))).found).toContain("inner_group_num = 2");
    expect((await thrownBy(albert.open(undefined, { num_hidden_groups: 6 }))).found).toContain("num_hidden_groups = 6");
  });

  it("RoBERTa: rows longer than its table of positions minus those before the first", async () => {
    const roberta = await FamilyFolder.of("roberta");
    const opened = await roberta.open();
    expect([opened.summary.maxPositions, opened.summary.paddingToken, opened.summary.limit.maxLength]).toEqual([
      40, 1, 40,
    ]);
    const { found, expected } = await thrownBy(roberta.trained({ opened, recipe: { maxLength: 41 } }));
    expect(`${found} ${expected}`).toContain("40 positions");
    expect((await thrownBy(roberta.open(undefined, { max_position_embeddings: 2 }))).found).toContain(
      "pad_token_id = 1",
    );
  });

  it("MPNet: fewer buckets than distances are put into; more of them stand unused", async () => {
    const mpnet = await FamilyFolder.of("mpnet");
    const { found } = await thrownBy(mpnet.open(undefined, { relative_attention_num_buckets: 12 }));
    expect(found).toContain("relative_attention_num_buckets = 12");
    const file = JSON.parse(mpnet.configJson({ relative_attention_num_buckets: 40 })) as unknown;
    expect(readConfig(file).relativeBuckets).toBe(40);
  });

  it("ModernBERT: LoRA beside what lies in one matrix, biases, and layers of another number", async () => {
    const modernbert = await FamilyFolder.of("modernbert");
    const lora = await thrownBy(modernbert.trained({ recipe: { loraRank: 2, loraTargets: ["query", "output"] } }));
    expect(lora.found).toContain("include query");
    expect((await thrownBy(modernbert.open(undefined, { attention_bias: true }))).found).toContain("attention_bias");
    expect((await thrownBy(modernbert.open(undefined, { num_hidden_layers: 2 }))).found).toContain("layer_types");
  });

  it("ModernBERT: the Hub's older fields say the same", async () => {
    const modernbert = await FamilyFolder.of("modernbert");
    const older = { layer_types: undefined, rope_parameters: undefined };
    const bases = { global_rope_theta: 160_000, local_rope_theta: 10_000 };
    const file = JSON.parse(modernbert.configJson({ ...older, ...bases })) as unknown;
    expect(readConfig(file).layerAttention).toEqual(modernbert.config.layerAttention);
    const one = JSON.parse(modernbert.configJson({ ...older, ...bases, local_rope_theta: null })) as unknown;
    expect(readConfig(one).layerAttention?.map(({ rotaryBase }) => rotaryBase)).toEqual([160_000, 160_000, 160_000]);
  });

  it("DeBERTa-v2: convolutions, other tables of positions, and a pooler that drops by itself", async () => {
    const deberta = await FamilyFolder.of("deberta-v2");
    for (const changes of [{ conv_kernel_size: 3 }, { share_att_key: false }, { position_biased_input: true }]) {
      const [[field = ""] = []] = [Object.keys(changes)];
      expect((await thrownBy(deberta.open(undefined, changes))).found).toContain(field);
    }
    expect((await thrownBy(deberta.open(undefined, { pooler_dropout: 0.3 }))).found).toContain("pooler_dropout = 0.3");
    const none = await thrownBy(deberta.open(undefined, { pos_att_type: [] }));
    expect(`${none.found} ${none.expected}`).toContain("pos_att_type = []. It was expected to be c2p or p2c, or both");
    const file = JSON.parse(deberta.configJson({ pos_att_type: "p2c|c2p" })) as unknown;
    expect(readConfig(file).positionProducts).toEqual(deberta.config.positionProducts);
  });

  it("DeBERTa: one product alone; and keys' biases, which it does not have, stay zero", async () => {
    const deberta = await FamilyFolder.of("deberta");
    const { found, expected } = await thrownBy(deberta.open(undefined, { pos_att_type: ["c2p"] }));
    expect(`${found} ${expected}`).toContain('pos_att_type = ["c2p"]. It was expected to be both c2p and p2c');
    const { run } = await deberta.trained();
    const { weights } = await deberta.exported(run);
    const own = await weights.read("deberta.encoder.layer.0.attention.self.in_proj.weight");
    const before = (await deberta.tensors()).get("deberta.encoder.layer.0.attention.self.in_proj.weight");
    // A short run moves weights by little: rows are where they were.
    own.forEach((value, i) => expect(Math.abs(value - (before?.values[i] ?? NaN))).toBeLessThan(0.1));
    run.dispose();
  });

  it("RoBERTa: no pairs, whose second text has type 0 whatever the template says", async () => {
    const { tokenizer } = await (await FamilyFolder.of("roberta")).open();
    const { ids, types } = createTokenizer(tokenizer).encode("w1 w2", "w3", 40);
    expect(ids).toEqual([2, 6, 7, 3, 8, 3]);
    expect(types).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it("any other type, with the list", async () => {
    const { found, expected } = await thrownBy(electra.open(undefined, { model_type: "longformer" }));
    expect(found).toContain("longformer");
    for (const type of ["roberta", "xlm-roberta", "camembert", "electra", "albert"])
      expect(expected).toContain(`“${type}”`);
  });
});
