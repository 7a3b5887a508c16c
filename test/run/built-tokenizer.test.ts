import { describe, expect, it } from "vitest";
import { bytesSource } from "../../src/io/byte-source.ts";
import { isObject, parseObject } from "../../src/io/json-object.ts";
import { openModel } from "../../src/run/open-model.ts";
import { createTokenizer } from "../../src/tokenize/tokenizer.ts";
import { textSource } from "../io/model-folder.ts";
import { checkpointFiles, tinyConfig, tinyTensors } from "../model/tiny-checkpoint.ts";
import { sentencePieceModel } from "../tokenize/kinds.ts";

/** A checkpoint whose tokenizer.json is replaced by these files. */
async function opened(files: Record<string, string | Uint8Array<ArrayBuffer>>) {
  const whole = await checkpointFiles(await tinyTensors(), { config: tinyConfig({}) });
  const rest = whole.filter(({ name }) => name !== "tokenizer.json");
  const added = Object.entries(files).map(([name, content]) =>
    typeof content === "string" ? textSource(name, content) : bytesSource(name, content),
  );
  return openModel([...rest, ...added]);
}

const specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
const pieces = [...specials, "Soup", "the", "soup", "##s", "Berlin"];

describe("a checkpoint without tokenizer.json", () => {
  it("is opened with vocab.txt, and says which casing it has", async () => {
    const { tokenizer, summary } = await opened({ "vocab.txt": `${pieces.join("\n")}\n` });
    expect(createTokenizer(tokenizer).encode("Soup the soups", null, 9).ids).toEqual([2, 5, 6, 7, 8, 3]);
    expect(summary.notes.join(" ")).toContain("it was made from vocab.txt. Its tokens have capitals");
    expect([summary.lowercase, summary.languageHead]).toEqual([false, "new"]);
  });

  it("follows a casing that is stated, in either file", async () => {
    const config = '{"do_lower_case":true}';
    const { tokenizer, summary } = await opened({ "vocab.txt": pieces.join("\n"), "tokenizer_config.json": config });
    expect(createTokenizer(tokenizer).encode("Soup", null, 9).ids).toEqual([2, 7, 3]);
    expect(summary.notes.join(" ")).toContain("do_lower_case is true in its configuration");
  });

  it("is opened with vocab.json and merges.txt", async () => {
    const tokens = [...specials, "s", "o", "u", "p", "\u0120", "so", "up", "soup", "\u0120soup"];
    const files = {
      "vocab.json": JSON.stringify(Object.fromEntries(tokens.map((token, id) => [token, id]))),
      "merges.txt": "#version: 0.2\ns o\nu p\nso up\n\u0120 soup\n",
    };
    const { tokenizer, summary } = await opened(files);
    expect(createTokenizer(tokenizer).encode("soup soup", null, 9).ids).toEqual([2, 12, 13, 3]);
    expect(summary.notes.join(" ")).toContain("made from vocab.json and merges.txt.");
    const json = parseObject(tokenizer.tokenizerJson, "tokenizer.json");
    expect(isObject(json.model) && json.model.type).toBe("BPE");
  });

  it("is refused where its family has no such vocabulary", async () => {
    const model = new Uint8Array(sentencePieceModel("albert"));
    await expect(opened({ "spiece.model": model })).rejects.toThrow("not of a kind that the model's family has");
  });
});
