import { readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";

/** Where and with what a section was measured. */
export interface Machine {
  date: string;
  /** E.g. "2 × AMD EPYC, 24 GB". */
  machine: string;
  versions: Record<string, string>;
}

const PACKAGES = ["@tensorflow/tfjs-core", "@jax-js/jax", "webgpu", "@huggingface/tokenizers"];

/** This machine, now. */
export function thisMachine(): Machine {
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
