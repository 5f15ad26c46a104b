/** Files on a disk. */
import { createHash } from "node:crypto";
import { type BigIntStats, readdirSync, realpathSync, statSync } from "node:fs";
import ts from "typescript";
import type { Files } from "../core/host";

/** File times come in steps of some ms: what was written this shortly before may be written again at the same time. */
const CLOCK_STEP_NS = 50_000_000n;

/** A path of this system's with slashes, as the kernel's core and the compiler have it. */
export function withSlashes(path: string): string {
  return process.platform === "win32" ? path.replaceAll("\\", "/") : path;
}

/** The disk of this machine. */
export const disk: Files = {
  read: (path) => ts.sys.readFile(path),
  isFile: (path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false,
  isFolder: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false,
  folders: (path) =>
    readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
      .map(({ name }) => name),
  below: (path, ...rest) => ts.sys.readDirectory(path, ...rest),
  realpath(path) {
    try {
      return withSlashes(realpathSync.native(path));
    } catch {
      return path;
    }
  },
  stamp(path) {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stats?.isFile() ? { stamp: stampOf(stats), sure: !isFresh(stats) } : { stamp: "", sure: true };
  },
  hash: (text) => createHash("sha256").update(text).digest("hex"),
};

function isFresh(stats: BigIntStats): boolean {
  return stats.mtimeNs > BigInt(Date.now()) * 1_000_000n - CLOCK_STEP_NS;
}

function stampOf({ mtimeNs, ctimeNs, size, ino }: BigIntStats): string {
  return `${mtimeNs} ${ctimeNs} ${size} ${ino}`;
}
