/** The products of matrices of 8 × 8 that the subgroups of a GPU compute, with sums of 32 bits. */
export interface SubgroupMatrices {
  /** Threads of every subgroup. */
  subgroupSize: number;
  /** What the matrices that are multiplied may consist of. */
  components: readonly MatrixComponent[];
}

export type MatrixComponent = "f16" | "f32";

/** What an adapter says that its subgroups multiply: M × K by K × N. */
interface Config {
  componentType: string;
  resultComponentType: string;
  M: number;
  N: number;
  K: number;
}

/** What adapters report where subgroup matrices, still an experiment of Chromium, are allowed. */
type AdapterInfo = Partial<Pick<GPUAdapterInfo, "subgroupMinSize" | "subgroupMaxSize">> & {
  subgroupMatrixConfigs?: Iterable<Config>;
};

/** Bytes of workgroup memory that the kernels with matrices take at most: more than the 16,384 that every device has. */
const WORKGROUP_BYTES = 20_480;

/**
 * What a device's subgroups multiply, by the report of its adapter; null where that is nothing of 8 × 8 × 8 with sums of
 * 32 bits, where subgroups may be of several sizes – a workgroup then does not know how many of them it is – and where a
 * workgroup has too little memory for the kernels.
 *
 * @param workgroupBytes the device's limit
 */
export function subgroupMatricesOf(info: AdapterInfo, workgroupBytes: number): SubgroupMatrices | null {
  const { subgroupMinSize = 0, subgroupMaxSize = 0, subgroupMatrixConfigs = [] } = info;
  const configs = [...subgroupMatrixConfigs];
  const components = (["f16", "f32"] as const).filter((component) => {
    return configs.some(({ componentType, resultComponentType, M, N, K }) => {
      return componentType === component && resultComponentType === "f32" && M === 8 && N === 8 && K === 8;
    });
  });
  const isOneSize = subgroupMinSize > 0 && subgroupMinSize === subgroupMaxSize;
  const isUsable = isOneSize && workgroupBytes >= WORKGROUP_BYTES && components.length > 0;
  return isUsable ? { subgroupSize: subgroupMinSize, components } : null;
}
