import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readAll } from "../../src/io/byte-source.ts";
import { checkpointFiles, renamed, tinyConfig, tinyTensors } from "../model/tiny-checkpoint.ts";
import { runProgram } from "./program.ts";
import { tinyFolder, type TinyFolder } from "./tiny-folder.ts";

let tiny: TinyFolder;
beforeAll(async () => {
  tiny = await tinyFolder();
});
afterAll(() => rm(tiny.folder, { recursive: true }));

/** The tiny checkpoint without the tensors that match, under this config. */
async function checkpointWithout(name: string, left: RegExp, config: Record<string, unknown> = {}): Promise<string> {
  const folder = join(tiny.folder, name);
  await mkdir(folder);
  const tensors = renamed(await tinyTensors(), (tensor) => (left.test(tensor) ? null : tensor));
  for (const file of await checkpointFiles(tensors, { config: tinyConfig(config) })) {
    await writeFile(join(folder, file.name), await readAll(file));
  }
  return folder;
}

/** What `fit` says on standard error, with nothing trained: the backend does not exist. */
async function said(model: string, data = tiny.data, ...settings: string[]): Promise<string> {
  const sets = settings.flatMap((setting) => ["--set", setting]);
  const files = ["--model", model, "--data", data, "--out", join(tiny.folder, "never")];
  const { code, stderr } = await runProgram(["tabtune", "fit", ...files, ...sets, "--backend", "none"]);
  expect(code).toBe(2);
  return stderr;
}

describe("fit says before it starts", () => {
  const note =
    /^note: The classifier is new \(a linear model fitted to the frozen encoder, trained in this run\): (.*)\.$/m;

  it.each([
    ["encoder", /^classifier/, { architectures: ["BertModel"] }],
    ["language-model", /^(classifier|bert\.pooler)/, { architectures: ["BertForMaskedLM"] }],
  ])("that the classifier is new on a plain %s", async (name, left, config) => {
    const model = await checkpointWithout(name, left, config);
    const missing = "the checkpoint has none for the task single-label";
    expect(note.exec(await said(model))?.[1]).toBe(missing);
    expect(await said(model, tiny.data, "headStart=random")).toContain(
      `note: The classifier is new (random weights, trained in this run): ${missing}.`,
    );
  });

  it("that it is new where the checkpoint's own is for other classes, pooled otherwise or re-initialized", async () => {
    expect(note.exec(await said(tiny.model))?.[1]).toBe("the checkpoint's own is for LABEL_0, LABEL_1, LABEL_2");
    expect(note.exec(await said(tiny.model, tiny.data, "pooling=mean"))?.[1]).toContain("pooled by “pooler”");
    expect(note.exec(await said(tiny.model, tiny.data, "reinitializeLayers=1"))?.[1]).toContain("re-initializes it");
  });

  it("that the checkpoint's own is kept, where it goes on", async () => {
    const own = join(tiny.folder, "own.csv");
    const rows = Array.from({ length: 30 }, (_, row) => `the film is number ${row},LABEL_${row % 3}`);
    await writeFile(own, `text,label\n${rows.join("\n")}\n`);
    const kept = await said(tiny.model, own);
    expect(kept).toContain("note: The classifier of the checkpoint is kept: LABEL_0, LABEL_1, LABEL_2.");
    expect(kept).not.toMatch(note);
    // A number has another head.
    const scores = join(tiny.folder, "scores.csv");
    await writeFile(scores, `text,score\n${rows.map((row, i) => `${row.split(",")[0]},${i + 0.5}`).join("\n")}\n`);
    expect(await said(tiny.model, scores)).toContain(
      "note: The regressor is new (a linear model fitted to the frozen encoder, trained in this run): the checkpoint has none for the task regression.",
    );
  });

  it("that LoRA leaves a random pooler as it is; nothing of it with a pooler or another pooling", async () => {
    const model = await checkpointWithout("no-pooler", /^(classifier|bert\.pooler)/, { architectures: ["BertModel"] });
    const warning = "warning: The checkpoint has no pooler, and LoRA does not train the random one in its place.";
    expect(await said(model, tiny.data, "loraRank=2")).toContain(warning);
    expect(await said(model, tiny.data, "loraRank=2", "pooling=mean")).not.toContain(warning);
    expect(await said(model)).not.toContain(warning);
    expect(await said(tiny.model, tiny.data, "loraRank=2")).not.toContain(warning);
  });
});
