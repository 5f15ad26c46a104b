/** What `src` and cells use of Node.js, in a browser: the same names, over files in memory. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { Buffer } from "buffer";
import { gunzipSync } from "fflate";
import { format, formatWithOptions, inspect } from "node-inspect-extracted";
import * as paths from "../core/paths";
import type { MemoryFiles } from "./memory-files";

/** The project's folder in memory. */
export const ROOT = "/book";

/** What Node.js offers everywhere, as far as it is used. */
export const process = {
  browser: true,
  platform: "browser",
  arch: "browser",
  version: "v20.19.0",
  versions: { node: "20.19.0" },
  env: { BACKPROP_THREADS: "1" } as Record<string, string | undefined>,
  argv: [] as string[],
  execArgv: [] as string[],
  pid: 1,
  cwd: () => ROOT,
  nextTick: (callback: (...args: unknown[]) => void, ...args: unknown[]) => queueMicrotask(() => callback(...args)),
  memoryUsage: () => ({ heapUsed: 0, rss: 0 }),
  hrtime: Object.assign(() => [Math.floor(performance.now() / 1000), (performance.now() % 1000) * 1e6], {
    bigint: () => BigInt(Math.round(performance.now() * 1e6)),
  }),
  exit: () => {
    throw new Error("process.exit is not available in a notebook: it would end the kernel.");
  },
};

/** An error as Node's file functions throw it. */
function missing(operation: string, path: string): never {
  const error = new Error(`ENOENT: no such file or directory, ${operation} '${path}'`);
  throw Object.assign(error, { code: "ENOENT", path, syscall: operation });
}

function fileSystem(files: MemoryFiles) {
  const at = (path: unknown) => paths.resolve(ROOT, String(path)).replace(/(.)\/$/, "$1");
  const encodingOf = (options: unknown) =>
    typeof options === "string" ? options : (options as { encoding?: string } | undefined)?.encoding;
  const read = (path: unknown, options?: unknown): unknown => {
    const data = files.data(at(path)) ?? missing("open", String(path));
    const bytes = typeof data === "string" ? Buffer.from(data) : Buffer.from(data);
    const encoding = encodingOf(options);
    return encoding ? bytes.toString(encoding as "utf8") : bytes;
  };
  const stat = (given: unknown, { throwIfNoEntry = true } = {}) => {
    const path = at(given);
    const [isFile, isDirectory] = [files.isFile(path), files.isFolder(path)];
    if (!isFile && !isDirectory) return throwIfNoEntry ? missing("stat", path) : undefined;
    const size = isFile ? (files.data(path)?.length ?? 0) : 0;
    return { size, mtimeMs: 0, isFile: () => isFile, isDirectory: () => isDirectory, isSymbolicLink: () => false };
  };
  let made = 0;
  return {
    existsSync: (path: unknown) => files.isFile(at(path)) || files.isFolder(at(path)),
    readFileSync: read,
    writeFileSync: (path: unknown, data: string | Uint8Array) => {
      if (!files.isFolder(paths.dirname(at(path)))) missing("open", String(path));
      files.write(at(path), typeof data === "string" ? data : new Uint8Array(data));
    },
    mkdirSync: (path: unknown) => files.makeFolder(at(path)),
    mkdtempSync: (prefix: unknown) => {
      const path = `${at(prefix)}${++made}`;
      files.makeFolder(path);
      return path;
    },
    renameSync: (from: unknown, to: unknown) => {
      files.write(at(to), files.data(at(from)) ?? missing("rename", String(from)));
      files.remove(at(from));
    },
    rmSync: (path: unknown) => files.remove(at(path)),
    unlinkSync: (path: unknown) => files.remove(at(path)) || missing("unlink", String(path)),
    readdirSync: (path: unknown) => files.entries(at(path)),
    statSync: stat,
    lstatSync: stat,
    realpathSync: at,
  };
}

const pathModule = {
  ...paths,
  join: paths.join,
  resolve: (...parts: string[]) => parts.reduce((folder, part) => paths.resolve(folder, part), ROOT),
  basename: (path: string, ending = "") => {
    const name = paths.basename(path);
    return ending !== "" && name.endsWith(ending) ? name.slice(0, -ending.length) : name;
  },
  isAbsolute: (path: string) => path.startsWith("/"),
  normalize: (path: string) => paths.join(path),
  sep: "/",
  delimiter: ":",
};

function createHash(algorithm: string) {
  if (algorithm !== "sha256") throw new Error(`In a browser createHash knows sha256 alone, not ${algorithm}`);
  const parts: Uint8Array[] = [];
  const hash = {
    update(data: string | Uint8Array) {
      parts.push(typeof data === "string" ? utf8ToBytes(data) : new Uint8Array(data));
      return hash;
    },
    digest: (encoding?: string) => {
      const bytes = sha256(concatBytes(...parts));
      return encoding === "hex" ? bytesToHex(bytes) : Buffer.from(bytes);
    },
  };
  return hash;
}

const cryptoModule = {
  createHash,
  randomUUID: () => crypto.randomUUID(),
  randomBytes: (count: number) => Buffer.from(crypto.getRandomValues(new Uint8Array(count))),
};

const util = {
  inspect,
  format,
  formatWithOptions,
  TextEncoder,
  TextDecoder,
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it takes away
  stripVTControlCharacters: (text: string) => text.replace(/\u001b\[[0-9;]*m/g, ""),
};

/**
 * Node's own modules.
 *
 * @param require what `createRequire` gives
 */
export function nodeModules(files: MemoryFiles, require: object): Record<string, object> {
  const fs = fileSystem(files);
  const wait = (ms: number, value: unknown) => new Promise((done) => setTimeout(done, ms, value));
  const promised = Object.fromEntries(
    Object.entries(fs)
      .filter(([name]) => name.endsWith("Sync"))
      .map(([name, work]) => [
        name.slice(0, -4),
        async (...args: unknown[]) => (work as (...given: unknown[]) => unknown)(...args),
      ]),
  );
  return {
    fs: { ...fs, promises: promised },
    "fs/promises": promised,
    path: { ...pathModule, posix: pathModule },
    util,
    crypto: cryptoModule,
    zlib: { gunzipSync: (bytes: Uint8Array) => Buffer.from(gunzipSync(new Uint8Array(bytes))) },
    module: { createRequire: () => require, builtinModules: [] },
    url: {
      pathToFileURL: (path: string) => new URL(paths.fileUrl(path)),
      fileURLToPath: (url: string | URL) => decodeURIComponent(new URL(url).pathname),
    },
    os: { tmpdir: () => "/tmp", availableParallelism: () => 1, cpus: () => [], EOL: "\n", platform: () => "browser" },
    worker_threads: { isMainThread: true, MessageChannel },
    v8: { setFlagsFromString() {} },
    timers: { setTimeout, setInterval, clearTimeout, clearInterval },
    "timers/promises": { setTimeout: wait, setImmediate: (value: unknown) => wait(0, value) },
    perf_hooks: { performance },
    buffer: { Buffer },
    process,
    assert: Object.assign((value: unknown, message = "The expression evaluated to a falsy value") => {
      if (!value) throw new Error(message);
    }, {}),
  };
}
