import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { unzipSync } from "fflate";
import { writeFamilyCheckpoint } from "./family-checkpoint.ts";
import { csvOf, firstOfEach, textFile, tinyCheckpoint, tinyConfig } from "./page-files.ts";
import { TabtunePage } from "./tabtune-page.ts";

const texts = ["You have WON a guaranteed prize! Call 09061701461 now", "See you at home around eight then"];

const cases = [
  {
    name: "deberta-v2",
    label: "DeBERTa-v2/v3",
    layers: "2 layers of 36",
    backend: "wasm",
    lacks: "The checkpoint has no pooler:",
    classifier: "DebertaV2ForSequenceClassification",
  },
  {
    name: "modernbert",
    label: "ModernBERT",
    layers: "3 layers of 28",
    backend: "webgpu",
    lacks: "The checkpoint has no dense layer before the classifier (head.dense):",
    classifier: "ModernBertForSequenceClassification",
  },
] as const;

test.describe("an encoder of another family", () => {
  for (const { name, label, layers, backend, lacks, classifier } of cases) {
    test(`goes from a dropped folder to a zip that predicts the same: ${name}`, async ({ page }) => {
      const folder = mkdtempSync(join(tmpdir(), `tabtune-${name}-`));
      const zip = join(folder, "model.zip");
      await writeFamilyCheckpoint(join(folder, "small"), name);
      const app = new TabtunePage(page);
      await page.goto("/");
      await app.chooseBackend(backend);
      await app.drop(page.getByText("Drop a checkpoint"), [join(folder, "small")]);
      const model = app.card("Model");
      await expect(model).toContainText(`small · ${label}`);
      await expect(model).toContainText(layers);
      await expect(model).toContainText(lacks);
      await app.choose("Data files", [textFile("messages.csv", csvOf(firstOfEach(40)))]);
      await expect(app.card("Data")).toContainText("80 rows");

      await app.fillRecipe({ "Learning rate": "0.003", Epochs: "2", "Max length": "24", "Evaluations per epoch": "1" });
      await app.start.click();
      await expect(app.bar).toContainText(/^Finished. Best: step \d+/, { timeout: 240_000 });
      expect(await app.figure("Rows")).toBe(16);
      const seen = [];
      for (const text of texts) seen.push(await app.tryText(text));
      expect(Math.abs((seen[0]?.["spam"] ?? 0) - (seen[1]?.["spam"] ?? 0))).toBeGreaterThan(0.01);

      const panel = await app.openTab("Download");
      const saved = page.waitForEvent("download");
      await panel.getByRole("button", { name: /^Download the model/ }).click();
      await (await saved).saveAs(zip);
      const files = unzipSync(readFileSync(zip));
      const text = (file: string) => {
        const path = Object.keys(files).find((one) => one === file || one.endsWith(`/${file}`)) ?? "";
        return new TextDecoder().decode(files[path]);
      };
      expect(JSON.parse(text("config.json"))).toMatchObject({ architectures: [classifier], model_type: name });
      expect(text("tokenizer.json")).toContain('"model"');
      expect(text("README.md")).toContain(`A text classifier of the family ${label}, fine-tuned from small`);

      await page.reload();
      await app.chooseBackend(backend);
      await app.drop(page.getByText("Drop a checkpoint"), [zip]);
      await expect(model.getByText("kept: ham, spam")).toBeVisible();
      await expect(model).not.toContainText("has no");
      for (const [i, one] of texts.entries()) {
        const again = await app.tryText(one);
        expect(Math.abs((again["spam"] ?? 2) - (seen[i]?.["spam"] ?? -2))).toBeLessThan(1e-4);
      }
    });
  }

  test("of a type that is not trained here is refused with those that are", async ({ page }) => {
    const app = new TabtunePage(page);
    await page.goto("/");
    // Nothing else is asked for first: no tokenizer is in the drop.
    await app.choose(
      "Model files",
      tinyCheckpoint({ "config.json": tinyConfig({ model_type: "longformer" }), "tokenizer.json": null }),
    );
    const alert = app.card("Model").getByRole("alert");
    await expect(alert).toContainText("The checkpoint is of type “longformer”.");
    for (const type of ["bert", "xlm-roberta", "mpnet", "modernbert", "deberta", "deberta-v2"]) {
      await expect(alert).toContainText(`“${type}”`);
    }
    await expect(alert).toContainText("answerdotai/ModernBERT-base");
  });
});
