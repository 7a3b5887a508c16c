import { describe, expect, it } from "vitest";
import { structureOf } from "../../scripts/measure-structure.mjs";

const six = ["const a = compute(first, second);", "use(a);", "const b = compute(second, third);", "use(b);"];
const stretch = [...six, "const c = compute(third, fourth);", "use(c, a, b, 'and some more words');"].join("\n");

describe("the measures of the structure", () => {
  it("count code, not comments, and only outside of a thing's own folder", () => {
    const measured = structureOf([
      { path: "src/families/bert/bert.ts", text: 'export const type = "bert";\n' },
      { path: "src/model/head.ts", text: `/* As in BERT. */\n// BERT\nlet held = 0;\n${stretch}\n` },
      { path: "src/run/open.ts", text: `const isBert = labelSmoothing > 0;\n${stretch}\n` },
      { path: "src/tasks/single-label/task.ts", text: "const macroF1 = 1;\n" },
      { path: "src/app/run/Chart.tsx", text: "const shown = report.macroF1;\n" },
    ]);
    expect(measured).toMatchObject({
      "source files": 5,
      "lines of the longest file": 9,
      "files outside families/ that name a family or its parameters": 1,
      "files outside tasks/ that name a task": 1,
      "module-level let": 1,
      "places that repeat six lines of another": 1,
    });
  });

  it("count a copy once, however long it is, and each further copy", () => {
    const long = `${stretch}\n${stretch.replaceAll("a", "x")}`;
    const texts = [
      long,
      `start();\n${long}\nend();`,
      `import {\n  odd,\n} from "./odd.ts";\n${long}`,
      "export const one = 1;",
    ];
    const sources = texts.map((text, i) => ({ path: `src/io/${i}.ts`, text }));
    expect(structureOf(sources)).toMatchObject({ "places that repeat six lines of another": 2 });
  });
});
