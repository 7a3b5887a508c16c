/** Numbers of a row that a shader reads at once. */
type Width = 1 | 2 | 4;

/** The most numbers at once that rows of this length allow. */
export function widthOf(length: number): Width {
  return length % 4 === 0 ? 4 : length % 2 === 0 ? 2 : 1;
}

/** WGSL to put before a kernel that is written for any width: `element` is `width` numbers, and `dot` works on it. */
export function elementWgsl(width: Width): string {
  // A scalar has no built-in dot product; a function of that name takes its place.
  return width === 1
    ? "alias element = f32;\nfn dot(a: f32, b: f32) -> f32 { return a * b; }\n"
    : `alias element = vec${width}<f32>;\n`;
}

/** WGSL of `keep_factors`: the dropout factors of element `at`. It goes behind `dropout.wgsl` and `elementWgsl`. */
export function keepFactorsWgsl(width: Width): string {
  const factors = Array.from({ length: width }, (_, i) => `keep_factor(dropout, first + ${i}u)`);
  return `fn keep_factors(dropout: Dropout, at: u32) -> element {
  if (dropout.threshold == 0u) { return element(1.0); }
  let first = ${width}u * at;
  return element(${factors.join(", ")});
}
`;
}

/**
 * WGSL in which the loops `for (var d = 0u; d < COUNT; d++) { … }`, with no braces inside, are written one turn after
 * another. The text says the same without it, but software adapters neither unroll loops nor keep an array that is
 * indexed by a variable in registers.
 *
 * @param count the value of the constant COUNT
 */
export function unrolled(wgsl: string, variable: string, constant: string, count: number): string {
  const loop = `for \\(var ${variable} = 0u; ${variable} < ${constant}; ${variable}\\+\\+\\) \\{([^{}]*)\\}`;
  const turn = new RegExp(`\\b${variable}\\b`, "g");
  return wgsl.replace(new RegExp(loop, "g"), (_, body: string) =>
    Array.from({ length: count }, (_turn, i) => `{${body.replace(turn, `${i}u`)}}`).join(" "),
  );
}
