import { describe, expect, it } from "vitest";
import { automaticReasons } from "../../src/app/actions/recipe-actions.ts";
import { presetOf, presets, withPreset } from "../../src/recipe/presets.ts";
import { untouchedRecipe, type Recipe } from "../../src/recipe/recipe.ts";
import { dataSummary, modelSummary } from "./fake-session.ts";
import { csv, setUp } from "./set-up.ts";

/** A page whose models and tables have these sizes, in the order in which they are opened. */
function sized({ hidden = [384], rows = [384] }: { hidden?: number[]; rows?: number[] } = {}) {
  const [hiddenLeft, rowsLeft] = [[...hidden], [...rows]];
  const latest = { trainRows: 0 };
  const page = setUp({
    openModel: async () => modelSummary({ hiddenSize: hiddenLeft.shift() ?? 384 }),
    selectRows: async () => {
      latest.trainRows = rowsLeft.shift() ?? latest.trainRows;
      return dataSummary({ trainRows: latest.trainRows });
    },
  });
  const numbers = () => {
    const { learningRate, epochs } = page.state().recipe;
    return [learningRate, epochs];
  };
  return { ...page, numbers };
}

/** All automatic fields but some. */
const without = (...fields: string[]) => untouchedRecipe.automatic.filter((field) => !fields.includes(field));

const model = () => [csv("config.json")];

describe("the automatic recipe on the page", () => {
  it("has the fields' defaults until model and data are known, and then follows each", async () => {
    const { actions, numbers } = sized();
    expect(numbers()).toEqual([2e-5, 3]);
    await actions.openModel(model());
    expect(numbers()).toEqual([1e-4, 3]);
    await actions.openTable(csv("a.csv"));
    expect(numbers()).toEqual([1e-4, 13]);
  });

  it("is computed again for another model, other rows and another batch size", async () => {
    const { actions, numbers, state } = sized({ hidden: [384, 768, 1024], rows: [384, 3200, 160] });
    await actions.openModel(model());
    await actions.openTable(csv("a.csv"));
    await actions.openModel(model());
    expect(numbers()).toEqual([3e-5, 13]);
    await actions.openTable(csv("b.csv"));
    expect(numbers()).toEqual([3e-5, 3]);
    await actions.openModel(model());
    expect(numbers()).toEqual([2e-5, 3]);
    await actions.setShare(0.5);
    expect(numbers()).toEqual([2e-5, 20]);
    await actions.setRecipe({ batchSize: 4 });
    expect(numbers()).toEqual([2e-5, 8]);
    expect(automaticReasons(state())).toMatchObject({
      learningRate: "the model's hidden size is 1024 (Devlin et al. 2019)",
      epochs: "160 training rows make 40 steps per epoch, and a run should have at least 300 steps",
    });
  });

  it("leaves a field that a person has set as it is", async () => {
    const { actions, numbers, state } = sized({ hidden: [384, 768], rows: [384, 3200] });
    await actions.openModel(model());
    await actions.openTable(csv("a.csv"));
    await actions.setRecipe({ learningRate: 7e-5 });
    await actions.openModel(model());
    expect(numbers()).toEqual([7e-5, 13]);
    await actions.setRecipe({ ...state().recipe, epochs: 5 });
    await actions.openTable(csv("b.csv"));
    expect(numbers()).toEqual([7e-5, 5]);
    expect(state().recipe.automatic).toEqual([]);
    await actions.makeAutomatic("learningRate", true);
    expect(numbers()).toEqual([3e-5, 5]);
    await actions.resetRecipe();
    expect(numbers()).toEqual([3e-5, 3]);
  });

  it("leaves a field that a person has set to the very number that was automatic", async () => {
    const { actions, numbers, state } = sized({ hidden: [384, 768], rows: [384, 3200] });
    await actions.openModel(model());
    await actions.openTable(csv("a.csv"));
    await actions.setRecipe({ learningRate: 1e-4 });
    expect(state().recipe.automatic).toEqual(without("learningRate"));
    await actions.openModel(model());
    expect(numbers()).toEqual([1e-4, 13]);
    await actions.setRecipe({ epochs: 13 });
    await actions.openTable(csv("b.csv"));
    expect(numbers()).toEqual([1e-4, 13]);
    await actions.undo();
    await actions.undo();
    expect(state().recipe.automatic).toEqual(without("learningRate"));
    await actions.setRecipe({ seed: 7 });
    expect(state().recipe.automatic).toEqual(without("learningRate"));
  });

  it("comes back with undo, also after the model has changed", async () => {
    const { actions, numbers, state } = sized({ hidden: [384, 768] });
    await actions.openModel(model());
    await actions.openTable(csv("a.csv"));
    await actions.setRecipe({ learningRate: 7e-5 });
    await actions.setRecipe({ epochs: 2 });
    await actions.undo();
    expect(numbers()).toEqual([7e-5, 13]);
    await actions.openModel(model());
    await actions.undo();
    expect(numbers()).toEqual([3e-5, 13]);
    await actions.redo();
    expect(numbers()).toEqual([7e-5, 13]);
    await actions.redo();
    expect(numbers()).toEqual([7e-5, 2]);
    expect(state().recipe.automatic).toEqual(without("learningRate", "epochs"));
  });

  it("gives LoRA the targets that the model has, also where the way to train was chosen before", async () => {
    const families = ["modernbert", "bert"] as const;
    let opened = 0;
    const { actions, state } = setUp({ openModel: async () => modelSummary({ family: families[opened++] ?? "bert" }) });
    const targets = () => state().recipe.loraTargets;
    const lora = presets.find(({ name }) => name === "lora");
    await actions.takeRecipe(withPreset(state().recipe, lora ?? { changes: {} }));
    expect(targets()).toEqual(["query", "value"]);
    await actions.openModel(model());
    expect(targets()).toEqual(["attentionOutput", "intermediate", "output"]);
    expect(presetOf(state().recipe)?.name).toBe("lora");
    expect(automaticReasons(state()).loraTargets).toContain("query, key and value in one matrix");
    await actions.openModel(model());
    expect(targets()).toEqual(["query", "value"]);
    await actions.setRecipe({ loraTargets: ["output"] });
    expect(state().recipe.automatic).not.toContain("loraTargets");
  });

  it("is fixed by a recipe file and by a preset, even one with the same numbers", async () => {
    const file = (recipe: Partial<Recipe>) => new File([JSON.stringify(recipe)], "recipe.json");
    const { actions, numbers, state } = sized({ hidden: [384, 768], rows: [384] });
    await actions.openModel(model());
    await actions.openTable(csv("a.csv"));
    await actions.loadRecipe(file({ learningRate: 1e-4, epochs: 13 }));
    await actions.openModel(model());
    expect(numbers()).toEqual([1e-4, 13]);
    for (const preset of presets) {
      await actions.resetRecipe();
      expect(numbers()).toEqual([3e-5, 13]);
      await actions.takeRecipe(withPreset(state().recipe, preset));
      const { learningRate = 2e-5, epochs = 3 } = preset.changes;
      expect(numbers()).toEqual([learningRate, epochs]);
    }
  });

  it("is what the run, the rate finder and the estimate get, and what is saved", async () => {
    const { actions, session } = sized();
    await actions.openModel(model());
    await actions.openTable(csv("a.csv"));
    const sizes = { learningRate: 1e-4, epochs: 13, maxLength: 64, evaluationsPerEpoch: 1 };
    const used = { ...untouchedRecipe, ...sizes, headStart: "probe" };
    await actions.findRate();
    await actions.estimateRun();
    await actions.start();
    const given = session.calls.filter(([name]) => ["findRate", "plan", "start"].includes(name));
    expect(given).toEqual([
      ["findRate", used],
      ["plan", used],
      ["start", used],
    ]);
    expect(JSON.parse(await actions.saveRecipe().text())).toEqual(used);
  });

  it("puts nothing into the history where a reset changes nothing", async () => {
    const { actions, state } = sized();
    await actions.openModel(model());
    await actions.openTable(csv("a.csv"));
    const before = state().past.length;
    await actions.resetRecipe();
    expect(state().past).toHaveLength(before);
  });
});
