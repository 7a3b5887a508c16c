import { MantineProvider } from "@mantine/core";
import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { encodings, formatText } from "../../src/app/setup/format-words.ts";
import { FirstRows } from "../../src/app/setup/FilePreview.tsx";
import { App } from "../../src/app/App.tsx";
import { StoreContext } from "../../src/app/use-app.ts";
import type { Finding, TableSummary, Task } from "../../src/workers/protocol.ts";
import { dataSummary, tableSummary } from "./fake-session.ts";
import { csv, setUp } from "./set-up.ts";

const doubtful: Finding = {
  id: "doubtful-encoding",
  severity: "warning",
  text: "The encoding is a guess: GBK.",
  remedy: "Choose another.",
  tableRows: [],
};
const lookAlike: Finding = {
  id: "look-alike-labels",
  severity: "warning",
  text: "“Spam” and “spam” look alike.",
  remedy: "",
  tableRows: [],
  fix: { label: "Merge look-alike labels", change: { cleaning: { mergeLabels: true } } },
};

/** What a summary says of the targets of other tasks. */
const targetsByTask: Record<string, object> = {
  "multi-label": { trainCounts: [3, 2], validationCounts: [1, 1], labelsPerRow: 1.2 },
  "token-classification": { types: [{ type: "PER", train: 3, validation: 1 }] },
  regression: { least: 0, most: 5, mean: 2.5, deviation: 1, width: 2.5, trainBins: [3, 2], validationBins: [1, 0] },
};

/** The page with a table open, its setup folded by a run that has ended. */
async function pageWith(findings: Finding[], change: Partial<TableSummary> = {}, task: Task = "single-label") {
  const targets = targetsByTask[task];
  const made = setUp({
    openTable: async () => tableSummary({ ...change, findings }),
    selectRows: async () => dataSummary({ findings, task, ...(targets && { targets }) }),
  });
  await made.actions.openTable(csv("a.csv"));
  const { store } = made;
  const page = () =>
    renderToString(
      <MantineProvider>
        <StoreContext value={{ ...store, getInitialState: store.getState }}>
          <App />
        </StoreContext>
      </MantineProvider>,
    ).replaceAll("<!-- -->", "");
  return { ...made, page };
}

const format = tableSummary().format;

describe("the Data card", () => {
  it.each<[Partial<TableSummary["format"]>, string]>([
    [{}, "UTF-8, comma, header"],
    [{ encoding: "gbk", delimiter: "\t", header: false }, "GBK, tab, no header"],
    [{ encoding: "windows-1251", delimiter: "^" }, "Windows-1251, ^, header"],
    [{ kind: "json-lines", delimiter: null, quote: null }, "JSON Lines, UTF-8"],
    [{ kind: "parquet", delimiter: null, quote: null }, "Parquet"],
    [{ kind: "xlsx", delimiter: null, quote: null, sheet: "Rows" }, "Excel workbook, header, “Rows”"],
  ])("says how a table was read: %j", (change, text) => {
    expect(formatText({ format: { ...format, ...change }, findings: [] })).toBe(text);
  });

  it("says in its folded line what was detected, and marks what is doubtful", async () => {
    const { page } = await pageWith([doubtful], { format: { ...format, encoding: "gbk" } });
    expect(page()).toContain("GBK (uncertain), comma, header · text → label · single-label");
  });

  it.each<[Task, string]>([
    ["single-label", "text → label · single-label"],
    ["regression", "text → label · regression"],
    ["multi-label", "text → label · multi-label"],
    ["token-classification", "text → label · token classification"],
  ])("says the task, %s, in its folded line", async (task, line) => {
    const { page } = await pageWith([], {}, task);
    expect(page()).toContain(line);
    // A thousand numbers are no thousand classes.
    expect(page().includes("ham 87")).toBe(task === "single-label");
  });

  it("says the task of a table whose columns are still to be chosen", async () => {
    const { page } = await pageWith([], {
      guess: null,
      guessProblem: "Several columns mark one label each.",
      task: "multi-label",
    });
    expect(page()).toContain("UTF-8, comma, header · multi-label");
  });

  it("offers the press that a finding has which keeps a run from starting, and says the finding once", async () => {
    const columns = { text: 1, pair: null, label: 0, task: "single-label" } as const;
    const fix = { label: "Treat each value as a class", change: { columns } };
    const text = "The column “score” has 41 different numbers.";
    const other: Finding = { id: "other-task", severity: "blocking", text, remedy: "Choose.", tableRows: [], fix };
    const { page, actions, state } = await pageWith([other], {}, "regression");
    const card = () => page().split('aria-label="Model"')[0] ?? "";
    expect(card().split(fix.label)).toHaveLength(2);
    expect(card().split(text)).toHaveLength(2);
    await actions.applyFix(fix.change);
    expect(state().data.columns).toEqual(columns);
  });

  it("corrects what can be corrected at one press, and undo takes it back", async () => {
    const { page, actions, state } = await pageWith([lookAlike]);
    expect(page()).toContain("Merge look-alike labels");
    await actions.applyFix(lookAlike.fix?.change ?? {});
    expect(state().data.cleaning).toEqual({ mergeLabels: true });
    await actions.applyFix({ cleaning: { missingWords: true } });
    expect(state().data.cleaning).toEqual({ mergeLabels: true, missingWords: true });
    await actions.undo();
    expect(state().data.cleaning).toEqual({ mergeLabels: true });
    await actions.undo();
    expect(state().data.cleaning).toEqual({});
  });

  it("makes the changes of format and columns that a finding offers", async () => {
    const { session, actions, state } = setUp();
    await actions.openTable(csv("a.csv"));
    await actions.applyFix({ format: { quote: "" } });
    expect(session.calls.filter(([name]) => name === "openTable").at(-1)?.[3]).toEqual({ quote: "" });
    await actions.applyFix({ columns: { text: 0, pair: null, label: 1 } });
    expect(state().data.columns).toEqual({ text: 0, pair: null, label: 1 });
    expect(session.calls.filter(([name]) => name === "selectRows").at(-1)?.[1]).toMatchObject({ text: 0, label: 1 });
  });

  it("reads the validation file again with its own format", async () => {
    const { session, actions } = setUp();
    await actions.openTable(csv("a.csv"));
    await actions.openValidation(csv("v.csv"));
    await actions.overrideValidation({ delimiter: ";" });
    await actions.overrideValidation({ encoding: "big5" });
    const last = session.calls.filter(([name]) => name === "openTable").at(-1);
    expect(last?.[1]).toBe("validation");
    expect(last?.[3]).toEqual({ delimiter: ";", encoding: "big5" });
  });

  it("shows the first rows in the file's own order of columns", async () => {
    const { page } = await pageWith([]);
    const heads = [...page().matchAll(/<th scope="col"[^>]*>([^<]*)/g)].map((match) => match[1]);
    expect(heads).toEqual(["label", "text"]);
  });

  it("offers every encoding that a browser decodes and a table can have, by WHATWG's names", () => {
    // Browsers have all of them; Node's ICU lacks this one.
    const decoded = encodings.filter(({ value }) => value !== "iso-8859-16");
    for (const { value } of decoded) expect(new TextDecoder(value).encoding).toBe(value);
    expect(new Set(encodings.map(({ value }) => value)).size).toBe(38);
  });

  it("draws the first columns of a very wide table, and those that are chosen", () => {
    const columns = Array.from({ length: 1000 }, (_, k) => `c${k}`);
    const table = tableSummary({ columns, preview: [columns, columns] });
    const draw = (text: number) =>
      renderToString(<FirstRows table={table} columns={{ text, pair: null, label: 3 }} />).replaceAll("<!-- -->", "");
    expect(draw(900).match(/<th /g)).toHaveLength(41);
    expect(draw(900)).toContain("c900 (text)");
    expect(draw(900)).toContain("The first 40 of 1,000 columns");
    expect(draw(1).match(/<th /g)).toHaveLength(40);
  });
});
