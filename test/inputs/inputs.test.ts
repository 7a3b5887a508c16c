import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inspectTables } from "../../src/cli/inspect.ts";
import { openTable } from "../../src/data/table.ts";
import { bytesSource } from "../../src/io/byte-source.ts";
import type { TableKind } from "../../src/io/parsed-table.ts";
import { Problem } from "../../src/problem/problem.ts";
import type { InputCase, InputFile } from "./input-case.ts";
import { inputSections, type InputSection, WANTED } from "./input-cases.ts";

const documentPath = new URL("../../docs/inputs.md", import.meta.url).pathname;
const all = inputSections.flatMap(({ cases }) => cases);

async function outcomeOf({ beside = [], ...first }: InputCase) {
  try {
    const table = await openTable([first, ...beside].map(sourceOf));
    const { kind, sheet } = table.format;
    const inspected = inspectTables({ table, held: null }, {}, { mergeLabels: false, missingWords: false });
    return { ...inspected, kind, sheet, confidence: table.encodingConfidence };
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

function sourceOf({ file, contents }: InputFile) {
  return bytesSource(
    file,
    typeof contents === "string" ? new Uint8Array(new TextEncoder().encode(contents)) : contents,
  );
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
    if (one.encodings !== undefined && !(outcome instanceof Problem)) {
      expect(one.encodings).toContain(outcome.format.encoding);
    }
  });

  it("are described in docs/inputs.md as they come out; UPDATE_INPUTS=1 writes it anew", async () => {
    const document = await render();
    if (process.env.UPDATE_INPUTS) writeFileSync(documentPath, document);
    expect(readFileSync(documentPath, "utf8")).toBe(document);
  });
});

async function render(): Promise<string> {
  const parts = await Promise.all(inputSections.map(renderSection));
  return `# Files that can be read

What Tabtune makes of files with texts and labels. \`npm run -s tabtune -- inspect --data FILE\` prints the same for any
file; each part that is detected can be overridden there and on the page. This page is written by
\`UPDATE_INPUTS=1 npx vitest run --project node test/inputs\` from the list of the tests, test/inputs/input-cases.ts.

${parts.join("\n")}`;
}

async function renderSection({ title, about, cases, shown }: InputSection): Promise<string> {
  const items = await Promise.all(
    cases.map(async (one) => {
      const outcome = await outcomeOf(one);
      if (shown === "encodings" && !(outcome instanceof Problem)) {
        return `| ${one.what} | ${outcome.format.encoding} | ${Math.round(outcome.confidence * 100)} % |`;
      }
      const begins =
        shown === "beginnings" && typeof one.contents === "string" ? `; begins \`${beginning(one.contents)}\`` : "";
      return `- **${one.what}** (${filesOf(one)}${begins}): ${said(outcome)}`;
    }),
  );
  const head = shown === "encodings" ? "| table | taken as | confidence |\n|---|---|---|\n" : "";
  return `## ${title}\n\n${about}\n\n${head}${items.join("\n")}\n`;
}

const filesOf = ({ file, beside = [] }: InputCase) =>
  [file, ...beside.map((other) => other.file)].map((name) => `\`${name}\``).join(", ");

function beginning(contents: string): string {
  const [first = ""] = contents.split("\n");
  return first === contents || first.length > 60 ? `${first.slice(0, 60)}…` : first;
}

const kindNames: Record<TableKind, string | null> = {
  delimited: null,
  "json-lines": "JSON Lines",
  json: "JSON",
  fasttext: "fastText",
  "label-first": "label before text",
  parallel: "parallel files",
  conll: "CoNLL",
  parquet: "Parquet",
  xlsx: "XLSX",
};

/** Without what was expected where that is said of most files, above the list. */
function sentencesOf({ found, expected, remedy }: Problem): string {
  return [found, expected, remedy].filter((sentence) => sentence !== "" && sentence !== WANTED).join(" ");
}

function said(outcome: Awaited<ReturnType<typeof outcomeOf>>): string {
  if (outcome instanceof Problem) return `“${sentencesOf(outcome)}”`;
  const { rows, format, kind, sheet, task, text, pair, label, classes, findings } = outcome;
  const { encoding, delimiter, quote, header, skippedLines } = format;
  const character = delimiter === "\t" ? "tab" : delimiter;
  const hasHeader = kind === "delimited" || kind === "xlsx";
  const read = [
    `${rows} rows`,
    ...[kindNames[kind]].filter((name) => name !== null),
    encoding,
    ...(sheet === null ? [] : [`“${sheet}” was read`]),
    ...(delimiter === null ? [] : [`delimiter \`${character}\``]),
    ...(quote === '"' || delimiter === null ? [] : [quote === null ? "no quotes" : `quote \`${quote}\``]),
    ...(hasHeader ? [header ? "with header" : "without header"] : []),
    ...(skippedLines > 0 ? [`${skippedLines} line${skippedLines > 1 ? "s" : ""} above it skipped`] : []),
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
  // The texts of these small tables are much alike, which says nothing of how they are read.
  const ofReading = findings.filter(({ id }) => id !== "near-leaks");
  const lines = ofReading.map(({ severity, text: words }) => `\n  - ${severity}: ${words}`);
  return `${read}; ${roles}; ${task}${counts.length > 0 ? ` (${counts.join(", ")})` : ""}.${lines.join("")}`;
}
