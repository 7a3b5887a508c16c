import { describe, expect, it } from "vitest";
import { families } from "../../src/families/registry.ts";
import { modernbert } from "../../src/families/modernbert/modernbert.ts";
import { automaticValue, freed, sameChoices, withAutomatic, withSet } from "../../src/recipe/automatic.ts";
import { automaticFields, type AutomaticField } from "../../src/recipe/automatic-fields.ts";
import { parseRecipe, recipeText } from "../../src/recipe/recipe-file.ts";
import { defaultRecipe, untouchedRecipe, type Recipe } from "../../src/recipe/recipe.ts";

/** Those of BERT. */
const rates = { base: 3e-5, large: 2e-5, source: "Devlin et al. 2019" };

const factsOf = (
  hiddenSize: number | null,
  trainRows: number | null,
  { counts = [1, 1], validationRows = 100 } = {},
) => ({
  model: hiddenSize === null ? null : { hiddenSize, maxPositions: 512, packedTargets: [], rates },
  data: trainRows === null ? null : { trainRows, validationRows, trainCounts: counts, hasPairs: false },
  lengths: null,
});

/** The recipe with some fields automatic. */
const filled = (
  hiddenSize: number | null,
  trainRows: number | null,
  changes = {},
  automatic: AutomaticField[] = ["learningRate", "epochs"],
) => withAutomatic({ ...defaultRecipe, automatic, ...changes }, factsOf(hiddenSize, trainRows));

describe("the automatic learning rate", () => {
  it.each([
    [32, 1e-4, ""],
    [384, 1e-4, ""],
    [511, 1e-4, ""],
    [512, 5e-5, " (Turc et al. 2019)"],
    [640, 5e-5, " (Turc et al. 2019)"],
    [767, 5e-5, " (Turc et al. 2019)"],
    [768, 3e-5, " (Devlin et al. 2019)"],
    [1023, 3e-5, " (Devlin et al. 2019)"],
    [1024, 2e-5, " (Devlin et al. 2019)"],
    [2048, 2e-5, " (Devlin et al. 2019)"],
  ])("of a hidden size of %i is %d", (hiddenSize, rate, source) => {
    const { recipe, reasons } = filled(hiddenSize, null);
    expect(recipe.learningRate).toBe(rate);
    expect(reasons).toEqual({ learningRate: `the model's hidden size is ${hiddenSize}${source}` });
  });

  it("leaves the head of pairs at random, and begins that of texts from a probe", () => {
    const of = (hasPairs: boolean) => {
      const facts = factsOf(null, 100);
      return withAutomatic(untouchedRecipe, { ...facts, data: facts.data && { ...facts.data, hasPairs } });
    };
    expect([of(false).recipe.headStart, of(true).recipe.headStart]).toEqual(["probe", "random"]);
    expect(of(true).reasons.headStart).toContain("two texts");
  });

  it("of a larger model is what its family's authors published", () => {
    const model = { hiddenSize: 768, maxPositions: 512, packedTargets: [], rates: modernbert.rates };
    const { recipe, reasons } = withAutomatic(untouchedRecipe, { model, data: null, lengths: null });
    expect(recipe.learningRate).toBe(5e-5);
    expect(reasons.learningRate).toContain("Warner et al. 2025");
    for (const { rates: own } of families) {
      expect(own.large).toBeLessThan(own.base);
      expect(own.large).toBeGreaterThanOrEqual(1e-5);
      expect(own.base).toBeLessThanOrEqual(5e-5);
      expect(own.source).toMatch(/ \d{4}/);
    }
  });
});

describe("automatic epochs", () => {
  it.each([
    // rows, batch size, epochs: ceil(300 / steps per epoch), from 3 to 20
    [384, 16, 13],
    [400, 16, 12],
    [480, 16, 10],
    [481, 16, 10],
    [1600, 16, 3],
    [1584, 16, 4],
    [100_000, 16, 3],
    [240, 16, 20],
    [20, 16, 20],
    [1, 16, 20],
    [480, 8, 5],
    [480, 32, 20],
    [3200, 32, 3],
  ])("of %i rows in batches of %i are %i", (rows, batchSize, epochs) => {
    const { recipe, reasons } = filled(null, rows, { batchSize });
    expect(recipe.epochs).toBe(epochs);
    const perEpoch = Math.ceil(rows / batchSize);
    if (epochs < 20) expect(epochs === 3 || (epochs - 1) * perEpoch < 300).toBe(true);
    if (epochs < 20) expect(epochs * perEpoch).toBeGreaterThanOrEqual(300);
    expect(reasons.epochs).toContain(`${perEpoch} step`);
  });

  it("say which bound they are at", () => {
    expect(filled(null, 384).reasons.epochs).toContain("at least 300 steps");
    expect(filled(null, 20).reasons.epochs).toContain("end at 20");
    expect(filled(null, 9000).reasons.epochs).toContain("3 epochs are the fewest");
    expect(filled(null, 1).reasons.epochs).toContain("1 training row makes 1 step per epoch");
  });
});

describe("fields that are not automatic", () => {
  it("keep their values and have no reason", () => {
    const rateAlone = filled(384, 480, { epochs: 7 }, ["learningRate"]);
    expect(rateAlone.recipe).toMatchObject({ learningRate: 1e-4, epochs: 7 });
    expect(Object.keys(rateAlone.reasons)).toEqual(["learningRate"]);
    const epochsAlone = filled(384, 480, { learningRate: 3e-4 }, ["epochs"]);
    expect(epochsAlone.recipe).toMatchObject({ learningRate: 3e-4, epochs: 10 });
    expect(withAutomatic(defaultRecipe, factsOf(384, 480))).toEqual({ recipe: defaultRecipe, reasons: {} });
  });

  it("and a recipe that needs no change is the same object", () => {
    const { recipe } = filled(384, 480);
    expect(withAutomatic(recipe, factsOf(384, 480)).recipe).toBe(recipe);
    expect(withAutomatic(untouchedRecipe, factsOf(null, null)).recipe).toBe(untouchedRecipe);
  });

  it("become so when they are set, and follow again when they are freed", () => {
    const set = withSet(untouchedRecipe, { learningRate: 1e-4 });
    expect(set.automatic).not.toContain("learningRate");
    expect(freed(set, "learningRate", true).automatic).toEqual(untouchedRecipe.automatic);
    expect(freed(untouchedRecipe, "epochs", false)).toEqual({
      ...untouchedRecipe,
      automatic: automaticFields.filter((field) => field !== "epochs"),
    });
    expect(sameChoices(set, untouchedRecipe)).toBe(false);
    expect(sameChoices({ ...untouchedRecipe, epochs: 9 }, untouchedRecipe)).toBe(true);
    expect(sameChoices({ ...untouchedRecipe, seed: 9 }, untouchedRecipe)).toBe(false);
  });
});

describe("the other automatic fields", () => {
  const of = (facts: Parameters<typeof withAutomatic>[1], changes = {}) =>
    withAutomatic({ ...untouchedRecipe, ...changes }, facts);

  it("take larger batches of many rows, and count epochs with them", () => {
    expect(of(factsOf(null, 4999)).recipe.batchSize).toBe(16);
    const many = of(factsOf(null, 5000));
    expect(many.recipe).toMatchObject({ batchSize: 32, epochs: 3 });
    expect(many.reasons.batchSize).toBe("there are 5,000 training rows");
  });

  it("take the first length that holds nearly all rows whole, up to what the model reads", () => {
    const lengths = (long: number, rows = 1000) => ({ longerThan: [...new Array<number>(64).fill(rows), long], rows });
    const value = (long: number, maxPositions = 512) =>
      of({ model: { hiddenSize: 384, maxPositions, packedTargets: [], rates }, data: null, lengths: lengths(long) });
    expect(value(20).recipe.maxLength).toBe(64);
    expect(value(20).reasons.maxLength).toBe("98\u202f% of the rows have at most 64 tokens");
    // Beyond the list no row is longer.
    expect(value(21).recipe.maxLength).toBe(128);
    expect(value(21, 100).recipe.maxLength).toBe(100);
    const cut = value(500, 64);
    expect(cut.recipe.maxLength).toBe(64);
    expect(cut.reasons.maxLength).toBe("this model has 64 positions; 50\u202f% of the rows have at most 64 tokens");
    expect(value(0, 32).recipe.maxLength).toBe(32);
    // Before lengths are known it is no more than the model reads.
    const unknown = of({
      model: { hiddenSize: 384, maxPositions: 64, packedTargets: [], rates },
      data: null,
      lengths: null,
    });
    expect(unknown).toMatchObject({ recipe: { maxLength: 64 }, reasons: { maxLength: "this model has 64 positions" } });
    const all = { longerThan: new Array<number>(513).fill(900), rows: 1000 };
    const long = { hiddenSize: 384, maxPositions: 8192, packedTargets: [], rates };
    expect(of({ model: long, data: null, lengths: all }).recipe.maxLength).toBe(512);
  });

  it("adapt query and value, and the other matrices where query, key and value are one", () => {
    const targets = (packedTargets: Recipe["loraTargets"]) =>
      of({ model: { hiddenSize: 384, maxPositions: 512, packedTargets, rates }, data: null, lengths: null });
    expect(targets([]).recipe.loraTargets).toEqual(["query", "value"]);
    expect(targets([]).reasons.loraTargets).toContain("usual targets");
    const packed = targets(["query", "key", "value"]);
    expect(packed.recipe.loraTargets).toEqual(["attentionOutput", "intermediate", "output"]);
    expect(packed.reasons.loraTargets).toContain("query, key and value in one matrix");
    expect(automaticValue(packed.recipe, "loraTargets")).toBe("attention output, intermediate and output");
  });

  it("warm short runs up for longer", () => {
    expect(of(factsOf(null, 48)).recipe).toMatchObject({ epochs: 20, warmupShare: 0.2 });
    expect(of(factsOf(null, 480)).recipe.warmupShare).toBe(0.1);
  });

  it("go on for longer, and stop by themselves, until the run stops improving", () => {
    expect(of(factsOf(null, 480)).recipe).toMatchObject({ epochs: 10, earlyStopping: 0 });
    expect(of(factsOf(null, 480), { effort: "plateau" }).recipe).toMatchObject({ epochs: 40, earlyStopping: 4 });
  });

  it("balance classes that are far apart", () => {
    const counts = (...counts: number[]) => of(factsOf(null, 480, { counts }));
    expect(counts(400, 40).recipe.classWeights).toBe(null);
    expect(counts(410, 40).recipe.classWeights).toBe("balanced");
    expect(counts(410, 40).reasons.classWeights).toBe("the most frequent class has 10 times the rows of the rarest");
    expect(counts().recipe.classWeights).toBe(null);
  });

  it("evaluate for at most a tenth of the time", () => {
    const value = (trainRows: number, validationRows: number) =>
      of(factsOf(null, trainRows, { validationRows })).recipe.evaluationsPerEpoch;
    expect(value(480, 120)).toBe(1);
    expect(value(4460, 1114)).toBe(5);
    expect(value(100_000, 20_000)).toBe(10);
  });
});

describe("automatic fields in a recipe file", () => {
  it("are listed beside their values, and a file without the list has none", () => {
    const { recipe } = withAutomatic(untouchedRecipe, factsOf(384, 480));
    expect(JSON.parse(recipeText(recipe))).toMatchObject({
      automatic: automaticFields,
      learningRate: 1e-4,
      epochs: 10,
    });
    expect(parseRecipe(recipeText(recipe))).toEqual(recipe);
    for (const version of [1, 2, 3]) {
      expect(parseRecipe(JSON.stringify({ version, epochs: 5 }))).toEqual({ ...defaultRecipe, epochs: 5 });
    }
    expect(() => parseRecipe(`{"automatic": ["pooling"]}`)).toThrow("automatic");
  });
});

describe("automatic fields where classes are sampled", () => {
  const facts = factsOf(384, 480, { counts: [400, 80], validationRows: 30 });
  const of = (sampling: Recipe["sampling"]) => withAutomatic({ ...untouchedRecipe, batchSize: 16, sampling }, facts);

  it("count the rows that an epoch draws", () => {
    expect(of("all").recipe).toMatchObject({ epochs: 10, warmupShare: 0.1, evaluationsPerEpoch: 4 });
    expect(of("oversample").recipe).toMatchObject({ epochs: 6, warmupShare: 0.1, evaluationsPerEpoch: 8 });
    expect(of("undersample").recipe).toMatchObject({ epochs: 20, evaluationsPerEpoch: 1 });
    expect(of("undersample").reasons.epochs).toMatch(/^160 training rows make 10 steps per epoch/);
  });

  it("do not weigh the classes too", () => {
    const uneven = factsOf(384, 480, { counts: [460, 20] });
    const weightsOf = (sampling: Recipe["sampling"]) =>
      withAutomatic({ ...untouchedRecipe, sampling }, uneven).recipe.classWeights;
    expect(weightsOf("all")).toBe("balanced");
    expect(weightsOf("oversample")).toBeNull();
  });
});
