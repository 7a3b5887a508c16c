import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let folder = "";
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "machine-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const browsers = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "firefox", "firefox-esr"];
const hiddenPrograms = [...browsers, "WebKitWebDriver", "xvfb-run"];

/**
 * In a mount namespace of its own: /usr/bin without browsers, their folders and those of Vulkan drivers empty, and
 * an apt-get that notes how it was called, and brings everything back on "install".
 */
function newMachine(command: string): string {
  return `
set -eu
hide() { for path in "$@"; do if [ -e "$path" ]; then mount -t tmpfs none "$path"; echo "$path" >> ${folder}/hidden; fi; done; }
mkdir ${folder}/programs ${folder}/links
cd /usr/bin
for name in *; do case " ${hiddenPrograms.join(" ")} apt-get " in *" $name "*) ;; *) echo "$name";; esac; done > ${folder}/names
sed 's|^|${folder}/programs/|' ${folder}/names | xargs -d '\\n' ln -s -t ${folder}/links
mount --bind /usr/bin ${folder}/programs
cat > ${folder}/links/apt-get <<'END'
#!/bin/sh
echo "apt-get $*" >> ${folder}/order
case "$*" in *install*) while read -r path; do umount "$path"; done < ${folder}/hidden;; esac
END
chmod +x ${folder}/links/apt-get
mount --bind ${folder}/links /usr/bin
echo /usr/bin > ${folder}/hidden
hide /usr/lib/chromium /usr/lib/firefox-esr /usr/lib/*/webkit2gtk-4.1 /opt/google /usr/share/vulkan /etc/vulkan
cd "$1"
unset CHROMIUM_PATH FIREFOX_PATH VK_DRIVER_FILES
export HOME=${folder}
${command}
`;
}

/** Options with which this machine lets us mount, undefined where it does not. */
const namespace = [["-m"], ["-m", "-r"]].find((options) => spawnSync("unshare", [...options, "true"]).status === 0);
const isDebian = process.platform === "linux" && /^ID=debian$/m.test(readFileSync("/etc/os-release", "utf8"));

// Where namespaces are refused, test/scripts/needs.test.ts alone tells: it hands the installer a made-up machine.
describe("a new machine, as far as mounts imitate it", () => {
  it("gets what any stage needs before the first stage", () => {
    if (namespace === undefined || !isDebian) return;
    const stage = "scripts/test.mjs --only node --reports $OUT -- --root test/fixtures/new-machine";
    const command = `OUT=${folder}/reports; export OUT\n"${process.execPath}" ${stage}`;
    writeFileSync(join(folder, "run.sh"), newMachine(command));
    const environment = Object.entries(process.env).filter(
      ([name]) => !name.startsWith("VITEST") && name !== "NODE_ENV",
    );
    const { stdout, stderr } = spawnSync("unshare", [...namespace, "bash", join(folder, "run.sh"), process.cwd()], {
      encoding: "utf8",
      env: Object.fromEntries(environment),
    });
    expect(stdout.trimEnd().split("\n").at(-1), stdout + stderr).toBe("1 passed, 0 failed");
    expect(readFileSync(join(folder, "order"), "utf8")).toMatch(/^apt-get update.*\napt-get install .* chromium\n$/);
  });
});
