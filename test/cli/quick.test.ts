import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runProgram } from "./program.ts";
import { tinyFolder } from "./tiny-folder.ts";

it("fit with the effort “quick” speaks of the baseline alone", async () => {
  const { folder, data, model } = await tinyFolder();
  const out = join(folder, "out");
  const given = ["--data", data, "--model", model, "--out", out, "--backend", "cpu"];
  const { stderr } = await runProgram(["tabtune", "fit", ...given, "--set", "effort=quick", "--set", "epochs=5"]);
  expect(stderr).toContain(
    'note: epochs has no effect while effort is "quick": it matters where effort is not "quick".',
  );
  expect(stderr).toContain("held out; no steps: the baseline alone");
  expect(stderr).toMatch(/^baseline: accuracy \d\.\d{4}/m);
  expect(stderr).toContain(`The baseline is in ${join(out, "model")}.`);
  // Nothing is trained: neither a head that starts, nor advice on steps, nor a rate.
  expect(stderr).not.toMatch(/trained in this run|^advice:|learning rate: automatic/m);
  expect(existsSync(join(out, "model", "README.md"))).toBe(true);
  await rm(folder, { recursive: true });
});
