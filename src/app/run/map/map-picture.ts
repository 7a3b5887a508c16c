import { resolvedColor } from "../chart-picture.ts";
import { markPaths } from "../ChartLegend.tsx";
import type { PointGroup } from "./coloring.ts";

const HEAD = 30;
const LINE = 18;
const COLUMN = 240;

/** A map as a PNG: title, legend and the points as they are drawn, on the page's own background. */
export function mapPicture(drawn: HTMLCanvasElement, title: string, groups: readonly PointGroup[]): Promise<Blob> {
  const { width, height } = drawn.getBoundingClientRect();
  const ratio = drawn.width / Math.max(1, width);
  const page = getComputedStyle(document.body);
  const columns = Math.max(1, Math.floor(width / COLUMN));
  const top = HEAD + Math.ceil(groups.length / columns) * LINE + 6;
  const canvas = document.createElement("canvas");
  canvas.width = drawn.width;
  canvas.height = Math.ceil((top + height) * ratio);
  const pen = canvas.getContext("2d");
  if (!pen) return Promise.reject(new Error("The browser gives no canvas to draw on."));
  pen.scale(ratio, ratio);
  pen.fillStyle = page.backgroundColor;
  pen.fillRect(0, 0, width, top + height);
  pen.fillStyle = page.color;
  pen.font = `600 15px ${page.fontFamily}`;
  pen.fillText(title, 8, 20);
  pen.font = `12px ${page.fontFamily}`;
  groups.forEach(({ name, rows, color, mark }, i) => {
    const [x, y] = [8 + (i % columns) * COLUMN, HEAD + Math.floor(i / columns) * LINE + 9];
    pen.save();
    pen.translate(x + 6, y);
    pen.fillStyle = pen.strokeStyle = resolvedColor(color);
    pen.lineWidth = 1.5;
    const path = new Path2D(markPaths[mark]);
    pen.fill(path);
    pen.stroke(path);
    pen.restore();
    pen.fillStyle = page.color;
    pen.fillText(`${name} (${rows})`, x + 18, y + 4, COLUMN - 24);
  });
  pen.drawImage(drawn, 0, top, width, height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The picture could not be encoded."))));
  });
}
