import { legendName, type Series } from "./series.ts";

const scale = 2;
const headHeight = 28;
const lineHeight = 18;
const copied = [
  "fill",
  "fill-opacity",
  "font-family",
  "font-size",
  "stroke",
  "stroke-dasharray",
  "stroke-opacity",
  "stroke-width",
  "text-anchor",
] as const;

/**
 * A chart as a PNG at twice its size: title, names of the lines, then the drawing, on the page's own background.
 *
 * @throws {Error} when the browser cannot draw the SVG or encode the picture
 */
export async function chartPicture(svg: SVGSVGElement, title: string, series: readonly Series[]): Promise<Blob> {
  const { width, height } = svg.getBoundingClientRect();
  const page = getComputedStyle(document.body);
  const top = headHeight + series.length * lineHeight;
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(width * scale);
  canvas.height = Math.ceil((top + height) * scale);
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("The browser gives no canvas to draw on.");
  pen.scale(scale, scale);
  pen.fillStyle = page.backgroundColor;
  pen.fillRect(0, 0, width, top + height);
  pen.fillStyle = page.color;
  pen.font = `600 15px ${page.fontFamily}`;
  pen.fillText(title, 8, 20);
  series.forEach((line, index) => {
    const y = headHeight + index * lineHeight + 9;
    drawSwatch(pen, line, y, resolvedColor(line.color));
    pen.fillStyle = page.color;
    pen.font = `12px ${page.fontFamily}`;
    pen.fillText(legendName(line, series), 42, y + 4);
  });
  pen.drawImage(await imageOf(svg, width, height), 0, top, width, height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The picture could not be encoded."))));
  });
}

function drawSwatch(pen: CanvasRenderingContext2D, line: Series, y: number, color: string): void {
  pen.save();
  pen.strokeStyle = color;
  pen.globalAlpha = line.weight === "faint" ? 0.45 : 1;
  pen.lineWidth = line.weight === "bold" ? 2.5 : 1.5;
  pen.setLineDash(line.dash.split(" ").filter(Boolean).map(Number));
  pen.beginPath();
  pen.moveTo(8, y);
  pen.lineTo(36, y);
  pen.stroke();
  pen.restore();
}

/** A colour that a canvas understands: `light-dark()` is resolved as the page shows it. */
export function resolvedColor(color: string): string {
  const probe = document.createElement("span");
  probe.style.color = color;
  document.body.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
}

/** The drawing as an image. Styles are written into it, since an image sees none of the page's. */
async function imageOf(svg: SVGSVGElement, width: number, height: number): Promise<HTMLImageElement> {
  const clone = svg.cloneNode(true);
  if (!(clone instanceof SVGSVGElement)) throw new Error("The drawing could not be copied.");
  const originals = [svg, ...svg.querySelectorAll("*")];
  [clone, ...clone.querySelectorAll("*")].forEach((element, index) => {
    const original = originals[index];
    if (!original) return;
    const style = getComputedStyle(original);
    for (const name of copied) element.setAttribute(name, style.getPropertyValue(name));
  });
  clone.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  clone.setAttribute("width", String(width));
  clone.setAttribute("height", String(height));
  const address = URL.createObjectURL(
    new Blob([new XMLSerializer().serializeToString(clone)], { type: "image/svg+xml" }),
  );
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(address);
  }
}
