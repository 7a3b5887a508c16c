import { useComputedColorScheme, useMantineColorScheme, Text, Kbd, Modal, Table } from "@mantine/core";
import { lazy, Suspense, useDeferredValue, useMemo, useState } from "react";
import { KeptRuns } from "./keep/KeptRuns.tsx";
import { PageDrop } from "./drop/PageDrop.tsx";
import { EmptyState } from "./EmptyState.tsx";
import { Header } from "./Header.tsx";
import { SEARCH_FIELD, PageViewContext, usePageKeys, keyLines } from "./page-actions.ts";
import { QuestionDialog } from "./QuestionDialog.tsx";
import { useFieldLink } from "./setup/field-link.ts";
import { SetupPanel } from "./setup/SetupPanel.tsx";
import type { App as AppData } from "./store.ts";
import { useApp } from "./use-app.ts";
import { useEndNotification, useLeaveWarning, useTabTitle } from "./use-page-effects.ts";
import styles from "./App.module.css";

// The charts are as large as the rest of the page, so they are loaded once there is something to train.
const RunPanel = lazy(() => import("./run/RunPanel.tsx").then(({ RunPanel }) => ({ default: RunPanel })));

const RunsDialog = lazy(() => import("./history/RunsDialog.tsx").then(({ RunsDialog }) => ({ default: RunsDialog })));

/** True until a person has opened, or tried to open, anything. */
function isUntouched({ data, model, recipeProblem, past }: AppData): boolean {
  const opened = data.table ?? data.busy ?? data.problem ?? model.summary ?? model.busy ?? model.problem;
  return !(opened ?? recipeProblem) && past.length === 0;
}

/** The whole page: the drop zones while nothing is open, then setup at the left and the run at the right. */
export function App() {
  const [help, setHelp] = useState(false);
  const [runs, setRuns] = useState(false);
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme("light") === "dark";
  // Deferred, so that the many cards are drawn in slices and the page stays free while the first file is opened.
  const untouched = useDeferredValue(useApp(isUntouched));
  const link = useFieldLink();
  const view = useMemo(
    () => ({
      dark,
      toggleTheme: () => setColorScheme(dark ? "light" : "dark"),
      toggleHelp: () => setHelp((shown) => !shown),
      toggleRuns: () => setRuns((shown) => !shown),
      focusSearch: () => document.getElementById(SEARCH_FIELD)?.focus(),
    }),
    [dark, setColorScheme],
  );
  usePageKeys(view);
  useTabTitle();
  useLeaveWarning();
  useEndNotification();

  return (
    <PageViewContext value={view}>
      <div className={styles.page}>
        <Header />
        <main>
          <PageDrop />
          <KeptRuns />
          {untouched && !link ? (
            <EmptyState />
          ) : (
            <div className={styles.columns}>
              <section aria-label="Setup" className={styles.setup}>
                <SetupPanel link={link} />
              </section>
              <section aria-label="Run" className={styles.run}>
                <Suspense fallback={<Text role="status">Loading the charts</Text>}>
                  <RunPanel />
                </Suspense>
              </section>
            </div>
          )}
        </main>
        <QuestionDialog />
        {runs && (
          <Suspense fallback={<Text role="status">Loading the runs</Text>}>
            <RunsDialog onClose={() => setRuns(false)} />
          </Suspense>
        )}
        <ShortcutsDialog opened={help} onClose={() => setHelp(false)} />
      </div>
    </PageViewContext>
  );
}

function ShortcutsDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Keys" centered>
      <Table>
        <Table.Tbody>
          {keyLines().map(({ keys, does }) => (
            <Table.Tr key={does}>
              <Table.Td style={{ whiteSpace: "nowrap" }}>
                {keys.map((key, i) => (
                  <span key={key}>
                    {i > 0 && " + "}
                    <Kbd>{key}</Kbd>
                  </span>
                ))}
              </Table.Td>
              <Table.Td>{does}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
