import { describe, expect, it } from "vitest";
import { holdsCheckpoint } from "../../../src/app/drop/zip-kind.ts";
import { zipStream } from "../../../src/io/zip-out.ts";

async function zipOf(...names: string[]): Promise<File> {
  const items = names.map((name) => ({ name, input: `of ${name}` }));
  return new File([await new Response(zipStream(items)).blob()], "x.zip");
}

describe("holdsCheckpoint", () => {
  it.each([
    [["config.json", "model.safetensors", "tokenizer.json"], true],
    [["my-bert/vocab.txt"], true],
    [["my-bert/pytorch_model.bin", "README.md"], true],
    [["train.csv", "valid.csv"], false],
    [["data/config.csv", "data/notes.txt"], false],
    [["__MACOSX/._rows.xlsx", "rows.xlsx"], false],
  ])("%j: %s", async (names, holds) => {
    expect(await holdsCheckpoint(await zipOf(...names))).toBe(holds);
  });

  it("takes what is no zip for none", async () => {
    expect(await holdsCheckpoint(new File(["model.safetensors"], "x.zip"))).toBe(false);
    expect(await holdsCheckpoint(new File(["PK\x01\x02"], "x.zip"))).toBe(false);
    expect(await holdsCheckpoint(new File([], "x.zip"))).toBe(false);
  });
});
