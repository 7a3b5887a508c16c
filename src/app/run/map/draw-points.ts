import { resolvedColor } from "../chart-picture.ts";
import { markPaths } from "../ChartLegend.tsx";
import type { Coloring, PointGroup } from "./coloring.ts";
import type { Point, View } from "./view.ts";

/** Pictures of each group's mark, drawn once and copied for each point. */
interface Sprites {
  /** RGBA [side · side] of each. */
  pixels: Uint8ClampedArray[];
  /** Their width and height in pixels of the device. */
  side: number;
}

/** What is on a map. */
interface MapPicture {
  /** Points on the screen [rows · 2]. */
  places: Float32Array;
  groupOf: Coloring["groupOf"];
  sprites: Sprites;
  /** 1 for each row that is selected; null where all are looked at. */
  selected: Uint8Array | null;
  /** The row that is looked at. */
  current: number | null;
  /** The line that is being drawn around rows. */
  lasso: readonly Point[];
  ink: string;
}

/** What the two directions of a layout mean. */
export interface MapAxes {
  /** Corners of what is seen at first [2 · 2], with the space that the labels take. */
  frame: Float32Array;
  x: { name: string; ticks: readonly AxisTick[] };
  y: { name: string; ticks: readonly AxisTick[] };
}

interface AxisTick {
  /** In the layout. */
  at: number;
  text: string;
}

/** How faint points outside of the selection are. */
const FAINT = 0.16;
/** A mark's drawing is within this many pixels. */
const MARK_SIZE = 12;

/** The marks of all groups in the colours that the page has now, smaller where there are many rows. */
export function spritesOf(groups: readonly PointGroup[], rows: number, pixelRatio: number): Sprites {
  const scale = rows > 5000 ? 0.55 : rows > 1000 ? 0.75 : 1;
  const side = Math.ceil(MARK_SIZE * scale * pixelRatio);
  const pixels = groups.map(({ color, mark }) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = side;
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    if (!pen) return new Uint8ClampedArray(4 * side * side);
    pen.translate(side / 2, side / 2);
    pen.scale(scale * pixelRatio, scale * pixelRatio);
    pen.fillStyle = pen.strokeStyle = resolvedColor(color);
    pen.lineWidth = 1.5;
    const path = new Path2D(markPaths[mark]);
    pen.fill(path);
    pen.stroke(path);
    return pen.getImageData(0, 0, side, side).data;
  });
  return { pixels, side };
}

/** Draws a map over the whole canvas; rows of the selection lie above the others. */
export function drawMap(pen: CanvasRenderingContext2D, picture: MapPicture, pixelRatio: number): void {
  const { selected, lasso, current, places, ink } = picture;
  // 20,000 calls of drawImage take ten times as long as writing the pixels here.
  const image = pen.createImageData(pen.canvas.width, pen.canvas.height);
  if (selected) {
    stampPoints(image, picture, pixelRatio, { isSelected: 0, opacity: FAINT });
    stampPoints(image, picture, pixelRatio, { isSelected: 1, opacity: 1 });
  } else {
    stampPoints(image, picture, pixelRatio, { isSelected: null, opacity: 1 });
  }
  pen.putImageData(image, 0, 0);
  pen.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  pen.strokeStyle = ink;
  if (current !== null) {
    pen.lineWidth = 2;
    pen.beginPath();
    pen.arc(places[2 * current] ?? 0, places[2 * current + 1] ?? 0, 8, 0, 2 * Math.PI);
    pen.stroke();
  }
  if (lasso.length < 2) return;
  pen.lineWidth = 1.5;
  pen.setLineDash([5, 4]);
  pen.beginPath();
  lasso.forEach(({ x, y }, i) => (i === 0 ? pen.moveTo(x, y) : pen.lineTo(x, y)));
  pen.closePath();
  pen.stroke();
  pen.globalAlpha = 0.08;
  pen.fillStyle = ink;
  pen.fill();
  pen.globalAlpha = 1;
  pen.setLineDash([]);
}

/** Draws lines with their values through the ticks of both axes, which begin at 0 in the layout. */
export function drawAxes(pen: CanvasRenderingContext2D, { x, y }: MapAxes, view: View, ink: string): void {
  const [left, bottom] = [view.x, view.y];
  const right = left + (x.ticks.at(-1)?.at ?? 0) * view.scale;
  const top = bottom - (y.ticks.at(-1)?.at ?? 0) * view.scale;
  pen.strokeStyle = pen.fillStyle = ink;
  pen.lineWidth = 1;
  pen.font = "11px system-ui, sans-serif";
  const line = (fromX: number, fromY: number, toX: number, toY: number) => {
    pen.globalAlpha = 0.18;
    pen.beginPath();
    pen.moveTo(fromX, fromY);
    pen.lineTo(toX, toY);
    pen.stroke();
    pen.globalAlpha = 0.85;
  };
  pen.textAlign = "center";
  for (const { at, text } of x.ticks) {
    const place = left + at * view.scale;
    line(place, bottom, place, top);
    pen.fillText(text, place, bottom + 14);
  }
  pen.textAlign = "right";
  for (const { at, text } of y.ticks) {
    const place = bottom - at * view.scale;
    line(left, place, right, place);
    pen.fillText(text, left - 6, place + 4);
  }
  pen.fillText(x.name, right, bottom + 28);
  pen.textAlign = "left";
  pen.fillText(y.name, left - 26, top - 10);
  pen.globalAlpha = 1;
}

/** Which rows are drawn: those that are selected or not, or all; and how opaque. */
interface Stamp {
  isSelected: 0 | 1 | null;
  opacity: number;
}

/** Lays the marks of rows over an image, each above those before it. */
function stampPoints(
  { data, width, height }: ImageData,
  { places, groupOf, sprites: { pixels, side }, selected }: MapPicture,
  pixelRatio: number,
  { isSelected, opacity }: Stamp,
): void {
  // Nearly all pixels are opaque or the first in their place, and are copied as one number.
  const image = new Uint32Array(data.buffer);
  const marks = pixels.map((mark) => new Uint32Array(withOpacity(mark, opacity).buffer));
  for (let row = 0; row < groupOf.length; row++) {
    if (isSelected !== null && selected?.[row] !== isSelected) continue;
    const left = Math.round((places[2 * row] ?? 0) * pixelRatio - side / 2);
    const top = Math.round((places[2 * row + 1] ?? 0) * pixelRatio - side / 2);
    const mark = marks[groupOf[row] ?? 0];
    if (!mark || left <= -side || top <= -side || left >= width || top >= height) continue;
    const [first, last] = [Math.max(0, -left), Math.min(side, width - left)];
    for (let y = Math.max(0, -top); y < Math.min(side, height - top); y++) {
      for (let x = first; x < last; x++) {
        const color = mark[y * side + x] ?? 0;
        if (color === 0) continue;
        const to = (top + y) * width + left + x;
        if (color >>> 24 === 255 || image[to] === 0) image[to] = color;
        else image[to] = blended(color, image[to] ?? 0);
      }
    }
  }
}

function withOpacity(mark: Uint8ClampedArray, opacity: number): Uint8ClampedArray {
  return mark.map((value, at) => (at % 4 === 3 ? value * opacity : value));
}

/** A colour over another, both as canvases keep them: red lowest, alpha highest. */
function blended(above: number, below: number): number {
  const alpha = (above >>> 24) / 255;
  const rest = ((below >>> 24) / 255) * (1 - alpha);
  const sum = alpha + rest;
  const channel = (shift: number) =>
    Math.round((((above >>> shift) & 255) * alpha + ((below >>> shift) & 255) * rest) / sum) << shift;
  return ((Math.round(255 * sum) << 24) | channel(16) | channel(8) | channel(0)) >>> 0;
}
