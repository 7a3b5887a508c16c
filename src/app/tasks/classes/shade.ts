/** Blue for what is right, orange for what is wrong; never so strong that the number on it would be hard to read. */
export function shade(strength: number, right: boolean) {
  const percent = strength === 0 ? 0 : 8 + 47 * Math.min(1, strength);
  const color = right ? "#2a86c8" : "#d9772b";
  return {
    background: `color-mix(in srgb, ${color} ${percent.toFixed(0)}%, var(--sheet))`,
    color: "light-dark(#000, #fff)",
  };
}
