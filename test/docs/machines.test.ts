import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { MachineMeasurement } from "../../src/run/machine/measure-machine.ts";
import { summaryOf } from "../../src/run/machine/summary.ts";

const page = readFileSync("docs/machines.md", "utf8");
const [, measured = ""] = page.split("## Measured");
const rows = (measured.split("## ")[0] ?? "").split("\n").filter((line) => line.startsWith("| "));
const files = readdirSync("docs/machines").filter((name) => name.endsWith(".json"));

it.each(files)("has the row of %s", (file) => {
  const measurement = JSON.parse(readFileSync(`docs/machines/${file}`, "utf8")) as MachineMeasurement;
  const values = summaryOf(measurement).map(({ value }) => value);
  expect(rows).toContain(`| ${[...values, measurement.browser].join(" | ")} |`);
});

it("has no row without a file", () => {
  // Head and rule are rows too.
  expect(rows).toHaveLength(files.length + 2);
});
