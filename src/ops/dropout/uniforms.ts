import { f32, u32, type Uniform } from "../../gpu/program.ts";
import { dropThreshold, type Dropout } from "./random.ts";

/** The fields of the WGSL struct `Dropout`, in order. */
export function dropoutUniforms(dropout: Dropout): Uniform[] {
  const { rate, key } = dropout;
  return [u32(key[0]), u32(key[1]), u32(dropThreshold(rate)), f32(1 / (1 - rate))];
}
