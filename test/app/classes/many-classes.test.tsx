import type { ReactNode } from "react";
import { MantineProvider } from "@mantine/core";
import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { ClassTable } from "../../../src/app/tasks/classes/ClassTable.tsx";
import { ConfusedPairs } from "../../../src/app/tasks/single-label/ConfusedPairs.tsx";
import { Probabilities } from "../../../src/app/tasks/classes/Probabilities.tsx";
import { ScoresTable } from "../../../src/app/tasks/classes/ScoresTable.tsx";
import { WeightsByHand } from "../../../src/app/setup/WeightsByClass.tsx";
import ManyClassBars from "../../../src/app/tasks/classes/ManyClassBars.tsx";
import { StoreContext } from "../../../src/app/use-app.ts";
import { scoresOfCells } from "../../../src/metrics/class-scores.ts";
import type { ConfusionCell } from "../../../src/metrics/confusion.ts";
import { dataSummary } from "../fake-session.ts";
import { evaluation } from "../run/events.ts";
import { setUp } from "../set-up.ts";

const SIZES = [200, 4000] as const;
const mostRows = 60;

const draw = (content: ReactNode) =>
  renderToString(<MantineProvider>{content}</MantineProvider>).replaceAll("<!-- -->", "");
const rowsOf = (page: string) => page.match(/aria-rowindex/g)?.length ?? 0;
const namesOf = (classes: number) => Array.from({ length: classes }, (_, index) => `intent ${index}`);

/** Every class has two rows, one of which is taken for the class after it; the last class has none, the one before 90. */
function reportOf(classes: number) {
  const cells = Array.from({ length: classes - 2 }, (_, k): ConfusionCell[] => [
    [k, k, 1],
    [k, k + 1, 1],
  ]).flat();
  cells.push([classes - 2, 0, 90]);
  return { logLoss: 1, ...scoresOfCells(cells, classes) };
}

describe.each(SIZES)("with %i classes", (classes) => {
  const labelNames = namesOf(classes);
  const report = reportOf(classes);

  it("the Data card shows the most frequent classes first, and says how many there are", () => {
    const trainCounts = labelNames.map((_, index) => (index === classes - 1 ? 70 : 2));
    const summary = dataSummary({ labelNames, targets: { trainCounts, validationCounts: labelNames.map(() => 1) } });
    const page = draw(<ManyClassBars summary={summary} title="Rows per class" uses={{ train: "a", held: "b" }} />);
    expect(rowsOf(page)).toBeLessThan(mostRows);
    expect(page).toContain(`All ${classes.toLocaleString("en")} classes`);
    expect(page).toContain(`aria-rowcount="${classes + 1}"`);
    expect(page.indexOf(`intent ${classes - 1}<`)).toBeLessThan(page.indexOf("intent 0<"));
    expect(page).toContain("Search classes");
  });

  it("Results shows the averages and then the worst classes", () => {
    const page = draw(<ScoresTable report={report} labelNames={labelNames} />);
    expect(rowsOf(page)).toBeLessThan(mostRows);
    // 90 rows that were all taken for another class.
    const places = ["weighted average<", `intent ${classes - 2}<`, "intent 1<"].map((name) => page.indexOf(name));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it("Training has the worst classes first", () => {
    const events = [{ ...evaluation(5, "full", 10, 0), report }];
    const page = draw(<ClassTable evaluations={events} labelNames={labelNames} shown={[0]} onShow={() => undefined} />);
    expect(rowsOf(page)).toBeLessThan(mostRows);
    expect(page.indexOf(`>intent ${classes - 2}<`)).toBeLessThan(page.indexOf(">intent 0<"));
    expect(page).toContain("Search classes");
  });

  it("the pairs that were confused come by their rows", () => {
    const page = draw(<ConfusedPairs report={report} labelNames={labelNames} />);
    expect(rowsOf(page)).toBeLessThan(mostRows);
    expect(page.indexOf(`intent ${classes - 2}<`)).toBeLessThan(page.indexOf("intent 1<"));
    expect(page).toContain("Search confused classes");
  });

  it("Recipe has fields for the first weights by hand, and a search for the others", () => {
    const weights = Object.fromEntries(labelNames.map((name) => [name, 1]));
    const { store } = setUp();
    const page = draw(
      <StoreContext value={{ ...store, getInitialState: store.getState }}>
        <WeightsByHand field="classWeights" names={labelNames} weights={weights} locked={false} />
      </StoreContext>,
    );
    expect(page.match(/inputMode="decimal"/gi)).toHaveLength(50);
    expect(page).toContain("Search classes");
    expect(page).toContain(`The first 50 of ${classes.toLocaleString("en")} classes`);
  });

  it("Try it shows the ten most probable classes and offers all", () => {
    const probabilities = labelNames.map((_, index) => (index === 17 ? 0.9 : 0.1 / classes));
    const page = draw(<Probabilities answer={{ labelNames, probabilities }} stale={false} />);
    expect(page.match(/<li/g)?.length).toBe(10);
    expect(page.indexOf("intent 17<")).toBeLessThan(page.indexOf("intent 0<"));
    expect(page).toContain(`All ${classes.toLocaleString("en")} classes`);
  });
});

describe("with a few classes", () => {
  it("nothing asks for a search", () => {
    const report = reportOf(5);
    const page = draw(
      <>
        <ScoresTable report={report} labelNames={namesOf(5)} />
        <Probabilities answer={{ labelNames: namesOf(5), probabilities: [0.1, 0.2, 0.3, 0.2, 0.2] }} stale={false} />
      </>,
    );
    expect(page).not.toContain("Search");
    expect(page.indexOf("intent 0<")).toBeLessThan(page.indexOf("macro average<"));
  });
});
