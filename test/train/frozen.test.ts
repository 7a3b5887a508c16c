import { tensor1d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { Parameter } from "../../src/ops/parameter.ts";
import { trainableParameters } from "../../src/train/frozen.ts";
import { useNodeBackend } from "../node-backend.ts";
import { thrownBy } from "../io/thrown-by.ts";

beforeAll(async () => {
  await useNodeBackend("cpu");
});

const parameter = (...parts: string[]): Parameter => ({
  role: parts[0] ?? "",
  name: parts[0] ?? "",
  base: "bert.",
  parts,
  decays: true,
  ofHead: false,
  level: 0,
  value: tensor1d([0]),
});
const self = (what: string) => `bert.encoder.layer.0.attention.self.${what}.weight`;
const parameters = () => [
  parameter("bert.embeddings.word_embeddings.weight"),
  parameter(self("query"), self("key"), self("value")),
  parameter("bert.encoder.layer.0.output.dense.weight"),
  parameter("bert.encoder.layer.10.output.dense.weight"),
  parameter("classifier.weight"),
];
const trains = (frozen: string[]) => [...trainableParameters(parameters(), frozen)].map(({ name }) => name);
const problemOf = (frozen: string[]) => thrownBy(Promise.resolve().then(() => trains(frozen)));

describe("trainableParameters", () => {
  it("trains all without prefixes", () => {
    expect(trains([])).toHaveLength(5);
  });

  it.each(["embeddings.", "bert.embeddings.", "embeddings.word_embeddings.weight"])(
    "freezes by prefix: %s",
    (prefix) => {
      expect(trains([prefix])).not.toContain("bert.embeddings.word_embeddings.weight");
      expect(trains([prefix])).toHaveLength(4);
    },
  );

  it("tells layer 1 from layer 10, and freezes packed weights as a whole", () => {
    expect(trains(["encoder.layer.0."])).toEqual([
      "bert.embeddings.word_embeddings.weight",
      "bert.encoder.layer.10.output.dense.weight",
      "classifier.weight",
    ]);
  });

  it("refuses a prefix that names nothing", async () => {
    expect((await problemOf(["encoder.layer.7."])).found).toContain("encoder.layer.7.");
  });

  it("refuses to freeze the query without the key", async () => {
    const { found, remedy } = await problemOf(["encoder.layer.0.attention.self.query"]);
    expect(found).toContain(self("query"));
    expect(remedy).toContain("attention.self.");
  });

  it("refuses to freeze everything", async () => {
    await problemOf(["bert.", "classifier."]);
  });
});
