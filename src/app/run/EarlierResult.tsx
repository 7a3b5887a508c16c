import type { BeforeAndAfter } from "./earlier-moments.ts";
import { percentText, scoreText, wholeText } from "./figures.ts";
import panel from "./panel.module.css";

/** What these weights have kept of the earlier task. */
export function EarlierResult({ before, after }: BeforeAndAfter) {
  return (
    <p className={panel.earlier}>
      <strong>Earlier task:</strong> accuracy {percentText(before.accuracy)} before → {percentText(after.accuracy)}{" "}
      after, macro F1 {scoreText(before.macro.f1)} → {scoreText(after.macro.f1)}, on {wholeText(after.rows)} held-out
      rows under its own classifier.
    </p>
  );
}
