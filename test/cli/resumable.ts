import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TinyFolder } from "./tiny-folder.ts";

export const sets = (...settings: string[]) => settings.flatMap((setting) => ["--set", setting]);
const recipe = sets(
  "batchSize=8",
  "maxLength=32",
  "evaluationsPerEpoch=2",
  "learningRate=1e-3",
  "epochs=30",
  "ema=0.9",
);

/** A run of some hundred short steps, whose numbers depend on all that a save has. */
export const resumable = ({ model, data, valid }: TinyFolder, out: string, ...more: string[]) => {
  const files = ["--model", model, "--data", data, "--valid", valid, "--out", out];
  return ["tabtune", "fit", ...files, ...recipe, "--backend", "wasm", "--threads", "1", ...more];
};

export const resume = (out: string) => ["tabtune", "fit", "--resume", out];

const TIMES = /"(wallMs|trainingMs|bytes)":[\d.e-]+/g;
const PROGRESS = /"type":"(memory|probe)"/;

/** What a run leaves, without its times. */
export function left(out: string) {
  const lines = (name: string) => readFileSync(join(out, name), "utf8").split("\n");
  const metrics = lines("metrics.jsonl").filter((line) => !PROGRESS.test(line));
  return {
    files: readdirSync(out).sort(),
    metrics: metrics.map((line) => line.replace(TIMES, "")),
    predictions: lines("model/predictions.csv"),
    weights: readFileSync(join(out, "model/model.safetensors")).toString("base64"),
  };
}
