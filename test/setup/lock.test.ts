import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { withLock } from "../../src/setup/lock.mjs";
import { Progress } from "../../src/setup/progress.mjs";
import { type Project, projectAt } from "../../src/setup/project.mjs";
import { temporaryFolder } from "./temporary-folder.js";

let project: Project;
let lock: string;
let said: string;
const progress = new Progress({ write: (text: string) => (said += text) });

beforeEach(() => {
  project = projectAt(temporaryFolder());
  mkdirSync(project.build);
  lock = join(project.build, "set-up.lock");
  said = "";
});

/** The id of a process that has ended. */
const endedPid = () => spawnSync(process.execPath, ["-e", ""]).pid;
const leave = (holder: object) => writeFileSync(lock, JSON.stringify(holder));

it("two that hold the lock follow each other", async () => {
  const events: string[] = [];
  const hold = (name: string) =>
    withLock(project, progress, async (run) => {
      events.push(`${name} starts`);
      await run(process.execPath, ["-e", "setTimeout(() => {}, 300)"], { cwd: project.root });
      events.push(`${name} ends`);
    });
  await Promise.all([hold("a"), hold("b")]);
  expect(events).toEqual(["a starts", "a ends", "b starts", "b ends"]);
  expect(said).toContain(`under way (process ${process.pid}); waiting`);
  expect(existsSync(lock)).toBe(false);
});

it("work that fails gives the lock back", async () => {
  const failing = withLock(project, progress, async () => {
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  expect(existsSync(lock)).toBe(false);
});

it.each([
  ["a killed set-up", () => leave({ host: hostname(), pid: endedPid(), child: endedPid() })],
  ["one killed while writing it", () => writeFileSync(lock, "{")],
  ["another machine", () => leave({ host: "elsewhere", pid: 1 })],
])("a lock that was left by %s is taken over", async (_, leaveLock) => {
  leaveLock();
  const hoursAgo = new Date(Date.now() - 7_200_000);
  utimesSync(lock, hoursAgo, hoursAgo);
  let worked = false;
  await withLock(project, progress, async () => {
    worked = true;
  });
  expect(worked).toBe(true);
  expect(said).toBe("");
});

it("what a killed set-up was running is waited for", async () => {
  const orphan = spawn(process.execPath, ["-e", "setTimeout(() => {}, 600)"]);
  let ended = false;
  orphan.on("exit", () => {
    ended = true;
  });
  leave({ host: hostname(), pid: endedPid(), child: orphan.pid });
  await withLock(project, progress, async () => expect(ended).toBe(true));
  expect(said).toContain("waiting for it");
});
