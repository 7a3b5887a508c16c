import { parseArgs } from "node:util";
import * as v from "valibot";
import { precisionOn } from "../../gpu/precision.ts";
import { runningDevice, runningGpu } from "../../gpu/running.ts";
import { threadsAtWork } from "../../ops/wasm-kernels.ts";
import { startNodeBackend } from "../node-backend.ts";
import { checkParity, withinTolerance } from "./check.ts";
import { referenceFolders } from "./reference-folders.ts";
import { takeTile } from "./take-tile.ts";
import { backendOption, threadsOption } from "../options.ts";

const USAGE = `npm run -s parity -- DIR… [--backend webgpu|wasm|cpu] [--kernels gpu|software] [--tile NAME]
    [--threads N] [--precision float32|mixed]

Checks a folder laid out like test/reference/tiny (checkpoint, batches, forward, gradients, trajectories,
after_training; NAME.gz is read where there is no NAME) through the model, loss and trainer that "fit" uses. Prints one
JSON object for each; exits 1 beyond tolerance. A DIR of such folders stands for all in it whose family is trained here.
On webgpu, --kernels runs the kernels for GPUs on a software adapter, or the reverse, and --tile
computes products with one tile alone ("shared 64×64"), where it can; on wasm, --threads takes more than one.
--precision mixed, on a webgpu device with 16-bit floats, checks steps in mixed
precision: gradients within 1e-2 (1e-3 in float32), losses of the steps within 2e-2 (1e-4), gradient norms within
2e-2 (1e-3), weights after training within 5e-2 (1e-2).`;

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
        precision: { type: "string", default: "float32" },
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
  const precision = v.parse(v.picklist(["float32", "mixed"]), values.precision);
  if (precision !== precisionOn(runningDevice(), precision)) {
    throw new Error(`${adapter} has no 16-bit floats (shader-f16), which mixed precision needs. Use float32.`);
  }
  const folders = await referenceFolders(positionals);
  const threads = backend === "wasm" ? { threads: threadsAtWork() } : {};
  let allOk = true;
  for (const folder of folders) {
    const worst = await checkParity(folder, (line) => console.error(line), precision);
    const ok = withinTolerance(worst, precision);
    allOk &&= ok;
    const named = folders.length > 1 ? { folder } : {};
    console.log(JSON.stringify({ ...named, backend, adapter, ...threads, precision, ok, worst }));
  }
  process.exit(allOk ? 0 : 1);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(2);
}
