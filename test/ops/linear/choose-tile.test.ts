import { describe, expect, it } from "vitest";
import type { Product, ProductSizes } from "../../../src/ops/linear/tiles.ts";
import type { KernelKind, TileSpeed } from "../../../src/gpu/device.ts";
import type { MatrixComponent } from "../../../src/gpu/subgroup-matrices.ts";
import { fastestTile, isUsable, outputsOf, unmeasuredTile } from "../../../src/ops/linear/choose-tile.ts";
import { TILES_OF } from "../../../src/ops/linear/tiles.ts";

const speed = (tile: string, gflops: number, size: TileSpeed["size"] = "large"): TileSpeed => ({
  tile,
  product: "FORWARD",
  size,
  gflops,
});
const chosen = (speeds: TileSpeed[], rows: number, columns: number) =>
  fastestTile(speeds, "FORWARD", { rows, inner: 8, columns })?.name;

const square = { rows: 64, inner: 64, columns: 64 };

describe("fastestTile", () => {
  it("is null where nothing, or only another product, was measured", () => {
    expect(fastestTile([], "FORWARD", square)).toBeNull();
    expect(fastestTile([speed("direct 8×16", 5)], "WEIGHT_GRADIENT", square)).toBeNull();
  });

  it("counts what a tile computes past the edges", () => {
    const speeds = [speed("shared 128×64", 12), speed("shared 32×32", 10)];
    expect(chosen(speeds, 2048, 2048)).toBe("shared 128×64");
    // 33 rows are 128 of the one and 64 of the other.
    expect(chosen(speeds, 33, 8192)).toBe("shared 32×32");
  });

  it("takes the speeds of the size at hand alone, where there are any", () => {
    const large = [speed("shared 64×64", 12), speed("shared 32×32", 10)];
    const small = speed("shared 32×32", 9, "small");
    expect(chosen([...large, small, speed("shared 64×64", 3, "small")], 64, 64)).toBe("shared 32×32");
    // At this size 64 × 64 was hopeless and not measured.
    expect(chosen([...large, small], 64, 64)).toBe("shared 32×32");
    expect(chosen([...large, small], 2048, 2048)).toBe("shared 64×64");
    expect(chosen(large, 64, 64)).toBe("shared 64×64");
  });

  it("takes a tile in parts for products of few outputs alone, whatever the tokens of a batch", () => {
    const speeds = [speed("shared 64×64, 4 parts", 100), speed("shared 64×64", 1)];
    expect(chosen(speeds, 64, 384)).toBe("shared 64×64, 4 parts");
    expect(chosen(speeds, 2048, 2048)).toBe("shared 64×64");
    const withRoom = (rows: number, capacity: number) =>
      fastestTile(speeds, "FORWARD", { rows, capacity, inner: 8, columns: 384 })?.name;
    expect(withRoom(8, 256)).toBe("shared 64×64, 4 parts");
    expect(withRoom(8, 2048)).toBe("shared 64×64");
  });

  it("passes over tiles that cannot compute the sizes at hand", () => {
    const speeds = [speed("quad 32×8", 100), speed("direct 8×16", 1)];
    const tileFor = (product: Product, sizes: ProductSizes) =>
      fastestTile(
        speeds.map((one) => ({ ...one, product })),
        product,
        sizes,
      )?.name;
    expect(tileFor("FORWARD", { rows: 3, inner: 16, columns: 24 })).toBe("quad 32×8");
    expect(tileFor("FORWARD", { rows: 3, inner: 20, columns: 24 })).toBe("direct 8×16");
    expect(tileFor("FORWARD", { rows: 3, inner: 16, columns: 20 })).toBe("direct 8×16");
    expect(tileFor("WEIGHT_GRADIENT", { rows: 16, inner: 3, columns: 24 })).toBe("quad 32×8");
    expect(tileFor("WEIGHT_GRADIENT", { rows: 20, inner: 8, columns: 24 })).toBe("direct 8×16");
  });

  it("passes over tiles that are no more", () => {
    expect(chosen([speed("gone", 100), speed("direct 8×16", 1)], 64, 64)).toBe("direct 8×16");
  });
});

describe("unmeasuredTile", () => {
  it("is of quads or plain on software adapters, of workgroup memory on GPUs", () => {
    const tileOn = (kernels: KernelKind, sizes: ProductSizes, features = true) =>
      unmeasuredTile({ kernels, precision: "float32", matrices: null, hasFeature: () => features }, "FORWARD", sizes)
        .name;
    const [small, large] = [
      { rows: 64, inner: 16, columns: 64 },
      { rows: 2048, inner: 16, columns: 1536 },
    ];
    expect([tileOn("software", small), tileOn("software", large)]).toEqual(["quad 32×8", "quad 32×8"]);
    expect([tileOn("software", small, false), tileOn("software", { ...small, inner: 12 })]).toEqual([
      "direct 8×16",
      "direct 8×16",
    ]);
    expect([tileOn("gpu", small), tileOn("gpu", large)]).toEqual(["shared 32×32", "shared 64×64"]);
  });
});

describe("mixed precision", () => {
  const tileOn = (kernels: KernelKind, hasHalves: boolean, rows: number) =>
    unmeasuredTile({ kernels, precision: "mixed", matrices: null, hasFeature: () => hasHalves }, "FORWARD", {
      rows,
      inner: 16,
      columns: 1536,
    });

  it("takes tiles of 16 bits, and those of float32 where the device has no such numbers", () => {
    for (const kernels of ["gpu", "software"] satisfies KernelKind[]) {
      for (const rows of [64, 2048]) {
        expect(TILES_OF.mixed).toContain(tileOn(kernels, true, rows));
        expect(TILES_OF.float32).toContain(tileOn(kernels, false, rows));
      }
    }
    expect([tileOn("gpu", true, 8).name, tileOn("gpu", true, 2048).name]).toEqual(["half 32×32", "half 64×64"]);
  });

  it("chooses by the speeds of its own tiles, as float32 does", () => {
    const speeds = [speed("half 32×64", 50), speed("half 64×64", 40), speed("shared 64×64", 90)];
    expect(fastestTile(speeds, "FORWARD", square, TILES_OF.mixed)?.name).toBe("half 32×64");
    expect(chosen(speeds, 64, 64)).toBe("shared 64×64");
  });

  it("takes gradients times a power of two, and divides their sums by it", () => {
    for (const { wgsl } of TILES_OF.mixed.filter(({ matrices }) => matrices === undefined)) {
      if (typeof wgsl === "string") throw new Error("Each product has its own text.");
      expect(wgsl.FORWARD).not.toContain("f32(4096)");
      for (const text of [wgsl.INPUT_GRADIENT, wgsl.WEIGHT_GRADIENT]) {
        expect(text).toContain("f32(4096)");
        expect(text).toContain("f32(0.000244140625)");
      }
    }
  });
});

/** Those of matrices have tests of their own below. */
const ALL = [...TILES_OF.float32, ...TILES_OF.mixed].filter(({ matrices }) => matrices === undefined);

describe("every tile", () => {
  it.each(ALL.map((tile) => [tile.name, tile] as const))("is within what every device grants: %s", (_, { wgsl }) => {
    for (const text of typeof wgsl === "string" ? [wgsl] : Object.values(wgsl)) {
      const [, size = ""] = /@workgroup_size\(([\d, ]+)\)/.exec(text) ?? [];
      const threads = size.split(",").reduce((product, side) => product * Number(side), 1);
      expect(threads).toBeGreaterThan(0);
      expect(threads).toBeLessThanOrEqual(256);
      const vectorsOf = (type: string) => {
        const [, vectors = "0"] = new RegExp(`var<workgroup> \\w+: array<vec4<${type}>, (\\d+)>`).exec(text) ?? [];
        return Number(vectors);
      };
      const bytes = 16 * vectorsOf("f32") + 8 * vectorsOf("f16");
      expect(bytes).toBeLessThanOrEqual(16_384);
      expect(text.includes("workgroupBarrier")).toBe(bytes > 0);
    }
  });
});

describe("a tile of matrices", () => {
  const tiles = TILES_OF.mixed.filter(({ matrices }) => matrices !== undefined);
  const device = (components: MatrixComponent[], without = "none") => ({
    kernels: "gpu" as const,
    matrices: components.length > 0 ? { subgroupSize: 32, components } : null,
    hasFeature: (feature: string) => feature !== without,
  });
  const usable = (...has: Parameters<typeof device>) =>
    new Set(tiles.filter((tile) => isUsable(device(...has), tile)).map(({ matrices }) => matrices));

  it("is for devices whose subgroups multiply what it has", () => {
    expect(usable(["f16"])).toEqual(new Set(["f16"]));
    expect(usable(["f32"])).toEqual(new Set(["f32"]));
    expect(usable(["f16", "f32"])).toEqual(new Set(["f16", "f32"]));
    expect(usable([])).toEqual(new Set());
    expect(usable(["f16", "f32"], "shader-f16")).toEqual(new Set(["f32"]));
    expect(usable(["f16", "f32"], "chromium-experimental-subgroup-matrix")).toEqual(new Set());
  });

  it("rounds nothing in float32", () => {
    const ofFloat32 = TILES_OF.float32.filter(({ matrices }) => matrices !== undefined);
    expect(ofFloat32).toEqual(tiles.filter(({ matrices }) => matrices === "f32"));
  });

  it("is never taken before it is measured", () => {
    for (const precision of ["float32", "mixed"] as const) {
      for (const rows of [64, 2048]) {
        const sizes = { rows, inner: 64, columns: 1536 };
        const gpu = { ...device(["f16", "f32"]), precision };
        expect(unmeasuredTile(gpu, "FORWARD", sizes).matrices).toBeUndefined();
      }
    }
  });

  it.each(tiles.map((tile) => [tile.name, tile] as const))("has room on every device: %s", (_, { wgsl }) => {
    for (const text of typeof wgsl === "string" ? [wgsl] : Object.values(wgsl)) {
      const bytesOf = { component: text.includes("alias component = f16") ? 2 : 4, f32: 4, element: 16 };
      const arrays = [...text.matchAll(/var<workgroup> \w+: array<(component|f32|element), (THREADS|\d+)>/g)];
      const bytes = arrays.reduce((sum, [, kind, count]) => {
        return sum + bytesOf[kind as keyof typeof bytesOf] * (count === "THREADS" ? 4 * 32 : Number(count));
      }, 0);
      expect(arrays.length).toBe(3);
      expect(bytes).toBeLessThanOrEqual(16_384);
    }
  });
});

describe("outputsOf", () => {
  it.each(ALL.map((tile) => [tile.name, tile] as const))("is of whole tiles: %s", (_, tile) => {
    expect(outputsOf(tile, 1, 1)).toBe(tile.rows * tile.columns);
    expect(outputsOf(tile, tile.rows + 1, 2 * tile.columns)).toBe(4 * tile.rows * tile.columns);
  });
});
