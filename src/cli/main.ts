import { reportProblem } from "../problem/problem.ts";
import { compare } from "./compare.ts";
import { evaluate } from "./evaluate.ts";
import { explain } from "./explain.ts";
import { findRate } from "./find-rate.ts";
import { fit } from "./fit.ts";
import { asOptionProblem } from "./options.ts";
import { inspect } from "./inspect.ts";
import { map } from "./map.ts";
import { nearest } from "./nearest.ts";
import { plan } from "./plan.ts";
import { predict } from "./predict.ts";
import { asSystemProblem } from "./system-problem.ts";
import { tune } from "./tune.ts";
import { uncertain } from "./uncertain.ts";

const USAGE = `tabtune: fine-tune a text classifier

  npm run -s tabtune -- inspect   --data FILE [options]
  npm run -s tabtune -- fit       --model DIR --data FILE --out DIR [options]
  npm run -s tabtune -- find-rate --model DIR --data FILE [options]
  npm run -s tabtune -- plan      --model DIR --data FILE [options]
  npm run -s tabtune -- evaluate  --model DIR --data FILE [options]
  npm run -s tabtune -- predict   --model DIR [options]
  npm run -s tabtune -- explain   --model DIR [options]
  npm run -s tabtune -- nearest   --model DIR --data FILE [options]
  npm run -s tabtune -- map       --model DIR --data FILE [options]
  npm run -s tabtune -- uncertain --model DIR --data FILE [options]
  npm run -s tabtune -- compare   A B
  npm run -s tabtune -- tune      [--again]

Each command has --help.`;

const COMMANDS = new Map([
  ["inspect", inspect],
  ["fit", fit],
  ["find-rate", findRate],
  ["plan", plan],
  ["evaluate", evaluate],
  ["predict", predict],
  ["explain", explain],
  ["nearest", nearest],
  ["map", map],
  ["uncertain", uncertain],
  ["compare", compare],
  ["tune", tune],
]);

const [name = "", ...rest] = process.argv.slice(2);
const command = COMMANDS.get(name);
if (!command) {
  const asked = name === "--help" || name === "-h" || name === "help";
  console.error(asked || name === "" ? USAGE : `There is no command “${name}”.\n\n${USAGE}`);
  process.exit(asked ? 0 : 2);
}
// The work goes on when nobody reads the progress any more.
process.stderr.on("error", () => undefined);
process.stdout.on("error", (error) => fail(error));
try {
  await command(rest);
  process.exit();
} catch (error) {
  fail(error);
}

function fail(error: unknown): never {
  const { found, expected, remedy, details } = reportProblem(asSystemProblem(asOptionProblem(error)));
  const sentences = [found, expected, remedy].filter(Boolean).join("\n");
  console.error(`${sentences}${details ? `\n\n${details}` : ""}`);
  process.exit(2);
}
