import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { findWebKit } from "../../scripts/machine/browsers.mjs";
import { freePort } from "../../scripts/machine/free-port.mjs";
import type { Engine } from "./engine.ts";

/** How WebDriver writes an element down. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

interface Reply {
  value: unknown;
}

/** One session of a WebDriver, spoken to in plain HTTP. */
class Session {
  readonly address: string;

  constructor(address: string) {
    this.address = address;
  }

  async send(method: "GET" | "POST" | "DELETE", path: string, content?: object): Promise<unknown> {
    const body = method === "POST" ? JSON.stringify(content ?? {}) : null;
    const response = await fetch(this.address + path, { method, body, signal: AbortSignal.timeout(600_000) });
    const { value } = (await response.json()) as Reply;
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(value)}`);
    return value;
  }

  async element(selector: string): Promise<string> {
    const found = await this.send("POST", "/element", { using: "css selector", value: selector });
    const parts: [string, unknown][] = found instanceof Object ? Object.entries(found) : [];
    const id = parts.find(([key]) => key === ELEMENT)?.[1];
    if (typeof id !== "string") throw new Error(`Nothing on the page matches ${selector}.`);
    return id;
  }
}

/** Starts the driver on a screen of its own, where it finds home and downloads in `folder`. */
async function startDriver(driver: string, folder: string, port: number): Promise<ChildProcess> {
  const downloads = join(folder, "downloads");
  for (const path of [downloads, join(folder, "config")]) mkdirSync(path);
  writeFileSync(join(folder, "config/user-dirs.dirs"), `XDG_DOWNLOAD_DIR="${downloads}"\n`);
  const child = spawn("xvfb-run", ["-a", "-s", "-screen 0 1440x900x24", driver, `--port=${port}`], {
    stdio: "ignore",
    // A group of its own: the browser is a grandchild, and must not outlive a test that is ended.
    detached: true,
    env: {
      ...process.env,
      HOME: folder,
      XDG_CONFIG_HOME: join(folder, "config"),
      XDG_DATA_HOME: folder,
      XDG_CACHE_HOME: folder,
    },
  });
  for (let tries = 0; tries < 300; tries++) {
    const ready = await fetch(`http://127.0.0.1:${port}/status`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return child;
    if (child.exitCode !== null) break;
    await pause(100);
  }
  throw new Error("WebKitWebDriver did not start.");
}

function stop({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGTERM");
  } catch {
    // It has ended already.
  }
}

/** WebKitGTK's small browser, driven by its own WebDriver. */
export async function openWebKit(folder: string): Promise<Engine> {
  const programs = findWebKit();
  if (programs === undefined) throw new Error("There is no WebKitGTK with its driver.");
  const port = await freePort();
  const driver = await startDriver(programs.driver, folder, port);
  try {
    const base = `http://127.0.0.1:${port}`;
    const options = { binary: programs.browser, args: ["--automation"] };
    const capabilities = { alwaysMatch: { "webkitgtk:browserOptions": options } };
    const made = await new Session(base).send("POST", "/session", { capabilities });
    const { sessionId, capabilities: got } = made as { sessionId: string; capabilities: { browserVersion: string } };
    const session = new Session(`${base}/session/${sessionId}`);
    await session.send("POST", "/timeouts", { script: 600_000, pageLoad: 120_000 });
    return {
      name: `WebKitGTK ${got.browserVersion}`,
      downloads: join(folder, "downloads"),
      open: async (url) => void (await session.send("POST", "/url", { url })),
      reload: async () => void (await session.send("POST", "/refresh")),
      evaluate: (body) =>
        session
          .send("POST", "/execute/async", {
            script: `const done = arguments[0]; (async () => {${body}})().then((value) => done({ value }), (error) => done({ error: String(error) }))`,
            args: [],
          })
          .then((reply) => {
            const { value, error } = reply as { value?: unknown; error?: string };
            if (error !== undefined) throw new Error(error);
            return value;
          }),
      click: async (selector) => void (await session.send("POST", `/element/${await session.element(selector)}/click`)),
      choose: async (selector, paths) =>
        void (await session.send("POST", `/element/${await session.element(selector)}/value`, {
          text: paths.join("\n"),
        })),
      async close() {
        await session.send("DELETE", "").catch(() => undefined);
        stop(driver);
      },
    };
  } catch (error) {
    stop(driver);
    throw error;
  }
}
