import { SegmentedControl, Text } from "@mantine/core";
import { useTakeTest } from "../drop/use-take-files.ts";
import type { DataState } from "../state.ts";
import { useActions, useApp } from "../use-app.ts";
import { OtherFile } from "./OtherFile.tsx";
import styles from "./setup.module.css";
import { ShareSlider } from "./ShareSlider.tsx";

/** The share that is offered first. */
const USUAL = 0.2;

/** The source of the test rows: none, a share of the table, or a file. */
export function TestControls({ data, locked }: { data: DataState; locked: boolean }) {
  const takeTest = useTakeTest();
  const { closeTest, wantTestFile, overrideTest, setRecipe } = useActions();
  const share = useApp(({ recipe }) => recipe.testShare);
  const { testTable, wantsTestFile, summary } = data;
  const mode = testTable || wantsTestFile ? "file" : share > 0 ? "share" : "none";
  const choose = async (value: string) => {
    if (value === "file") return wantTestFile();
    await closeTest();
    const wanted = value === "none" ? 0 : share || USUAL;
    if (wanted !== share) await setRecipe({ testShare: wanted });
  };
  return (
    <div data-field="test" tabIndex={-1}>
      <h3 className={styles.subtitle}>Test rows</h3>
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label="Test rows"
        disabled={locked}
        value={mode}
        onChange={(value) => void choose(value)}
        data={[
          { value: "none", label: "None" },
          { value: "share", label: "Set a share apart" },
          { value: "file", label: "From a file" },
        ]}
      />
      {mode === "share" && (
        <ShareSlider
          label="Share set apart"
          share={share}
          locked={locked}
          onShare={(value) => void setRecipe({ testShare: value })}
        >
          {(shown) => `${shown} set apart, neither trained nor validated on, until you open it in Results.`}
        </ShareSlider>
      )}
      {mode === "file" && (
        <OtherFile
          what="test"
          table={testTable}
          rows={summary?.testRows}
          locked={locked}
          onRemove={() => void choose("none")}
          onFormat={(format) => void overrideTest(format)}
          onFiles={takeTest}
        />
      )}
      {mode === "none" && (
        <Text size="sm" c="var(--quiet)" mt={4}>
          A score that chose the best epoch is a little too good; test rows choose nothing.
        </Text>
      )}
    </div>
  );
}
