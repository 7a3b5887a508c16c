import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { openModel } from "../../src/run/open-model.ts";
import { textSource } from "../io/model-folder.ts";
import { checkpointFiles, tinyTensors } from "../model/tiny-checkpoint.ts";
import { useNodeBackend } from "../node-backend.ts";

it("opens a folder that an older version exported, with the recipe's length", async () => {
  await useNodeBackend("cpu");
  const files = await checkpointFiles(await tinyTensors());
  const own = await openModel(files);
  const old = readFileSync(new URL("../recipe/version-2.json", import.meta.url), "utf8");
  const shorter = old.replace(`"maxLength": 128`, `"maxLength": 7`);
  expect(shorter).toContain("rowsPerStep");
  expect(own.summary.limit.maxLength).toBeGreaterThan(7);
  expect((await openModel([...files, textSource("recipe.json", shorter)])).summary.limit.maxLength).toBe(7);
});
