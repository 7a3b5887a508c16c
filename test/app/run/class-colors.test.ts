import { describe, expect, it } from "vitest";
import { classStyle } from "../../../src/app/run/class-colors.ts";

describe("classStyle", () => {
  it("gives eight classes eight colours and eight marks", () => {
    const styles = Array.from({ length: 8 }, (_, index) => classStyle(index));
    expect(new Set(styles.map((style) => style.color)).size).toBe(8);
    expect(new Set(styles.map((style) => style.mark)).size).toBe(8);
  });

  it("never gives two of a hundred classes the same look", () => {
    const looks = Array.from({ length: 100 }, (_, index) => Object.values(classStyle(index)).join(" "));
    expect(new Set(looks).size).toBe(100);
  });

  it("has a contrast of at least 3:1 on white and on the dark sheet for the colours of the palette", () => {
    for (let index = 0; index < 8; index++) {
      const [onWhite, onDark] = classStyle(index).color.match(/#[0-9a-f]{6}/g) ?? [];
      expect(contrast(onWhite ?? "#ffffff", "#ffffff")).toBeGreaterThanOrEqual(3);
      expect(contrast(onDark ?? "#1f2226", "#1f2226")).toBeGreaterThanOrEqual(3);
    }
  });
});

/** WCAG 2.2, contrast ratio of two colours "#rrggbb". */
function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
