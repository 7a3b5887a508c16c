import type { BeforeAndAfter } from "./earlier-moments.ts";
import { figureText, percentText, scoreText, wholeText } from "./figures.ts";
import panel from "./panel.module.css";

/** What these weights have kept of the earlier task. */
export function EarlierResult(scores: BeforeAndAfter) {
  return (
    <p className={panel.earlier}>
      <strong>Earlier task:</strong> {kept(scores)}
    </p>
  );
}

function kept({ before, after }: BeforeAndAfter): string {
  if (before.type === "earlier" && after.type === "earlier") {
    const [was, is] = [before.report, after.report];
    return (
      `accuracy ${percentText(was.accuracy)} before → ${percentText(is.accuracy)} after, macro F1 ` +
      `${scoreText(was.macro.f1)} → ${scoreText(is.macro.f1)}, on ${wholeText(is.rows)} held-out rows under its own classifier.`
    );
  }
  if (before.type === "earlierCorpus" && after.type === "earlierCorpus") {
    return (
      `loss of masked words ${figureText(before.loss)} before → ${figureText(after.loss)} after, pseudo-perplexity ` +
      `${figureText(before.perplexity)} → ${figureText(after.perplexity)}, on ${wholeText(after.rows)} held-out texts.`
    );
  }
  return "";
}
