/** Shapes that tell lines apart without colour. */
const marks = ["circle", "square", "triangle", "diamond", "cross", "plus", "down", "star"] as const;
export type Mark = (typeof marks)[number];

/** How a class looks everywhere on the page. */
interface ClassStyle {
  /** A CSS colour that follows the colour scheme. */
  color: string;
  dash: string;
  mark: Mark;
}

/**
 * Okabe & Ito 2008, a palette that colour-blind people can tell apart, as [on white, on dark]; the lighter hues are
 * darkened on white, and the darker ones lightened on dark, until each has a contrast of at least 3:1 there.
 */
const okabeIto: readonly (readonly [string, string])[] = [
  ["#0072b2", "#3a9fdc"],
  ["#d55e00", "#f07a2a"],
  ["#00815c", "#12b886"],
  ["#b3568b", "#d98bb8"],
  ["#a36f00", "#e69f00"],
  ["#2a86b8", "#7cc8f2"],
  ["#7f7600", "#f0e442"],
  ["#444444", "#c9c9c9"],
];

const dashes = ["", "7 3", "2 3", "9 3 2 3", "5 2", "1 2", "12 4", "4 2 1 2"];

/** The style of class `index` of any number of classes; the same class has the same style in every chart. */
export function classStyle(index: number): ClassStyle {
  const pair = okabeIto[index];
  const mark = marks[index % marks.length] ?? "circle";
  const dash = dashes[Math.floor(index / okabeIto.length + index) % dashes.length] ?? "";
  if (pair) return { color: themed(pair[0], pair[1]), dash, mark };
  // Hues of successive classes lie a golden angle apart, so that neighbours never look alike.
  const hue = Math.round(((index - okabeIto.length) * 137.508 + 20) % 360);
  return { color: themed(`oklch(0.52 0.14 ${hue})`, `oklch(0.76 0.13 ${hue})`), dash, mark };
}

/** How points of a map look. */
export interface PointStyle {
  color: string;
  mark: Mark;
}

/** Points of what is rare or of no interest. */
export const quietStyle: PointStyle = { color: themed("#6b7178", "#9aa1a9"), mark: "plus" };

/** Right and wrong rows. */
export const outcomeStyles = {
  right: { color: themed("#0072b2", "#3a9fdc"), mark: "circle" },
  wrong: { color: themed("#c2410c", "#fb923c"), mark: "cross" },
} satisfies Record<string, PointStyle>;

/** From low to high: blue over violet to orange, each with a contrast of at least 3:1. */
const ordered: readonly (readonly [string, string])[] = [
  ["#4a90c2", "#9cc9ee"],
  ["#3b6ea8", "#7fa6f0"],
  ["#6b4c9a", "#b391f0"],
  ["#a83268", "#e57bb0"],
  ["#c2410c", "#fb923c"],
];

/** The style of one of up to five parts of a range, the lowest first. */
export function orderedStyle(part: number, parts: number): PointStyle {
  const place = parts < 2 ? 0 : Math.round((part * (ordered.length - 1)) / (parts - 1));
  const [light, dark] = ordered[place] ?? ["#444444", "#c9c9c9"];
  return { color: themed(light, dark), mark: marks[place] ?? "circle" };
}

/** A colour for each of the two schemes; the browser chooses by the page's `color-scheme`. */
function themed(onWhite: string, onDark: string): string {
  return `light-dark(${onWhite}, ${onDark})`;
}

/** Colours of the lines that stand for no class. */
export const lineColors = {
  training: themed("#0072b2", "#3a9fdc"),
  validation: themed("#d55e00", "#f07a2a"),
  full: themed("#00815c", "#12b886"),
};
