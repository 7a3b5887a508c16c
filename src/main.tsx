import "@mantine/core/styles.css";
import "./app/page.css";
import { MantineProvider } from "@mantine/core";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App.tsx";
import { watchRuns } from "./app/history/watch-runs.ts";
import { LiveChannel } from "./app/run-lock/live-channel.ts";
import { RunLock, ScreenLock, WorkLock } from "./app/run-lock/run-lock.ts";
import { shareRuns } from "./app/run-lock/share-runs.ts";
import { createAppStore } from "./app/store.ts";
import { theme } from "./app/theme.ts";
import { StoreContext } from "./app/use-app.ts";
import { appWindow } from "./app/windows.ts";
import { createSession } from "./workers/client.ts";

// The handbook's links to fields of the recipe come to the tab of this name.
window.name = appWindow;

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root.");
// Old browsers, and pages from other than https, lack these.
const { locks, wakeLock }: { locks?: LockManager; wakeLock?: WakeLock } = navigator;
const runLock = new RunLock(locks);
const store = createAppStore(createSession(), undefined, runLock);
shareRuns(store, {
  runLock,
  workLock: new WorkLock(locks),
  screen: new ScreenLock(wakeLock, document),
  channel: new LiveChannel(
    typeof BroadcastChannel === "undefined"
      ? { postMessage: () => undefined, onmessage: null }
      : new BroadcastChannel("tabtune-run"),
  ),
});
watchRuns(store);
void store.getState().actions.findKept();
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <StoreContext value={store}>
        <App />
      </StoreContext>
    </MantineProvider>
  </StrictMode>,
);
