/** Runs programs in the sandbox under control groups, on a system that has them, and prints how each ended: `probe.mjs HARNESS PROGRAMS`. */
import { readFileSync } from "node:fs";
import { groupParent } from "../../../src/course/sandbox/cgroup";
import { defaultLimits, findSandbox } from "../../../src/course/sandbox/sandbox";
import type { Order } from "../../../src/course/sandbox/wire";

const [harness, programs] = process.argv.slice(2);
const limits = { ...defaultLimits, memory: 256 * 2 ** 20 };
console.log(JSON.stringify({ parent: groupParent() }));
const sandbox = findSandbox(harness, false, limits, ["bubblewrap"]);
for (const [name, order] of Object.entries(JSON.parse(readFileSync(programs, "utf8")) as Record<string, Order>)) {
  const { ending, messages } = await sandbox.run(order, 120_000);
  const why = messages.flatMap((m) => (m.kind === "answer" && m.answer.kind === "failure" ? [m.answer.why] : []));
  console.log(JSON.stringify({ name, ending, why: why.join(" | ") }));
}
