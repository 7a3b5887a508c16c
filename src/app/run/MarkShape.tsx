import type { Mark } from "./class-colors.ts";

const paths: Record<Mark, string> = {
  circle: "M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0Z",
  square: "M-3 -3H3V3H-3Z",
  triangle: "M0 -4L4 3H-4Z",
  diamond: "M0 -4.5L4.5 0L0 4.5L-4.5 0Z",
  cross: "M-3.5 -3.5L3.5 3.5M3.5 -3.5L-3.5 3.5",
  plus: "M0 -4.5V4.5M-4.5 0H4.5",
  down: "M0 4L4 -3H-4Z",
  star: "M0 -4.5V4.5M-4 -2.2L4 2.2M4 -2.2L-4 2.2",
};

/** The mark of a line at a point of a drawing, in the line's colour. */
export function MarkShape({ mark, color, x, y }: { mark: Mark; color: string; x: number; y: number }) {
  return <path d={paths[mark]} transform={`translate(${x} ${y})`} fill={color} stroke={color} strokeWidth={1.5} />;
}
