import { describe, expect, it } from "vitest";
import { subgroupMatricesOf as matricesOf } from "../../src/gpu/subgroup-matrices.ts";

const config = (componentType: string, resultComponentType: string, size = 8) => ({
  componentType,
  resultComponentType,
  M: size,
  N: size,
  K: size,
});
const APPLE = [config("f32", "f32"), config("f16", "f16")];
const LAVAPIPE = [config("f16", "f16"), config("f16", "f32"), config("u8", "u32"), config("i8", "i32")];
const sizes = (subgroupMinSize: number, subgroupMaxSize: number) => ({ subgroupMinSize, subgroupMaxSize });

const found = (info: Parameters<typeof matricesOf>[0], bytes = 32_768) => matricesOf(info, bytes);

describe("subgroupMatricesOf", () => {
  it("has what is multiplied with sums of 32 bits", () => {
    const apple = found({ ...sizes(32, 32), subgroupMatrixConfigs: APPLE });
    expect(apple).toEqual({ subgroupSize: 32, components: ["f32"] });
    const lavapipe = found({ ...sizes(8, 8), subgroupMatrixConfigs: LAVAPIPE });
    expect(lavapipe).toEqual({ subgroupSize: 8, components: ["f16"] });
    const both = found({ ...sizes(32, 32), subgroupMatrixConfigs: [...APPLE, ...LAVAPIPE] });
    expect(both).toEqual({ subgroupSize: 32, components: ["f16", "f32"] });
  });

  it("is null where matrices are of other sizes, or there are none", () => {
    expect(found({ ...sizes(32, 32), subgroupMatrixConfigs: [config("f16", "f32", 16)] })).toBeNull();
    expect(found({ ...sizes(32, 32), subgroupMatrixConfigs: [config("f16", "f16")] })).toBeNull();
    expect(found(sizes(32, 32))).toBeNull();
  });

  it("is null where a workgroup has no more memory than every device grants", () => {
    expect(found({ ...sizes(32, 32), subgroupMatrixConfigs: LAVAPIPE }, 16_384)).toBeNull();
  });

  it("is null where subgroups may be of several sizes, or their size is not told", () => {
    expect(found({ ...sizes(8, 32), subgroupMatrixConfigs: LAVAPIPE })).toBeNull();
    expect(found({ subgroupMatrixConfigs: LAVAPIPE })).toBeNull();
  });
});
