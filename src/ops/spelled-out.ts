/**
 * WGSL in which the loops `for (var d = 0u; d < COUNT; d++) { … }`, with no braces inside, are written one turn after
 * another. The text says the same without it, but software adapters neither unroll loops nor keep an array that is
 * indexed by a variable in registers.
 *
 * @param count what the constant COUNT is
 */
export function spelledOut(wgsl: string, variable: string, constant: string, count: number): string {
  const loop = `for \\(var ${variable} = 0u; ${variable} < ${constant}; ${variable}\\+\\+\\) \\{([^{}]*)\\}`;
  const turn = new RegExp(`\\b${variable}\\b`, "g");
  return wgsl.replace(new RegExp(loop, "g"), (_, body: string) =>
    Array.from({ length: count }, (_turn, i) => `{${body.replace(turn, `${i}u`)}}`).join(" "),
  );
}
