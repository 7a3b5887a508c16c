import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { sections } from "../sections.ts";

/** The result of one section, and the machine it was measured on. */
export interface Measured extends Machine {
  result: unknown;
}

const JSON_FILE = "bench/results.json";
const PAGE_FILE = "bench/RESULTS.md";

/** Adds results to bench/results.json, keeps those of other sections, and writes the page again. */
export function saveResults(results: Record<string, unknown>): void {
  const kept = existsSync(JSON_FILE) ? (JSON.parse(readFileSync(JSON_FILE, "utf8")) as Record<string, Measured>) : {};
  for (const [name, result] of Object.entries(results)) {
    if (result !== null) kept[name] = { ...thisMachine(), result };
  }
  const lines = Object.entries(kept).map((section) => section.map((part) => JSON.stringify(part)).join(": "));
  writeFileSync(JSON_FILE, `{\n${lines.join(",\n")}\n}\n`);
  writeFileSync(PAGE_FILE, pageOf(kept));
}

/** bench/RESULTS.md: the sections in their order, each with its machine and command. */
export function pageOf(measured: Record<string, Measured>): string {
  const parts = Object.entries(sections).flatMap(([name, section]) => {
    const found = measured[name];
    if (!found) return [];
    const versions = Object.entries(found.versions).map(([what, version]) => `${what} ${version}`);
    const where = `\`npm run -s bench -- --only ${name}\`, ${found.date}, ${found.machine}, ${versions.join(", ")}.`;
    return [section.page(found.result), where];
  });
  return `${["# Measurements", INTRODUCTION, ...parts].join("\n\n")}\n`;
}

const INTRODUCTION =
  "Written by `npm run bench`; bench/results.json has the same numbers. Peers of one section were measured in one run on one machine. A software adapter (WebGPU on the processor) shows how much work is saved, not how fast a GPU is.";

/** Where and with what a section was measured. */
interface Machine {
  date: string;
  /** E.g. "2 × AMD EPYC, 24 GB". */
  machine: string;
  versions: Record<string, string>;
}

const PACKAGES = ["@tensorflow/tfjs-core", "@jax-js/jax", "webgpu", "@huggingface/tokenizers"];

/** This machine, now. */
function thisMachine(): Machine {
  const all = cpus();
  const versionOf = (name: string): string => {
    const { version } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")) as { version: string };
    return version;
  };
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${all.length} × ${all[0]?.model.trim() ?? "unknown processor"}, ${Math.round(totalmem() / 1e9)} GB`,
    versions: { node: process.versions.node, ...Object.fromEntries(PACKAGES.map((name) => [name, versionOf(name)])) },
  };
}
