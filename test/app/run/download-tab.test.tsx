import { MantineProvider } from "@mantine/core";
import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { DownloadTab } from "../../../src/app/run/DownloadTab.tsx";
import { adapterSnippet } from "../../../src/app/run/python-snippet.ts";
import { idleRun } from "../../../src/app/state.ts";
import { defaultRecipe } from "../../../src/recipe/recipe.ts";
import { defaultTask } from "../../../src/tasks/registry.ts";
import { fakeSession } from "../fake-session.ts";

/** The tab after a run of this LoRA rank, as drawn on a server. */
function tabOf(loraRank: number): string {
  return renderToString(
    <MantineProvider>
      <DownloadTab
        session={fakeSession()}
        run={{ ...idleRun(), status: "done", recipe: { ...defaultRecipe, loraRank } }}
        weights="best"
        dataName="d.csv"
        pair={false}
        baseModel="tiny"
        parameters={1000}
        onSaved={() => undefined}
      />
    </MantineProvider>,
  );
}

describe("the download of a run", () => {
  it("offers to neutralize the formulas of its CSV files", () => {
    expect(tabOf(0)).toContain("Neutralize formulas");
  });

  it("offers a PEFT adapter where there is one", () => {
    expect(tabOf(8)).toContain("PEFT adapter");
    expect(tabOf(0)).not.toContain("PEFT adapter");
    for (const tab of [tabOf(8), tabOf(0)]) expect(tab).toContain("model.safetensors");
  });
});

const facts = (baseModel: string, labelNames: string[]) => {
  return { folder: "tiny-d-adapter", task: defaultTask, pair: true, reading: defaultRecipe, baseModel, labelNames };
};

describe("adapterSnippet", () => {
  it("names the checkpoint, the folder and the classes as Python reads them", () => {
    const code = adapterSnippet(facts('my "base"', ["ham", "né\n"]));
    expect(code).toContain('labels = ["ham","né\\n"]');
    expect(code).toContain('"my \\"base\\"", num_labels=len(labels)');
    expect(code).toContain('PeftModel.from_pretrained(base, "tiny-d-adapter")');
    expect(code).toContain('"text_pair": "A second text"}, truncation=True, max_length=128))');
  });

  it("shows no names of thousands of classes, and copies them", () => {
    const names = Array.from({ length: 4000 }, (_, index) => `class ${index}`);
    expect(adapterSnippet(facts("b", names), true).length).toBeLessThan(1000);
    expect(adapterSnippet(facts("b", names), true)).toContain("all 4000 classes");
    expect(adapterSnippet(facts("b", names))).toContain('"class 3999"');
    expect(adapterSnippet(facts("b", ["ham", "spam"]), true)).toContain('["ham","spam"]');
  });
});
