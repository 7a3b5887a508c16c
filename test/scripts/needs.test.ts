import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { installNeeds, needs, type Machine, type NeedName } from "../../scripts/machine/needs.mjs";
import { longStages, testStages } from "../../scripts/test/stages.mjs";
import { runStages } from "../../scripts/test/run-stages.mjs";

const everything = ["chromium", "vulkan", "firefox", "webkit", "display"] as const;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "needs-"));
  vi.spyOn(console, "log").mockReturnValue();
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  vi.restoreAllMocks();
});

/** A machine that has what is given, and gets what its package manager or Playwright installs. */
function machineWith(present: NeedName[], { apt = true, works = true } = {}) {
  const has = new Set<NeedName>(present);
  const commands: string[] = [];
  const machine: Machine = {
    isPresent: (name) => has.has(name),
    hasApt: () => apt,
    run(_purpose, command) {
      commands.push(command.join(" "));
      if (!works) return false;
      if (command.includes("playwright")) has.add("chromium").add("vulkan");
      if (command.includes("install") && command[0] === "apt-get") {
        for (const name of everything) if (needs[name].packages.every((one) => command.includes(one))) has.add(name);
      }
      return true;
    },
  };
  return { machine, commands };
}

describe("installNeeds", () => {
  it("installs nothing where all is there", () => {
    const { machine, commands } = machineWith([...everything]);
    expect(installNeeds(everything, machine).size).toBe(0);
    expect(commands).toEqual([]);
  });

  it("asks Debian once for all that is missing, each package once", () => {
    const { machine, commands } = machineWith(["firefox"]);
    expect(installNeeds(everything, machine).size).toBe(0);
    expect(commands).toHaveLength(2);
    expect(commands[0]).toMatch(/^apt-get update/);
    expect(commands[1]).toMatch(/^apt-get install .* chromium webkit2gtk-driver xvfb xauth$/);
  });

  it("takes Playwright's Chromium elsewhere, and says what to do about the rest", () => {
    const { machine, commands } = machineWith([], { apt: false });
    const missing = installNeeds(everything, machine);
    expect(commands).toHaveLength(1);
    expect(commands[0]).toMatch(/^npx playwright install .*chromium$/);
    expect([...missing.keys()]).toEqual(["firefox", "webkit", "display"]);
    expect(missing.get("firefox")).toBe("There is no Firefox here. Install Firefox, or let FIREFOX_PATH name one.");
  });

  it("downloads no Chromium for a stage that needs none", () => {
    const { machine, commands } = machineWith([], { apt: false });
    installNeeds(["firefox"], machine);
    expect(commands).toEqual([]);
  });
});

describe("runStages", () => {
  const write = (name: string) => `require("fs").appendFileSync(${JSON.stringify(join(folder, "order"))}, "${name} ")`;
  const stage = (name: string, wanted: NeedName[]) => {
    return { name, command: [process.execPath, "-e", write(name)], needs: wanted };
  };
  const order = () => readFileSync(join(folder, "order"), "utf8").trim().split(" ");

  it("installs what the last stage needs before the first stage starts", async () => {
    const { machine, commands } = machineWith([]);
    let installedBefore = -1;
    const first = {
      ...stage("first", []),
      get command() {
        installedBefore = commands.length;
        return [process.execPath, "-e", write("first")];
      },
    };
    const result = await runStages([first, stage("middle", ["firefox"]), stage("last", ["vulkan"])], folder, {
      machine,
    });
    expect(result).toEqual({ passed: 3, failed: 0 });
    expect(installedBefore).toBe(2);
    expect(commands).toHaveLength(2);
    expect(order()).toEqual(["first", "middle", "last"]);
  });

  it("fails a stage whose needs cannot be met, by name, and runs the others", async () => {
    const { machine } = machineWith(["chromium"], { works: false });
    const said = vi.spyOn(console, "log");
    const stages = [stage("node", ["vulkan"]), stage("webkit", ["webkit", "display"]), stage("e2e", ["chromium"])];
    expect(await runStages(stages, folder, { machine })).toEqual({ passed: 1, failed: 2 });
    expect(order()).toEqual(["e2e"]);
    const text = said.mock.calls.flat().join("\n");
    expect(text).toContain("There is no Vulkan driver here.");
    expect(text).toContain("There is no WebKitGTK with its WebKitWebDriver here.");
    expect(text).toContain("There is no xvfb-run here.");
  });
});

describe("the stages of npm test", () => {
  const stages = testStages({ root: folder, reports: "out", port: 1 });

  it("need nothing for checks alone, and name what each runner drives", () => {
    const byName = Object.fromEntries(stages.map(({ name, needs: wanted = [] }) => [name, wanted]));
    expect(byName).toMatchObject({ types: [], lint: [], format: [], exports: [], imports: [], build: [], weight: [] });
    expect(byName).toMatchObject({ node: ["vulkan"], browser: ["chromium"], e2e: ["chromium"] });
    expect(byName).toMatchObject({ firefox: ["firefox"], webkit: ["webkit", "display"] });
  });
});

describe("the stages of npm run test:long", () => {
  it("fuzz in full and may take hours, and none needs what the machine is not asked for", () => {
    const stages = longStages({ root: folder, reports: "out", port: 1 });
    expect(stages.find(({ name }) => name === "fuzz")?.environment).toEqual({ TABTUNE_FUZZ: "10000" });
    expect(stages.map(({ name }) => name)).toEqual(expect.arrayContaining(["endurance", "e2e", "firefox", "webkit"]));
    expect(stages.every(({ limitMs = 0 }) => limitMs > 3_600_000)).toBe(true);
    expect(new Set(stages.flatMap((stage) => stage.needs ?? []))).toEqual(new Set(everything));
  });
});
