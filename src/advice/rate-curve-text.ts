import { counted, plainNumber } from "../recipe/wording.ts";
import { figure } from "./words.ts";

/** The parts of a sweep over learning rates that the text needs; a `RateCurve` has them. */
interface SweptRates {
  points: readonly { rate: number; smoothed: number }[];
  planned: { steps: number; highest: number };
  end: "whole" | "diverged" | "stopped";
  start: number;
  steepest: number | null;
  suggestion: number | null;
}

/** What the curve shows, and where the sweep ended, in one to three sentences. */
export function rateCurveText(curve: SweptRates): string {
  return [fallText(curve), endText(curve)].filter((text) => text !== "").join(" ");
}

function fallText({ points, start, steepest, suggestion, end }: SweptRates): string {
  if (points.length === 0) return "No rate was tried.";
  if (steepest === null || suggestion === null) {
    const level = `the loss stayed near ${figure(start)}`;
    if (end === "stopped") return `No rate stands out so far: ${level}.`;
    return `No rate stands out: ${level}${end === "diverged" ? " until it blew up" : ""}. Try a larger batch size, and look at some rows: the labels may not follow from the texts.`;
  }
  return (
    `The smoothed loss falls fastest near ${shortRate(steepest)}; ${plainNumber(suggestion)} is where that fall begins. ` +
    "A starting point, not a final answer."
  );
}

function endText({ points, planned, end }: SweptRates): string {
  const last = points.at(-1);
  if (end === "whole" || !last) return "";
  if (end === "diverged") return `The sweep ended near ${shortRate(last.rate)}, where the loss blew up.`;
  const made = `${points.length} of ${counted(planned.steps, "step")}`;
  return `The sweep was cut short after ${made}: rates from ${shortRate(last.rate)} to ${plainNumber(planned.highest)} were not tried.`;
}

function shortRate(rate: number): string {
  return plainNumber(Number(rate.toPrecision(1)));
}
