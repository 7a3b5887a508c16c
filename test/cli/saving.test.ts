import { mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runProgram } from "./program.ts";
import { tinyFolder, type TinyFolder } from "./tiny-folder.ts";
import { watchProgram } from "./watched.ts";

let tiny: TinyFolder;
beforeAll(async () => {
  tiny = await tinyFolder();
});
afterAll(() => rm(tiny.folder, { recursive: true }));

const sets = (...settings: string[]) => settings.flatMap((setting) => ["--set", setting]);
const fitOptions = (out: string, data: string, ...more: string[]) => [
  ...["tabtune", "fit", "--model", tiny.model, "--data", data, "--out", out, "--backend", "wasm"],
  ...sets("maxLength=16", "evaluationsPerEpoch=1", "batchSize=8"),
  ...more,
];

describe("fit --neutralize", () => {
  it("writes a predictions.csv that no spreadsheet program runs; without it the texts are exact", async () => {
    const starts = ["=", "+", "-", "@"];
    const rows = Array.from(
      { length: 60 },
      (_, i) => `${starts[i % 4]}SUM(A${i}) is great\t${i % 2 ? "@good" : "bad"}`,
    );
    const data = join(tiny.folder, "formulas.tsv");
    await writeFile(data, ["text\tlabel", ...rows].join("\n"));
    const out = join(tiny.folder, "formulas");
    const predictions = () => readFile(join(out, "model/predictions.csv"), "utf8");
    expect((await runProgram(fitOptions(out, data, "--steps", "2"))).code).toBe(0);
    expect(await predictions()).toMatch(/^\d+,[=+@-]SUM/m);
    expect((await runProgram(fitOptions(out, data, "--steps", "2", "--neutralize"))).code).toBe(0);
    const neutral = await predictions();
    expect(neutral).toMatch(/^\d+,'[=+@-]SUM\(A\d+\) is great,('@good|bad),/m);
    expect(neutral).not.toMatch(/(^|,)[=+@-]/m);
  });
});

describe("a run that its baseline beats", () => {
  it("says so with both numbers, and writes the baseline beside its best weights", async () => {
    const out = join(tiny.folder, "beaten");
    const { code, stderr } = await runProgram(fitOptions(out, tiny.data, "--steps", "1", ...sets("learningRate=1e-9")));
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /The baseline is better: macro F1 [\d.]+, and [\d.]+ after fine-tuning[.] It is in .*baseline[.]/,
    );
    const report = JSON.parse(await readFile(join(out, "report.json"), "utf8")) as {
      weights: string;
      baseline: unknown;
    };
    expect(report.weights).toBe("best");
    expect(report.baseline).toMatchObject({ against: { metric: "macroF1", better: "baseline" } });
    expect(await readdir(join(out, "baseline"))).toContain("model.safetensors");
    expect(await readFile(join(out, "baseline/README.md"), "utf8")).toContain("the baseline of a run");
    // A later run that is not beaten leaves no baseline of this one.
    expect((await runProgram(fitOptions(out, tiny.data, "--steps", "1", ...sets("baseline=false")))).code).toBe(0);
    expect(await readdir(out)).not.toContain("baseline");
  });
});

describe("a run whose weights cannot be written where they should", () => {
  /** What stands in the way of the weights, within the folder of the unfinished run. */
  const obstacles: [string, (unfinished: string) => Promise<unknown>, string][] = [
    [
      "a full disk",
      async (unfinished) => {
        await mkdir(join(unfinished, "model"));
        await symlink("/dev/full", join(unfinished, "model/model.safetensors"));
      },
      "the disk is full",
    ],
    ["a folder that cannot be made", (unfinished) => writeFile(join(unfinished, "model"), ""), "it is a file"],
  ];

  it.each(obstacles)("%s: saves all elsewhere, and leaves the earlier run whole", async (name, plant, reason) => {
    const out = join(tiny.folder, name.replaceAll(" ", "-"));
    const earlier = fitOptions(out, tiny.data, "--steps", "2", ...sets("baseline=false"));
    expect((await runProgram(earlier)).code).toBe(0);
    const before = await readFile(join(out, "report.json"), "utf8");
    const { child, seen, ended } = watchProgram(fitOptions(out, tiny.data, ...sets("epochs=1000")));
    await seen(/full evaluation at step/);
    const unfinished = (await readdir(out)).find((one) => one.startsWith(".tabtune-unfinished-")) ?? "";
    await plant(join(out, unfinished));
    child.kill("SIGTERM");
    const { code, stderr } = await ended;
    expect(code).toBe(143);
    expect(stderr).toContain(`could not be written (${reason}`);
    const model = /best weights, of step \d+, are in (\S+)\.$/m.exec(stderr)?.[1] ?? "";
    expect(model).toContain("tabtune-rescued-");
    expect((await readdir(model)).sort()).toContain("model.safetensors");
    await rm(dirname(model), { recursive: true });
    expect(await readFile(join(out, "report.json"), "utf8")).toBe(before);
    // The stopped run can go on where the earlier one is.
    expect((await readdir(out)).sort()).toEqual(["metrics.jsonl", "model", "report.html", "report.json", "saves"]);
  });
});
