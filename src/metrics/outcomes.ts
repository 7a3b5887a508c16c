/**
 * How each scored row came out, in their order: 1 where the answer is right as a whole and 0 where it is not, or, of
 * numbers, by how much it is off.
 */
export interface Outcomes {
  kind: "right" | "error";
  values: Float64Array;
}
