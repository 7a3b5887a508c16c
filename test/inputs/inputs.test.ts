import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inspectTables } from "../../src/cli/inspect.ts";
import { openTable } from "../../src/data/table.ts";
import { bytesSource } from "../../src/io/byte-source.ts";
import { Problem } from "../../src/problem/problem.ts";
import { type InputCase, inputCases } from "./input-cases.ts";

const documentPath = new URL("../../docs/inputs.md", import.meta.url).pathname;
const all = inputCases.flatMap(({ cases }) => cases);

async function outcomeOf({ file, contents }: InputCase) {
  const bytes = typeof contents === "string" ? new TextEncoder().encode(contents) : contents;
  try {
    const table = await openTable(bytesSource(file, bytes));
    return inspectTables(table, null, {}, { mergeLabels: false, missingWords: false });
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

describe("files that people bring", () => {
  it.each(all.map((one) => [one.what, one] as const))("%s", async (_, one) => {
    const outcome = await outcomeOf(one);
    if (one.expected instanceof RegExp) {
      expect(outcome).toBeInstanceOf(Problem);
      expect(outcome instanceof Problem ? outcome.message : "").toMatch(one.expected);
      return;
    }
    expect(outcome).not.toBeInstanceOf(Problem);
    expect(outcome).toMatchObject(one.expected);
    if (one.finding !== undefined && !(outcome instanceof Problem)) {
      expect(outcome.findings.map(({ id }) => id)).toContain(one.finding);
    }
  });

  it("are described in docs/inputs.md as they come out; UPDATE_INPUTS=1 writes it anew", async () => {
    const document = await render();
    if (process.env.UPDATE_INPUTS) writeFileSync(documentPath, document);
    expect(readFileSync(documentPath, "utf8")).toBe(document);
  });
});

async function render(): Promise<string> {
  const parts = await Promise.all(
    inputCases.map(async ({ title, cases }) => {
      const items = await Promise.all(
        cases.map(async (one) => `- **${one.what}** (\`${one.file}\`): ${said(await outcomeOf(one))}`),
      );
      return `## ${title}\n\n${items.join("\n")}\n`;
    }),
  );
  return `# Files that can be read

What Tabtune makes of files with texts and labels. \`npm run -s tabtune -- inspect --data FILE\` prints the same for any
file; each part that is detected can be overridden there and on the page. This page is written by
\`UPDATE_INPUTS=1 npx vitest run --project node test/inputs\` from the list of the tests, test/inputs/input-cases.ts.

${parts.join("\n")}`;
}

function said(outcome: Awaited<ReturnType<typeof outcomeOf>>): string {
  if (outcome instanceof Problem) return `“${outcome.found} ${outcome.expected} ${outcome.remedy}”`;
  const { rows, format, task, text, pair, label, classes, findings } = outcome;
  const { encoding, delimiter, header, skippedLines } = format;
  const character = delimiter === "\t" ? "tab" : delimiter;
  const read = [
    `${rows} rows`,
    encoding,
    ...(delimiter === null ? [] : [`delimiter \`${character}\``]),
    header ? "with header" : "without header",
    ...(skippedLines > 0 ? [`${skippedLines} line above it skipped`] : []),
  ].join(", ");
  const roles = [
    `text ${text === null ? "not found" : `“${text}”`}`,
    ...(pair === null ? [] : [`second text “${pair}”`]),
    `label ${
      label === null
        ? "not found"
        : [label]
            .flat()
            .map((name) => `“${name}”`)
            .join(", ")
    }`,
  ].join(", ");
  const counts = Object.entries(classes).map(([name, count]) => `${name} ${count}`);
  const lines = findings.map(({ severity, text: words }) => `\n  - ${severity}: ${words}`);
  return `${read}; ${roles}; ${task}${counts.length > 0 ? ` (${counts.join(", ")})` : ""}.${lines.join("")}`;
}
