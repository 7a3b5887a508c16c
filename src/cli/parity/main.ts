import { parseArgs } from "node:util";
import * as v from "valibot";
import { runningGpu } from "../../gpu/running.ts";
import { threadsAtWork } from "../../ops/wasm-kernels.ts";
import { startNodeBackend } from "../node-backend.ts";
import { checkParity, withinTolerance } from "./check.ts";
import { referenceFolders } from "./reference-folders.ts";
import { takeTile } from "./take-tile.ts";
import { backendOption, threadsOption } from "../options.ts";

const USAGE = `npm run -s parity -- DIR… [--backend webgpu|wasm|cpu] [--kernels gpu|software] [--tile NAME]
    [--threads N]

Checks a folder laid out like test/reference/tiny (checkpoint, batches, forward, gradients, trajectories,
after_training) through the model, loss and trainer that "fit" uses. Prints one JSON object for each; exits 1 beyond
tolerance. A DIR of such folders stands for all in it whose family is trained here.
On webgpu, --kernels runs the kernels for GPUs on a software adapter, or the reverse, and --tile
computes products with one tile alone ("shared 64×64"), where it can; on wasm, --threads takes more than one.`;

/** Reads the options; a wrong one ends the program. */
function readOptions() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        backend: { type: "string", default: "webgpu" },
        kernels: { type: "string" },
        tile: { type: "string" },
        threads: { type: "string", default: "1" },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

const { values, positionals } = readOptions();
if (values.help || positionals.length === 0) {
  console.error(USAGE);
  process.exit(values.help ? 0 : 2);
}
try {
  const { backend, adapter } = await startNodeBackend(backendOption(values.backend), {
    threads: threadsOption(values.threads),
  });
  if (values.kernels !== undefined) runningGpu().kernels = v.parse(v.picklist(["gpu", "software"]), values.kernels);
  if (values.tile !== undefined) takeTile(runningGpu(), values.tile);
  const folders = await referenceFolders(positionals);
  const threads = backend === "wasm" ? { threads: threadsAtWork() } : {};
  let allOk = true;
  for (const folder of folders) {
    const worst = await checkParity(folder, (line) => console.error(line));
    const ok = withinTolerance(worst);
    allOk &&= ok;
    const named = folders.length > 1 ? { folder } : {};
    console.log(JSON.stringify({ ...named, backend, adapter, ...threads, ok, worst }));
  }
  process.exit(allOk ? 0 : 1);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(2);
}
