import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chart } from "../../src/export/report/curve-svg.ts";
import { escaped } from "../../src/export/report/html.ts";
import { reportHtml, type ReportFacts } from "../../src/export/report/report-html.ts";
import { bert } from "../../src/families/bert/bert.ts";
import { scoresOf } from "../../src/metrics/report-of.ts";
import { defaultRecipe } from "../../src/recipe/recipe.ts";
import { defaultTrainedTask } from "../../src/tasks/trained-tasks.ts";
import { rowScoresFrom } from "../metrics/row-scores-from.ts";

const hostile = [
  `<script>alert(1)</script>`,
  `"><img src=x onerror=alert(1)>`,
  `</td></table><svg onload=alert(1)>`,
  `' onmouseover='alert(1)`,
  `&lt;script&gt; &#60;b&#62; <!-- --> ]]>`,
  `\u0000\u0008\u202Egnp.exe \ud800 javascript:alert(1)`,
  `</title><style>*{display:none}</style><base href="https://example.org">`,
];

/** A report in which every text that comes from people is this one. */
function factsWith(text: string): ReportFacts {
  const truth = Int32Array.from({ length: 12 }, (_, row) => row % 2);
  const probabilities = Array.from(truth, (label, row) => (row < 8 ? [1 - label, label] : [label, 1 - label])).flat();
  const evaluation = (step: number, logLoss: number) => ({
    ...{ type: "evaluation", scope: "full", step },
    report: Object.assign(scoresOf([5, 1, 1, 5], 2), { logLoss }),
  });
  return {
    card: {
      task: defaultTrainedTask,
      family: bert,
      name: text,
      baseModel: text,
      baseLicence: text,
      dataName: text,
      trainRows: 48,
      labelNames: [text, "spam"],
      report: Object.assign(scoresOf([4, 2, 2, 4], 2), { logLoss: 0.4 }),
      intervals: { of: { accuracy: [0.41, 0.87] }, draws: 1000, seed: 42 },
      weights: "best",
      step: 4,
      isPair: true,
      recipe: { ...defaultRecipe, epochs: 5 },
    },
    events: [1, 2, 3, 4]
      .map((step): object => ({ type: "step", step, loss: 1 / step }))
      .concat([evaluation(2, 0.6), evaluation(4, 0.4)]),
    predictions: {
      task: defaultTrainedTask,
      rows: Array.from(truth, (_, row) => ({ line: row + 2, text: `${text} ${row}`, pair: text })),
      truth: { labels: truth },
      scores: rowScoresFrom(truth, probabilities, 2),
    },
  };
}

/** The tags of a file, each with its attributes. */
const tagsOf = (html: string) => html.match(/<[^>]*>/g) ?? [];
const plain = tagsOf(reportHtml(factsWith("plain words")));
const namesOf = (tags: readonly string[]) =>
  [...new Set(tags.map((tag) => /^<[!/]?[a-z0-9]+/i.exec(tag)?.[0] ?? tag))].sort();

describe("the report of a run", () => {
  it("has data, split, recipe, figures with intervals, curves, errors, slices and limits", () => {
    const html = reportHtml(factsWith("plain words"));
    for (const title of ["Figures", "Curves", "Slices, worst first", "Errors", "Data and split", "Recipe", "Limits"]) {
      expect(html).toContain(`<h2>${title}</h2>`);
    }
    expect(html).toContain("41.0 % to 87.0 %");
    expect(html).toContain("4 of 12 validation rows came out wrong");
    expect(html).toContain("label is “plain words”");
    expect(html).toMatch(/<svg [^>]*aria-label="Loss: training, smoothed from 1 to /);
    expect(html).toContain("color-scheme:light dark");
  });

  it("has no script, no handler and no address, and a policy that forbids all of them", () => {
    const html = reportHtml(factsWith("plain words"));
    expect(html).not.toMatch(/<script|<link|<img|<iframe|<base|\son\w+=|url\(|@import|(src|href)=/i);
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  it.each(hostile)("shows %j as text", (text) => {
    const html = reportHtml(factsWith(text));
    // The same tags as of a harmless text: nothing of the text became markup.
    expect(namesOf(tagsOf(html))).toEqual(namesOf(plain));
    expect(tagsOf(html)).toHaveLength(plain.length);
    expect(html).not.toMatch(/[\u0000\u0008\u202e]/u);
  });
});

describe("escaped texts", () => {
  it("have no sign of markup, and are the text again when they are read", () => {
    const signs: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const html = escaped(text);
        expect(html).not.toMatch(/[<>"']/);
        const read = html.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => signs[name] ?? "");
        if (!/[\p{Cc}\p{Cs}\p{Cf}]/u.test(text)) expect(read).toBe(text);
      }),
    );
  });
});

it("a chart leaves out what is no number, and is empty without any", () => {
  expect(chart("Loss", [{ name: "a", points: [[1, NaN]] }])).toBe("");
  expect(
    chart("Loss", [
      {
        name: "a",
        points: [
          [1, 2],
          [2, NaN],
          [3, 2],
        ],
      },
    ]),
  ).not.toContain("NaN");
});
