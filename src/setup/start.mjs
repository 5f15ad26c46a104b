// The first file of every npm script: it runs before anything is installed, and parses on old Nodes, so that
// these get a sentence instead of a syntax error. Everything newer is behind the dynamic import.
//
//     node src/setup/start.mjs NAME [arguments]
//
// runs the command of that name; commands.mjs has all of them.
import { nodeProblem } from "./node-version.mjs";

const problem = nodeProblem(process.versions.node);
if (problem) {
  console.error(problem);
  process.exitCode = 1;
} else {
  import("./command.mjs").then(({ runCommand }) => runCommand(process.argv.slice(2)));
}
