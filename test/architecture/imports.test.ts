import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let folder = "";

function write(path: string, text: string) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function check(root: string) {
  const result = spawnSync(process.execPath, ["scripts/check-imports.mjs", root], { encoding: "utf8" });
  return { code: result.status, text: result.stdout + result.stderr };
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "imports-"));
  write("tsconfig.json", "{}");
  write("src/ops/sum.ts", "export const sum = (a: number, b: number) => a + b;\n");
  write("src/families/registry.ts", 'export const name = "";\n');
  write("src/model/head.ts", 'import { sum } from "../ops/sum.ts";\nexport const two = sum(1, 1);\n');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the import check", () => {
  it("passes a tree that keeps the table, having read its modules", () => {
    const { code, text } = check(folder);
    expect(text).toContain("3 modules looked at, 0 forbidden imports.");
    expect(code).toBe(0);
  });

  it.each([
    [
      "a folder that the table does not list",
      "src/ops/bad.ts",
      'import { two } from "../model/head.ts";\nvoid two;\n',
      "ops-imports",
    ],
    [
      "a type from there",
      "src/io/bad.ts",
      'import type { two } from "../model/head.ts";\nexport type T = typeof two;\n',
      "io-imports",
    ],
    ["the page into the engine", "src/app/bad.ts", 'void import("../model/head.ts");\n', "app-imports"],
    [
      "a family into the building blocks",
      "src/model/bad.ts",
      'import { name } from "../families/registry.ts";\nvoid name;\n',
      "model-imports",
    ],
    ["React outside of the page", "src/run/bad.ts", 'import "react";\n', "react-only-in-app"],
    ["a folder without a line in the table", "src/misc/bad.ts", 'import "../ops/sum.ts";\n', "only-known-folders"],
  ])("fails %s", (_what, path, text, rule) => {
    write(path, text);
    const result = check(folder);
    expect(result.text).toContain(`${rule}: ${path}`);
    expect(result.code).toBe(1);
  });

  it("lets the page write CSV, and read no file", () => {
    write("src/io/csv-cells.ts", "export const csv = 1;\n");
    write("src/io/csv.ts", "export const csv = 1;\n");
    write("src/app/good.ts", 'import { csv } from "../io/csv-cells.ts";\nvoid csv;\n');
    write("src/app/bad.ts", 'import { csv } from "../io/csv.ts";\nvoid csv;\n');
    const { text } = check(folder);
    expect(text).toContain("app-only-writes-csv: src/app/bad.ts");
    expect(text).not.toContain("src/app/good.ts");
  });

  it("lets the page list the families, and read none of their files", () => {
    write("src/families/head-kind.ts", "export const kind = 1;\n");
    write("src/app/good.ts", 'import { name } from "../families/registry.ts";\nvoid name;\n');
    write("src/app/bad.ts", 'import { kind } from "../families/head-kind.ts";\nvoid kind;\n');
    const { text } = check(folder);
    expect(text).toContain("app-only-lists-families: src/app/bad.ts");
    expect(text).not.toContain("src/app/good.ts");
  });

  it("lets nobody but the tasks read a task's own files, and training their interface alone", () => {
    write("src/tasks/task.ts", "export interface Task {\n  name: string;\n}\n");
    write("src/tasks/odd/odd.ts", "export const odd = 1;\n");
    write("src/tasks/registry.ts", 'import { odd } from "./odd/odd.ts";\nexport const tasks = [odd];\n');
    write("src/run/bad.ts", 'import { odd } from "../tasks/odd/odd.ts";\nvoid odd;\n');
    write("src/app/good.ts", 'import { tasks } from "../tasks/registry.ts";\nvoid tasks;\n');
    write("src/train/good.ts", 'import type { Task } from "../tasks/task.ts";\nexport type T = Task;\n');
    write("src/train/bad.ts", 'import { tasks } from "../tasks/registry.ts";\nvoid tasks;\n');
    const { text } = check(folder);
    expect(text).toContain("tasks-are-listed: src/run/bad.ts");
    expect(text).toContain("train-knows-tasks-by-interface: src/train/bad.ts");
    expect(text).not.toContain("good.ts");
  });

  it("lets the page ask which weights there are, and run no plan", () => {
    write("src/plan/weights.ts", "export const weights = 1;\n");
    write("src/plan/predict-memory.ts", "export const predict = 1;\n");
    write("src/app/good.ts", 'import { weights } from "../plan/weights.ts";\nvoid weights;\n');
    write("src/app/bad.ts", 'import { predict } from "../plan/predict-memory.ts";\nvoid predict;\n');
    const { text } = check(folder);
    expect(text).toContain("app-runs-no-plan: src/app/bad.ts");
    expect(text).not.toContain("src/app/good.ts");
  });

  it("fails a cycle", () => {
    write("src/io/a.ts", 'import { b } from "./b.ts";\nexport const a = () => b;\n');
    write("src/io/b.ts", 'import { a } from "./a.ts";\nexport const b = () => a;\n');
    const result = check(folder);
    expect(result.text).toContain("no-cycles");
    expect(result.code).toBe(1);
  });

  it("fails when no module was read", () => {
    rmSync(join(folder, "src"), { recursive: true });
    mkdirSync(join(folder, "src"));
    const result = check(folder);
    expect(result.text).toContain("No module was read");
    expect(result.code).toBe(1);
  });
});
