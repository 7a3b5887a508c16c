import { MantineProvider } from "@mantine/core";
import type { ReactNode } from "react";
import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { outcomeLines } from "../../../../src/app/tasks/token-classification/EntityOutcomes.tsx";
import { isCut, MarkedText } from "../../../../src/app/tasks/token-classification/MarkedText.tsx";
import { tokenClassificationRun } from "../../../../src/app/tasks/token-classification/run-panels.tsx";
import { tokenClassificationSetup } from "../../../../src/app/tasks/token-classification/setup-panels.ts";
import { typeScores } from "../../../../src/app/tasks/token-classification/type-scores.ts";
import { typesIn, wrongByType, wrongEntities } from "../../../../src/app/tasks/token-classification/wrong-entities.ts";
import { classLines } from "../../../../src/app/tasks/classes/class-lines.ts";
import { EntityScorer } from "../../../../src/metrics/entities/report.ts";
import type { TokenReport } from "../../../../src/tasks/token-classification/metrics.ts";
import type { DataSummary, EvaluationEvent } from "../../../../src/workers/protocol.ts";

const labelNames = ["O", "B-LOC", "I-LOC", "B-PER", "I-PER"];
const types = ["LOC", "PER"];

/** Two sentences of four words each: one entity is right, one has a word too few, one was invented. */
const truth = {
  labels: Int32Array.from([...[0, 3, 3, 4, 7, 4, 8, 11, 0, 12, 16, 1], ...[0, 2, 0, 3, 6, 0, 7, 9, 0, 10, 14, 0]]),
  labelStart: Int32Array.of(0, 12, 24),
};
const scores = {
  starts: Int32Array.of(0, 4, 8),
  predicted: Int32Array.of(3, 0, 0, 1, 0, 0, 0, 3),
  probabilities: new Float32Array(8).fill(0.5),
};
const scorer = new EntityScorer();
scorer.add(["B-PER", "I-PER", "O", "B-LOC"], ["B-PER", "O", "O", "B-LOC"]);
scorer.add(["O", "O", "O", "O"], ["O", "O", "O", "B-PER"]);
const report: TokenReport = { ...scorer.report(), loss: 0.25 };

const shown = (panel: ReactNode) =>
  renderToString(<MantineProvider>{panel}</MantineProvider>).replaceAll("<!-- -->", "");

describe("wrongEntities", () => {
  const wrong = wrongEntities({ truth, scores, labelNames });

  it("lists the texts with a missed or an added entity, those with the most first", () => {
    expect(wrong).toEqual([
      {
        row: 0,
        truth: [
          { start: 0, end: 7, label: "PER", isRight: false },
          { start: 12, end: 16, label: "LOC", isRight: true },
        ],
        predicted: [
          { start: 0, end: 3, label: "PER", isRight: false },
          { start: 12, end: 16, label: "LOC", isRight: true },
        ],
      },
      { row: 1, truth: [], predicted: [{ start: 10, end: 14, label: "PER", isRight: false }] },
    ]);
  });

  it("are counted by the types of the wrong ones", () => {
    expect(wrong.map((row) => [typesIn(row, "missed"), typesIn(row, "added")])).toEqual([
      [["PER"], ["PER"]],
      [[], ["PER"]],
    ]);
    expect(wrongByType(wrong, "added", types)).toEqual([{ index: 1, rows: 2 }]);
    expect(wrongByType(wrong, "missed", types)).toEqual([{ index: 1, rows: 1 }]);
  });
});

describe("a marked text", () => {
  const text = "🙂 Ann Lee met Bo";
  const entities = [
    { start: 2, end: 9, label: "PER", fault: "missed" },
    { start: 14, end: 16, label: "LOC" },
  ];

  it("has each entity in code points with its type, and a word where it is wrong", () => {
    const page = shown(<MarkedText text={text} entities={entities} types={types} />);
    expect(page.replaceAll(/<[^>]*>/g, "")).toMatch(/🙂 Ann Lee PER missed met Bo LOC$/u);
    expect(page.match(/data-fault="true"/g)).toHaveLength(1);
    expect(new Set(page.match(/border-color:[^"]*/g))).toHaveProperty("size", 2);
  });

  it("is shown by the ends of long stretches without entities until it is opened", () => {
    const long = `${"a".repeat(400)} Ann`;
    const one = [{ start: 401, end: 404, label: "PER" }];
    expect(isCut(long, one)).toBe(true);
    expect(isCut(text, entities)).toBe(false);
    expect(shown(<MarkedText text={long} entities={one} types={types} cut />)).toContain(`${"a".repeat(100)} … a`);
    expect(shown(<MarkedText text={long} entities={one} types={types} />)).toContain("a".repeat(400));
  });
});

describe("the panels of entities", () => {
  const { Mistakes, Scores, Prediction, scoreLines, columns, files } = tokenClassificationRun;
  const evaluation = (step: number): EvaluationEvent => ({
    ...{ type: "evaluation", task: "token-classification", scope: "full", step, epoch: step },
    ...{ report, wallMs: step, trainingMs: step },
  });

  it("count by type what became of the entities", () => {
    expect(outcomeLines(report)).toEqual({
      header: ["type", "right", "other type", "other words", "missed", "not there"],
      lines: [
        ["LOC", 1, 0, 0, 0, 0],
        ["PER", 0, 0, 1, 0, 1],
      ],
    });
    const page = shown(<Mistakes report={report} labelNames={labelNames} rows="all 2 validation rows" />);
    expect(page).toContain("all 2 validation rows");
    expect(page).toContain("Other words");
    expect(shown(<Mistakes report={null} labelNames={labelNames} rows="" />)).toContain(
      "Shown after the first evaluation.",
    );
  });

  it("show the scores of types and averages, and write them with columns of equal number", () => {
    const page = shown(<Scores report={report} labelNames={labelNames} />);
    for (const word of ["Type", "Entities", "LOC", "PER", "micro average"]) expect(page).toContain(word);
    const lines = scoreLines.of(report, labelNames);
    expect(lines.map(([name]) => name)).toEqual([...types, "macro average", "micro average", "weighted average"]);
    for (const line of lines) expect(line).toHaveLength(scoreLines.header.length);
    const { header, cellsOf } = columns(labelNames);
    expect(header.slice(0, 3)).toEqual(["precision of LOC", "recall of LOC", "F1 of LOC"]);
    expect(cellsOf(report)).toEqual([1, 1, 1, 0, 0, 0]);
  });

  it("write the scores of each evaluation and type", () => {
    const csv = files.flatMap(({ csv }) => [...csv([evaluation(4)], labelNames, {})]);
    expect(csv.map((line) => line.trim())).toEqual([
      "scope,step,epoch,class,rows,precision,recall,F1",
      "full,4,4,LOC,1,1,1,1",
      "full,4,4,PER,1,0,0,0",
    ]);
  });

  it("draw a line for each type", () => {
    const { types: names, ofEvaluations } = typeScores(labelNames);
    const lines = classLines(ofEvaluations([evaluation(4), evaluation(8)]), names, [0, 1], "f1", "step", Infinity);
    expect(lines.map(({ name, points }) => [name, points.map(({ x, y }) => [x, y])])).toEqual([
      [
        "LOC",
        [
          [4, 1],
          [8, 1],
        ],
      ],
      [
        "PER",
        [
          [4, 0],
          [8, 0],
        ],
      ],
    ]);
  });

  it("show what was found in a text with its place and probability", () => {
    const entity = { label: "PER", start: 2, end: 9, text: "Ann Lee", score: 0.875 };
    const answer = (entities: object[]) =>
      shown(<Prediction text="🙂 Ann Lee met" labelNames={labelNames} prediction={{ entities }} stale={false} />);
    expect(answer([entity])).toContain("1 entity found:");
    expect(answer([entity])).toContain("2–9");
    expect(answer([entity])).toContain("87.5");
    expect(answer([])).toContain("No entity was found.");
  });
});

describe("the entities of a table", () => {
  const summary = {
    targets: {
      types: [
        { type: "LOC", train: 8, validation: 2 },
        { type: "PER", train: 1, validation: 0 },
      ],
    },
  } as unknown as DataSummary;

  it("are bars by type, and a few words", () => {
    const { Rows, rowsText } = tokenClassificationSetup;
    const page = shown(<Rows summary={summary} />);
    expect(page).toContain("9 entities for training");
    expect(page).toContain("8 for training, 2 for validation");
    expect(page).toContain("width:80%");
    expect(rowsText(summary)).toBe("11 entities of 2 types");
  });
});
