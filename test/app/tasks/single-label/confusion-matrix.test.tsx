import { MantineProvider } from "@mantine/core";
import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { ConfusionMatrix } from "../../../../src/app/tasks/single-label/ConfusionMatrix.tsx";
import { scoresOf } from "../../../../src/metrics/report-of.ts";

const drawn = (labelNames: string[]) =>
  renderToString(
    <MantineProvider>
      <ConfusionMatrix report={{ ...scoresOf([4, 1, 0, 5], 2), logLoss: 0.3 }} labelNames={labelNames} rows="10 rows" />
    </MantineProvider>,
  );

describe("the confusion matrix’s CSV", () => {
  it.each(["=cmd", "@all", "-1", "＋1"])("offers to neutralize formulas where a class is called %s", (name) => {
    expect(drawn(["ham", name])).toContain("Neutralize formulas");
  });

  it("does not bother where no class name can be run", () => {
    expect(drawn(["ham", "a=b"])).not.toContain("Neutralize formulas");
  });
});
