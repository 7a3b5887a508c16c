import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { checkParity, TOLERANCE, withinTolerance, type Deviations } from "../../src/cli/parity/check.ts";
import { referenceJson } from "../../src/cli/parity/reference-file.ts";
import { referenceFolders } from "../../src/cli/parity/reference-folders.ts";
import { openSafetensors } from "../../src/io/safetensors.ts";
import { fileSource } from "../../src/io/node-file.ts";
import { useNodeBackend } from "../node-backend.ts";
import { runProgram } from "./program.ts";

const tiny = fileURLToPath(new URL("../reference/tiny", import.meta.url));
const DAY = 24 * 60 * 60 * 1000;
/** One of some names, each on its day: what takes long is tested in turn, and all of it in `npm run test:long`. */
const inTurn = (names: readonly string[]) => names.filter((_, i) => Math.floor(Date.now() / DAY) % names.length === i);
const familyFolder = (name: string) => fileURLToPath(new URL(`../reference/families/${name}`, import.meta.url));
/** Folders of other tasks and losses, made by make_task_sizes.py, with their numbers of trajectories. */
const taskFolder = (name: string) => fileURLToPath(new URL(`../reference/tasks/${name}`, import.meta.url));
const tasks = {
  focal: 4,
  "multi-label": 6,
  "pairs-regression": 3,
  "token-classification": 6,
  "token-classification-modernbert": 2,
};
const distilbert = familyFolder("distilbert");
/** Folders whose heads have 7 numbers and 26. */
const oddHeads = ["bert-heads-of-7", "bert-heads-of-26"];
const trajectories = [
  "plain",
  "frozen",
  "layer_decay",
  "smoothing_and_weights",
  "accumulate",
  "accumulate_weighted",
  "cosine",
];

describe("parity with PyTorch", () => {
  it.each(["cpu", "wasm"] as const)(
    "holds on %s: states, gradients, seven trajectories, final weights",
    async (name) => {
      await useNodeBackend(name);
      const worst = await checkParity(tiny, () => undefined);
      expect(Object.keys(worst.losses).sort()).toEqual([...trajectories].sort());
      expect(Object.keys(worst.gradientNorms).sort()).toEqual([...trajectories].sort());
      expect(withinTolerance(worst), JSON.stringify(worst)).toBe(true);
    },
  );

  const families = ["distilbert", "roberta", "electra", "albert", "mpnet", "deberta-v2", "deberta", "modernbert"];
  const onHost = [
    ...[...families, ...oddHeads].map((name) => ({ name, backend: "wasm" as const })),
    ...[...inTurn(families), ...oddHeads].map((name) => ({ name, backend: "cpu" as const })),
  ];

  it.each(onHost)("holds for $name on $backend, its rules of decay and levels too", async ({ name, backend }) => {
    await useNodeBackend(backend);
    const worst = await checkParity(familyFolder(name), () => undefined);
    // Layers that share their weights have one rate: ALBERT has no rates by layer.
    expect(Object.keys(worst.losses)).toHaveLength(name === "albert" ? 4 : 5);
    expect(withinTolerance(worst), JSON.stringify(worst)).toBe(true);
  });

  it.each(Object.entries(tasks))("holds for the task of %s on wasm and cpu", async (name, trajectories) => {
    for (const backend of ["wasm", "cpu"] as const) {
      await useNodeBackend(backend);
      const worst = await checkParity(taskFolder(name), () => undefined);
      expect(Object.keys(worst.losses), backend).toHaveLength(trajectories);
      expect(withinTolerance(worst), `${backend}: ${JSON.stringify(worst)}`).toBe(true);
    }
  });

  const onWebgpu = [
    ...inTurn([...families.map(familyFolder), ...Object.keys(tasks).map(taskFolder)]),
    ...oddHeads.map(familyFolder),
  ];

  it.each(onWebgpu.map((folder) => [basename(folder), folder]))(
    "holds for %s on webgpu",
    async (_, folder) => {
      const { code, stdout } = await runProgram(["parity", folder, "--backend", "webgpu"]);
      expect(JSON.parse(stdout)).toMatchObject({ backend: "webgpu", ok: true, worst: { rules: [] } });
      expect(code).toBe(0);
    },
    600_000,
  );

  it("is compared for all folders of one folder, without those of other types", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tabtune-references-"));
    try {
      for (const name of ["electra", "roberta"]) await cp(familyFolder(name), join(folder, name), { recursive: true });
      const other = join(folder, "roberta/checkpoint/config.json");
      const { code, stdout } = await runProgram(["parity", folder, "--backend", "wasm"]);
      const lines = stdout.trim().split("\n");
      expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
        { folder: join(folder, "electra"), ok: true },
        { folder: join(folder, "roberta"), ok: true },
      ]);
      expect(code).toBe(0);
      await writeFile(other, JSON.stringify({ model_type: "longformer" }));
      expect(await referenceFolders([folder])).toEqual([join(folder, "electra")]);
      await expect(referenceFolders([join(folder, "roberta/checkpoint")])).rejects.toThrow(/no reference/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("is the same for a folder whose files are not gzipped", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tabtune-parity-"));
    try {
      await cp(distilbert, folder, { recursive: true });
      const packed = (await readdir(folder)).filter((name) => name.endsWith(".gz"));
      expect(packed).toHaveLength(4);
      for (const name of packed) {
        const path = join(folder, name);
        await writeFile(path.slice(0, -".gz".length), gunzipSync(await readFile(path)));
        await rm(path);
      }
      await useNodeBackend("wasm");
      expect(await checkParity(folder, () => undefined)).toEqual(await checkParity(distilbert, () => undefined));
      await rm(join(folder, "gradients.safetensors"));
      await expect(checkParity(folder, () => undefined)).rejects.toThrow(/gradients\.safetensors/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("is lost by another rule of decay and by another level", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tabtune-parity-"));
    try {
      await cp(distilbert, folder, { recursive: true });
      const path = join(folder, "trajectories.json");
      const text = JSON.stringify(await referenceJson(path));
      const changed = text
        .replace('"pre_classifier.weight",', "")
        .replaceAll(/"classifier\.bias": ?3/g, '"classifier.bias": 2, "third.bias": 3');
      expect(changed).not.toBe(text);
      await writeFile(path, changed);
      await useNodeBackend("wasm");
      const worst = await checkParity(folder, () => undefined);
      expect(worst.rules).toEqual(["third.bias", "pre_classifier.weight", "classifier.bias"]);
      expect(withinTolerance(worst)).toBe(false);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("holds on webgpu (minutes on a software adapter), and the command prints one JSON object and nothing else", async () => {
    const { code, stdout, stderr } = await runProgram(["parity", tiny, "--backend", "webgpu"]);
    expect(stderr).toContain("cosine");
    expect(JSON.parse(stdout)).toMatchObject({ backend: "webgpu", ok: true, worst: { losses: {}, gradientNorms: {} } });
    expect(code).toBe(0);
  }, 600_000);

  it("is lost by one changed weight, and the command says so", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tabtune-parity-"));
    try {
      await cp(tiny, folder, { recursive: true });
      const path = join(folder, "checkpoint/model.safetensors");
      const { tensors } = await openSafetensors(await fileSource(path));
      const place = tensors.get("bert.encoder.layer.1.output.dense.weight")?.start ?? NaN;
      const bytes = await readFile(path);
      bytes.writeFloatLE(bytes.readFloatLE(place) + 0.5, place);
      await writeFile(path, bytes);
      const { code, stdout } = await runProgram(["parity", folder, "--backend", "wasm"]);
      expect(JSON.parse(stdout)).toMatchObject({ backend: "wasm", ok: false });
      expect(code).toBe(1);
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 600_000);
});

describe("the parity command", () => {
  it.each([
    ["no folder", [], "parity -- DIR"],
    ["an option there is not", [tiny, "--colour"], "--colour"],
    ["a folder there is not", ["nowhere/at/all", "--backend", "cpu"], "nowhere/at/all"],
    ["a backend there is not", [tiny, "--backend", "abacus"], "abacus"],
  ])(
    "ends with 2 and words on %s",
    async (_, options, named) => {
      const { code, stdout, stderr } = await runProgram(["parity", ...options]);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toContain(named);
    },
    300_000,
  );
});

describe("withinTolerance", () => {
  const exact: Deviations = {
    hiddenStates: 0,
    logits: 0,
    loss: 0,
    gradients: 0,
    rules: [],
    losses: { plain: 0, cosine: 0 },
    gradientNorms: { plain: 0, cosine: 0 },
    finalWeights: 0,
  };

  it("accepts what is exact and what is at the limit", () => {
    const { losses, gradientNorms, ...single } = TOLERANCE;
    expect(withinTolerance(exact)).toBe(true);
    expect(
      withinTolerance({ ...exact, ...single, losses: { plain: losses }, gradientNorms: { plain: gradientNorms } }),
    ).toBe(true);
  });

  it.each(["hiddenStates", "logits", "loss", "gradients", "finalWeights"] as const)(
    "refuses %s beyond it, or NaN",
    (kind) => {
      expect(withinTolerance({ ...exact, [kind]: 1.01 * TOLERANCE[kind] })).toBe(false);
      expect(withinTolerance({ ...exact, [kind]: NaN })).toBe(false);
    },
  );

  it("refuses a weight that decays by another rule", () => {
    expect(withinTolerance({ ...exact, rules: ["classifier.bias"] })).toBe(false);
  });

  it.each(["losses", "gradientNorms"] as const)("refuses %s of any trajectory beyond it, or NaN", (kind) => {
    expect(withinTolerance({ ...exact, [kind]: { plain: 0, cosine: 1.01 * TOLERANCE[kind] } })).toBe(false);
    expect(withinTolerance({ ...exact, [kind]: { plain: NaN, cosine: 0 } })).toBe(false);
  });
});
