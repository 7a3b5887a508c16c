import { describe, expect, it } from "vitest";
import { predictedCells, predictedHeader, predictedJson, type PredictedTable } from "../../src/cli/predicted-lines.ts";
import { defaultTrainedTask } from "../../src/tasks/trained-tasks.ts";

const task = defaultTrainedTask;
const few: PredictedTable = { place: "line", texts: 1, task, labelNames: ["ham", "spam", "__proto__"] };
const names = (count: number) => Array.from({ length: count }, (_, k) => `intent ${k}`);
const many: PredictedTable = { place: "row", texts: 2, task, labelNames: names(4000) };
const probabilities = names(4000).map((_, k) => (k === 3999 ? 0.5 : k === 7 ? 0.25 : 0.25 / 3998));

describe("lines of predictions", () => {
  it("have the probability of each of a few classes", () => {
    const row = { line: 2, texts: ["hello"], prediction: { label: "spam", probabilities: [0.25, 0.5, 0.25] } };
    expect(predictedHeader(few).slice(-3)).toEqual(["probability_ham", "probability_spam", "probability___proto__"]);
    expect(predictedCells(row, few)).toEqual([2, "hello", "spam", 0.5, 0.25, 0.5, 0.25]);
    expect(predictedJson(row, few)).toBe(
      '{"line":2,"text":"hello","label":"spam","confidence":0.5,"scores":{"ham":0.25,"spam":0.5,"__proto__":0.25}}\n',
    );
  });

  it("have the ten most probable of thousands of classes", () => {
    const row = { line: 1, texts: ["a", "b"], prediction: { label: "intent 3999", probabilities } };
    expect(predictedHeader(many)).toHaveLength(5 + 20);
    const cells = predictedCells(row, many);
    expect(cells).toHaveLength(5 + 20);
    expect(cells.slice(3, 9)).toEqual(["intent 3999", 0.5, "intent 3999", 0.5, "intent 7", 0.25]);
    expect(predictedJson(row, many)).toMatch(
      /"confidence":0.5,"scores":\{"intent 3999":0.5,"intent 7":0.25,"intent 0":[^}]*\}\}\n$/,
    );
    expect(predictedJson(row, many).match(/intent/g)).toHaveLength(11);
  });

  it("are as wide for rows without a text", () => {
    for (const table of [few, many, { ...many, labelNames: names(100) }, { ...many, labelNames: names(101) }]) {
      const texts = table.texts === 1 ? [""] : ["", ""];
      const row = { line: 9, texts, prediction: null };
      expect(predictedCells(row, table)).toHaveLength(predictedHeader(table).length);
      expect(predictedJson(row, table)).toContain('"label":null,"confidence":null,"scores":null');
    }
  });
});
