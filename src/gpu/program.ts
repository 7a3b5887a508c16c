/** One WGSL entry point `main` with its compile-time choices. */
export interface Program {
  /** Unique with `constants`: a device compiles each pair once. */
  name: string;
  /** Text of the `.wgsl` file. */
  wgsl: string;
  /** Put before the text as `const NAME = value;`, in this order: what shapes arrays and cuts branches. */
  constants?: Record<string, number | boolean>;
  /** Further text before the file: functions it calls (activations, dropout). */
  prelude?: string;
  /** What the device must have been opened with (`hasFeature`) and the text uses. */
  features?: readonly ProgramFeature[];
}

/** What WGSL calls the features of a device that a program may use. */
const EXTENSIONS = {
  subgroups: "subgroups",
  "shader-f16": "f16",
  "chromium-experimental-subgroup-matrix": "chromium_experimental_subgroup_matrix",
} as const;
export type ProgramFeature = keyof typeof EXTENSIONS;

/** Every feature that some program may use: devices are opened with those that their adapter has. */
export const PROGRAM_FEATURES = Object.keys(EXTENSIONS) as readonly ProgramFeature[];

/** A field of the uniform struct `Sizes`; all are four bytes, in the struct's order. */
export type Uniform = { u32: number } | { f32: number };

export const u32 = (value: number): Uniform => ({ u32: value });
export const f32 = (value: number): Uniform => ({ f32: value });

/** What no two programs of a device share. */
export function labelOf({ name, constants = {} }: Program): string {
  return name + JSON.stringify(constants);
}

/** The WGSL text of a program as the device gets it. */
export function assembled(program: Program): string {
  const constants = Object.entries(program.constants ?? {})
    .map(([name, value]) => `const ${name} = ${typeof value === "number" ? `${value}u` : value};`)
    .join("\n");
  const enable = (program.features ?? []).map((feature) => `enable ${EXTENSIONS[feature]};\n`).join("");
  return `${enable}${constants}\n${program.prelude ?? ""}\n${program.wgsl}`;
}
