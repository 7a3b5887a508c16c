import { useComputedColorScheme } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useMemo, useRef, useState } from "react";
import type { Coloring } from "./coloring.ts";
import { drawAxes, drawMap, type MapAxes, spritesOf } from "./draw-points.ts";
import {
  moved,
  nearestRow,
  onScreen,
  rowsWithin,
  rowTowards,
  type Point,
  type View,
  wholeView,
  zoomed,
} from "./view.ts";
import styles from "./map.module.css";

/** What a drag does. */
export type MapTool = "lasso" | "move";

interface MapCanvasProps {
  /** What it shows, in words. */
  label: string;
  /** Coordinates of the rows [rows · 2]. */
  layout: Float32Array;
  /** Lines with values; none where directions mean nothing. */
  axes?: MapAxes;
  coloring: Coloring;
  selected: Uint8Array | null;
  current: number | null;
  tool: MapTool;
  onCurrent: (row: number | null) => void;
  /** Called with rows that were drawn around, or chosen by Enter. */
  onSelect: (rows: Int32Array) => void;
  canvas: RefObject<HTMLCanvasElement | null>;
  /** Told where the points are, for what is in view. */
  onPlaces: (places: Float32Array, size: { width: number; height: number }) => void;
}

/** How near to a point the pointer must be, in pixels. */
const NEAR = 14;
/** Corners of a lasso are so far apart. */
const STEP = 4;
const HEIGHT = 440;

const directions: Partial<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** Rows as points, to zoom into, to move, to look at one by one, and to draw around. */
export function MapCanvas(props: MapCanvasProps) {
  const { label, layout, axes, coloring, selected, current, tool, onCurrent, onSelect, canvas, onPlaces } = props;
  const { ref: sizer, width } = useElementSize<HTMLDivElement>();
  const scheme = useComputedColorScheme();
  const size = useMemo(() => ({ width, height: HEIGHT }), [width]);
  const whole = useMemo(() => wholeView(axes?.frame ?? layout, size), [axes, layout, size]);
  const [chosen, setChosen] = useState<{ of: View; view: View } | null>(null);
  // Another layout or width begins with all rows in view.
  const view = chosen?.of === whole ? chosen.view : whole;
  const setView = (next: View) => setChosen({ of: whole, view: next });
  const places = useMemo(() => onScreen(layout, view), [layout, view]);
  const [lasso, setLasso] = useState<readonly Point[]>([]);
  const pointers = useRef(new Map<number, Point>());
  const pixelRatio = globalThis.devicePixelRatio || 1;
  const sprites = useMemo(
    // The colours are those of the scheme.
    () => ({ scheme, ...spritesOf(coloring.groups, layout.length / 2, pixelRatio) }),
    [coloring, layout, pixelRatio, scheme],
  );

  useEffect(() => onPlaces(places, size), [onPlaces, places, size]);

  useEffect(() => {
    const element = canvas.current;
    if (!element || width === 0) return undefined;
    const frame = requestAnimationFrame(() => {
      const pen = element.getContext("2d");
      if (!pen) return;
      const [w, h] = [Math.round(size.width * pixelRatio), Math.round(size.height * pixelRatio)];
      if (element.width !== w || element.height !== h) [element.width, element.height] = [w, h];
      const ink = getComputedStyle(element).color;
      drawMap(pen, { places, groupOf: coloring.groupOf, sprites, selected, current, lasso, ink }, pixelRatio);
      if (axes) drawAxes(pen, axes, view, ink);
    });
    return () => cancelAnimationFrame(frame);
  }, [canvas, places, coloring, sprites, selected, current, lasso, size, width, axes, view, pixelRatio, scheme]);

  // React listens to wheels passively, and this one keeps the page from scrolling.
  const onWheel = useRef<(event: WheelEvent) => void>(() => undefined);
  useEffect(() => {
    onWheel.current = (event) => {
      const next = zoomed(view, Math.exp(-event.deltaY / 300), placeOf(event, canvas.current), whole);
      // Where nothing more can be seen, the page scrolls.
      if (next.scale === view.scale) return;
      event.preventDefault();
      setView(next);
    };
  });
  useEffect(() => {
    const element = canvas.current;
    const listen = (event: WheelEvent) => onWheel.current(event);
    element?.addEventListener("wheel", listen, { passive: false });
    return () => element?.removeEventListener("wheel", listen);
  }, [canvas]);

  const onDown = (event: PointerEvent<HTMLCanvasElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    const at = placeOf(event, canvas.current);
    pointers.current.set(event.pointerId, at);
    setLasso(tool === "lasso" && pointers.current.size === 1 ? [at] : []);
  };
  const onMove = (event: PointerEvent<HTMLCanvasElement>) => {
    const at = placeOf(event, canvas.current);
    const held = pointers.current;
    const before = held.get(event.pointerId);
    if (!before) return onCurrent(nearestRow(places, at, NEAR));
    const other = [...held].find(([id]) => id !== event.pointerId)?.[1];
    held.set(event.pointerId, at);
    if (other) {
      const by = distance(at, other) / Math.max(1, distance(before, other));
      setView(zoomed(view, by, { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 }, whole));
    } else if (tool === "move") {
      setView(moved(view, at.x - before.x, at.y - before.y));
    } else {
      setLasso((line) => (line.length > 0 && distance(line.at(-1) ?? at, at) < STEP ? line : [...line, at]));
    }
  };
  const onUp = (event: PointerEvent<HTMLCanvasElement>) => {
    const at = placeOf(event, canvas.current);
    pointers.current.delete(event.pointerId);
    setLasso([]);
    if (lasso.length > 2) onSelect(rowsWithin(places, lasso));
    else if (lasso.length > 0 || event.pointerType !== "mouse") onCurrent(nearestRow(places, at, NEAR));
  };
  const onKey = (event: KeyboardEvent) => {
    const centre = { x: size.width / 2, y: size.height / 2 };
    const direction = directions[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (direction && event.shiftKey) setView(moved(view, -40 * direction.x, -40 * direction.y));
    else if (direction) onCurrent(rowTowards(places, current ?? nearestRow(places, centre, Infinity) ?? 0, direction));
    else if (event.key === "+" || event.key === "=") setView(zoomed(view, 1.5, centre, whole));
    else if (event.key === "-") setView(zoomed(view, 1 / 1.5, centre, whole));
    else if (event.key === "0") setView(whole);
    else if (event.key === "Enter" && current !== null) onSelect(Int32Array.of(current));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div ref={sizer} className={styles.frame} style={{ height: HEIGHT }}>
      <canvas
        ref={canvas}
        className={styles.canvas}
        style={{ height: HEIGHT, touchAction: tool === "move" ? "pan-y" : "none" }}
        data-tool={tool}
        role="application"
        aria-roledescription="map"
        aria-label={label}
        tabIndex={0}
        onPointerDown={onDown}
        onPointerMove={onMove}
        onPointerUp={onUp}
        onPointerCancel={onUp}
        onKeyDown={onKey}
      />
    </div>
  );
}

function placeOf({ clientX, clientY }: { clientX: number; clientY: number }, element: Element | null): Point {
  const { left = 0, top = 0 } = element?.getBoundingClientRect() ?? {};
  return { x: clientX - left, y: clientY - top };
}

const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);
