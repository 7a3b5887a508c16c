import { blobSource } from "../../src/io/byte-source.ts";
import { openSafetensors, readTensor } from "../../src/io/safetensors.ts";
import { Classifier } from "../../src/model/classifier.ts";
import { loadParameters } from "../../src/model/checkpoint.ts";
import { readConfig } from "../../src/families/registry.ts";
import config from "../reference/tiny/checkpoint/config.json" with { type: "json" };
import weightsUrl from "../reference/tiny/checkpoint/model.safetensors?url";

/** The tiny reference checkpoint as a classifier of three classes, where it comes from a server. */
export async function fetchedModel(): Promise<Classifier> {
  const file = await openSafetensors(blobSource("model.safetensors", await (await fetch(weightsUrl)).blob()));
  const source = { tensors: file.tensors, read: (name: string) => readTensor(file, name) };
  const options = { classes: 3, classifierRows: [0, 1, 2], seed: 0 };
  const { parameters } = await loadParameters(readConfig(config), source, options);
  return new Classifier(readConfig(config), parameters);
}
