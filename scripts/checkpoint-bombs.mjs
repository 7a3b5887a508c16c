// Zips of checkpoints for check-table-memory.mjs that unpack to far more than a checkpoint has.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zipOf } from "./table-files.mjs";

const megabyte = " ".repeat(1_000_000);
const config = '{"model_type":"bert"}';
const DIRECTORY_ENTRY = Buffer.from([0x50, 0x4b, 1, 2]);

/** A tokenizer.json of 1,000 MB, and says so. @param {string} folder */
export const tokenizerBomb = (folder = "") =>
  zipOf(join(folder, "tokenizer-bomb.zip"), { "config.json": config, "tokenizer.json": ["{", megabyte, 1000] });

/** A model.safetensors that is said to have 1,000 bytes, and unpacks to 1,000 MB. @param {string} folder */
export async function lyingBomb(folder) {
  const path = join(folder, "lying-bomb.zip");
  await zipOf(path, {
    "config.json": config,
    "tokenizer.json": "{}",
    "model.safetensors": ["\0\0\0\0\0\0\0\0", megabyte, 1000],
  });
  const bytes = readFileSync(path);
  bytes.writeUInt32LE(1000, bytes.lastIndexOf(DIRECTORY_ENTRY) + 24);
  writeFileSync(path, bytes);
  return path;
}

/** Forty checkpoints, each with a config.json of 60 MB. @param {string} folder */
export const manyConfigsBomb = (folder = "") =>
  zipOf(
    join(folder, "configs-bomb.zip"),
    Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`model-${at}/config.json`, [config, megabyte, 60]])),
  );
