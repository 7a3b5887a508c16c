import { describe, expect, it } from "vitest";
import type { KernelKind, TileSpeed } from "../../../src/gpu/device.ts";
import { fastestTile, unmeasuredTile } from "../../../src/ops/linear/choose-tile.ts";
import { measureTiles } from "../../../src/ops/linear/measure-tiles.ts";
import { PRODUCTS, sizeClassOf, TILES, type Product, type ProductSizes } from "../../../src/ops/linear/tiles.ts";
import { fakeDevice, type FakeOptions } from "./fake-device.ts";

const forGpus = TILES.filter(({ adapters }) => adapters.includes("gpu"));

/** Products of a run, one of each size class, in whole tiles of every kind. */
const layers = { small: [256, 384, 384], large: [2048, 768, 3072] } as const;
function sizesOf(product: Product, size: "small" | "large"): ProductSizes {
  const [tokens, inputs, outputs] = layers[size];
  return {
    FORWARD: { rows: tokens, inner: inputs, columns: outputs },
    INPUT_GRADIENT: { rows: tokens, inner: outputs, columns: inputs },
    WEIGHT_GRADIENT: { rows: outputs, inner: tokens, columns: inputs },
  }[product];
}

/** The best tile of each product and size: not the default, not the same everywhere. */
const planted: Record<Product, Record<"small" | "large", string>> = {
  FORWARD: { small: "direct 4×8", large: "shared 128×128" },
  INPUT_GRADIENT: { small: "direct 4×4", large: "direct 8×8" },
  WEIGHT_GRADIENT: { small: "shared 64×64, 4 parts", large: "shared 128×64" },
};

/** 1,000 GFLOP/s of the planted tile, 700 of the others: none is hopeless at y = x · wᵀ. */
const gflops: FakeOptions["gflops"] = (tile, product, sizes) =>
  planted[product][sizeClassOf(sizes)] === tile.name ? 1000 : 700;

/** What is chosen by these speeds for every product and size. */
function choices(speeds: readonly TileSpeed[]) {
  const chosen = (product: Product, size: "small" | "large") =>
    fastestTile(speeds, product, sizesOf(product, size))?.name ?? "default";
  return Object.fromEntries(
    PRODUCTS.map((product) => [product, { small: chosen(product, "small"), large: chosen(product, "large") }]),
  );
}

async function measure(options: Partial<FakeOptions>) {
  const fake = fakeDevice({ gflops, ...options });
  const speeds = await measureTiles(fake.device, { clock: fake.clock });
  expect(fake.seen.alive, "products that were not disposed").toBe(0);
  return { ...fake.seen, speeds };
}

describe("measureTiles", () => {
  it("takes matrices of subgroups where a device multiplies them, if they are faster and right", async () => {
    const faster: FakeOptions["gflops"] = ({ name }) =>
      name.startsWith("matrix 64×64") ? 2000 : name === "shared 64×64" ? 1000 : 700;
    const isMatrix = (name: string) => name.startsWith("matrix");
    const chosen = async (options: Partial<FakeOptions>) => {
      const { speeds, tiles } = await measure({ gflops: faster, ...options });
      return { measured: [...tiles].filter(isMatrix), large: choices(speeds).FORWARD?.large };
    };
    const matrices = { subgroupSize: 32, components: ["f32"] } as const;
    const names = ["matrix 64×64 f32", "matrix 32×32 f32", "matrix 32×32 f32, 4 parts"];
    expect(await chosen({ matrices })).toEqual({ measured: names, large: "matrix 64×64 f32" });
    const others = { ...matrices, components: ["f16"] } as const;
    for (const without of [{ matrices: others }, { matrices: null }]) {
      expect(await chosen(without)).toEqual({ measured: [], large: "shared 64×64" });
    }
    const isRight: FakeOptions["isRight"] = ({ name }) => name !== "matrix 64×64 f32";
    expect((await chosen({ matrices, isRight })).large).toBe("shared 64×64");
    const refuses: FakeOptions["refuses"] = ({ name }) => isMatrix(name);
    expect((await chosen({ matrices, refuses })).large).toBe("shared 64×64");
  });

  const answers = [0.07, 5, 103].flatMap((idleMs) => [
    { idleMs, answersByTimer: false },
    { idleMs, answersByTimer: true },
  ]);
  it.each(answers)("finds the best tiles: answers after $idleMs ms, by a timer: $answersByTimer", async (answer) => {
    const { speeds, tiles, waits, now, compiledMs } = await measure({ compileMs: 1500, ...answer });
    expect(choices(speeds)).toEqual(planted);
    expect([...tiles].sort()).toEqual(forGpus.map(({ name }) => name).sort());
    // 58 times of a tile at a product: two samples each, and some batches.
    expect(waits).toBeLessThan(58 * 8);
    expect(now - compiledMs).toBeLessThan(answer.idleMs > 20 ? 60_000 : 15_000);
  });

  it("finds the best tiles where compiling takes ten times as long as all timing may", async () => {
    expect(choices((await measure({ compileMs: 10_000 })).speeds)).toEqual(planted);
  });

  it("knows the speed", async () => {
    for (const answer of [{ idleMs: 0.07 }, { idleMs: 5 }, { idleMs: 103, answersByTimer: true }]) {
      const { speeds } = await measure({ ...answer, gflops: () => 500 });
      for (const { gflops: found } of speeds) expect(Math.abs(found / 500 - 1)).toBeLessThan(0.2);
    }
  });

  it("measures a batch well beyond a wait for nothing, and none far longer than that", async () => {
    for (const [idleMs, least] of [
      [0.07, 30],
      [5, 30],
      [103, 300],
    ] as const) {
      const { longestBatchMs } = await measure({ idleMs });
      expect(longestBatchMs).toBeGreaterThan(least);
      expect(longestBatchMs).toBeLessThan(3 * (least + idleMs));
    }
  });

  it("tries no quads on a GPU, and nothing else on a software adapter", async () => {
    const onGpu = await measure({});
    expect([...onGpu.tiles].filter((name) => name.startsWith("quad"))).toEqual([]);
    const software = await measure({ kernels: "software", gflops: ({ name }) => (name === "direct 8×16" ? 6 : 5) });
    expect([...software.tiles].sort()).toEqual(["direct 8×16", "quad 32×8"]);
    expect(choices(software.speeds).FORWARD).toEqual({ small: "direct 8×16", large: "direct 8×16" });
  });

  it("judges as hopeless by the speeds of the same size, and never a tile in parts", async () => {
    // At large products direct 4×4 is far behind; at small ones, where it is the best of all, everything is slow.
    const { speeds } = await measure({
      gflops: ({ name, splits }, product, sizes) => {
        if (splits !== undefined) return product === "WEIGHT_GRADIENT" ? 300 : 10;
        if (sizeClassOf(sizes) === "small") return name === "direct 4×4" ? 200 : 100;
        return name === "direct 4×4" ? 300 : 1000;
      },
    });
    const tried = (product: Product, size: string) =>
      speeds.filter((one) => one.product === product && one.size === size).map(({ tile }) => tile);
    expect(tried("INPUT_GRADIENT", "small")).toContain("direct 4×4");
    expect(tried("INPUT_GRADIENT", "large")).not.toContain("direct 4×4");
    expect(choices(speeds).WEIGHT_GRADIENT?.small).toMatch(/parts$/);
    expect(choices(speeds).INPUT_GRADIENT?.small).toBe("direct 4×4");
  });

  it("spends little on a tile that is far slower than the best", async () => {
    const slow: FakeOptions["gflops"] = ({ name }) => (name === "direct 8×8" ? 2 : 1000);
    const { longestBatchMs, speeds } = await measure({ gflops: slow });
    // One product of it takes 1.2 s.
    expect(longestBatchMs).toBeLessThan(1300);
    expect(Object.values(choices(speeds)).map(({ large }) => large)).not.toContain("direct 8×8");
  });

  it("leaves out a tile that computes wrongly, at once or the second time, and one that is refused", async () => {
    const best = new Set(Object.values(planted).flatMap(({ small, large }) => [small, large]));
    for (const fault of [
      { isRight: ({ name }) => !best.has(name) },
      { isRight: ({ name }, nth) => !best.has(name) || nth === 1 },
      { refuses: ({ name }) => best.has(name) },
    ] satisfies Partial<FakeOptions>[]) {
      const { speeds } = await measure(fault);
      expect(speeds.length).toBeGreaterThan(0);
      expect(speeds.filter(({ tile }) => best.has(tile))).toEqual([]);
    }
  });

  it.each([1, 7, 30, 100, 200])("keeps nothing of a device that is lost after %d waits", async (lostAfter) => {
    const whole = await measure({});
    expect(whole.waits).toBeGreaterThan(200);
    const { speeds, waits } = await measure({ lostAfter });
    expect(speeds).toEqual([]);
    expect(waits).toBeLessThan(lostAfter + 60);
  });

  it("keeps nothing where the default tile computes wrongly, at once or later", async () => {
    for (const kernels of ["gpu", "software"] satisfies KernelKind[]) {
      const usual = unmeasuredTile(
        { kernels, precision: "float32", matrices: null, hasFeature: () => true },
        "FORWARD",
        sizesOf("FORWARD", "large"),
      );
      for (const wrongFrom of [1, 2, 1000]) {
        const isRight: FakeOptions["isRight"] = ({ name }, nth) => name !== usual.name || nth < wrongFrom;
        expect((await measure({ kernels, isRight })).speeds).toEqual([]);
      }
    }
  });

  it("keeps nothing where no two batches agree, and goes on after a single disturbance", async () => {
    expect((await measure({ disturbance: (nth) => 100 * 1.5 ** (nth % 20) })).speeds).toEqual([]);
    const { speeds } = await measure({ disturbance: (nth) => (nth % 9 === 8 ? 80 : 0) });
    expect(choices(speeds)).toEqual(planted);
  });

  it("keeps nothing where timing takes too long, and stops soon", async () => {
    const { speeds, now } = await measure({ gflops: () => 0.5 });
    expect(speeds).toEqual([]);
    expect(now).toBeLessThan(60_000);
  });

  it("reports each product of each size", async () => {
    const fake = fakeDevice({ gflops });
    const reports: string[] = [];
    await measureTiles(fake.device, {
      clock: fake.clock,
      onProgress: (done, total) => reports.push(`${done} of ${total}`),
    });
    expect(reports).toEqual([0, 1, 2, 3, 4, 5, 6].map((done) => `${done} of 6`));
  });
});
