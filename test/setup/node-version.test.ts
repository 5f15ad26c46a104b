import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { nodeProblem } from "../../src/setup/node-version.mjs";
import { project } from "../../src/setup/project.mjs";
import { temporaryFolder } from "./temporary-folder.js";

it.each(["20.19.0", "20.20.2", "22.1.0", "24.11.1", "100.0.0"])("Node %s will do", (version) => {
  expect(nodeProblem(version)).toBeUndefined();
});

it.each(["12.22.0", "18.20.8", "20.18.3"])("Node %s is named as too old", (version) => {
  expect(nodeProblem(version)).toContain(`needs Node ≥ 20.19, and this is Node ${version}`);
});

it("on an old Node, a command prints that sentence and nothing else", () => {
  const disguise = join(temporaryFolder(), "disguise.cjs");
  writeFileSync(disguise, `Object.defineProperty(process, "versions", { value: { node: "18.0.0" } });`);
  const start = join(project.root, "src/setup/start.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--require", disguise, start], { encoding: "utf8" });
  expect(status).toBe(1);
  expect(stdout).toBe("");
  expect(stderr.trim()).toBe(nodeProblem("18.0.0"));
});
