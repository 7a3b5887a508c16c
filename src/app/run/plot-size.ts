/** Height of a chart's drawing, axis included, in pixels; kept before there is anything to draw. */
export const plotHeight = 240;

/** From the edges of the drawing to the plotted area, in pixels; a right axis is as wide as the left one. */
export const inset = { top: 32, left: 56, bottom: 42, right: 24 } as const;
