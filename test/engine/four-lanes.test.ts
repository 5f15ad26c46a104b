import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cachedDataVersionTag } from "node:v8";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";
import { productsInBase64 } from "../../src/engine/compiled";
import { canJoin, compile, productsModule } from "../../src/engine/four-lanes";

const folder = mkdtempSync(join(tmpdir(), "lanes-"));
const bytes = Buffer.from(productsInBase64, "base64");

const bundle = join(folder, "lanes.cjs");
beforeAll(() => build({ entryPoints: ["src/engine/four-lanes.ts"], outfile: bundle, bundle: true, platform: "node" }));
afterAll(() => rmSync(folder, { recursive: true }));

/** What a process of its own prints that runs `script`, in which `lanes` is the module. */
function printed(script: string, ...options: string[]) {
  const file = join(folder, "script.cjs");
  writeFileSync(file, `const lanes = require(${JSON.stringify(bundle)});\n${script}`);
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [...options, file], { encoding: "utf8" });
  expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: "" });
  return stdout.trim();
}

it("there are four lanes in the Nodes in which they were tried, on x64 with AVX2, and two elsewhere", () => {
  const processors = join(folder, "cpuinfo");
  writeFileSync(processors, "flags : fpu avx avx2 bmi2\n");
  const here = { architecture: "x64", options: ["--expose-gc"], processors };
  const joins = (part: object) => canJoin({ node: "24.11.0", ...here, ...part });
  expect(["24.0.0", "24.21.0", "26.10.0"].every((node) => joins({ node }))).toBe(true);
  expect(["20.19.0", "22.23.3", "25.9.0", "27.0.0", "124.0.0"].some((node) => joins({ node }))).toBe(false);
  expect(joins({ architecture: "arm64" })).toBe(false);
  expect(joins({ options: ["--no-wasm-lazy-compilation"] })).toBe(false);
  expect(joins({ options: ["--freeze-flags-after-init"] })).toBe(false);
  expect(joins({ processors: join(folder, "nothing") })).toBe(true);
  writeFileSync(processors, "flags : fpu avx bmi2\n");
  expect(joins({})).toBe(false);
});

it("this Node has as many lanes as are said, but two in a thread of a learner's", () => {
  const script = `
    const { isMainThread, Worker } = require("node:worker_threads");
    console.log(isMainThread, lanes.productsModule().lanes);
    if (isMainThread) new Worker(__filename);`;
  expect(printed(script)).toBe(`true ${canJoin() ? 4 : 2}\nfalse 2`);
  expect(productsModule()).toBe(productsModule());
});

it("where four lanes are not wanted, there are two", () => {
  expect(compile(bytes, false).lanes).toBe(2);
});

it("what is no module is no module with four lanes either", () => {
  expect(() => compile(bytes.subarray(0, 30), true)).toThrow("WebAssembly.Module()");
});

it("the module has at most the 32 functions for which four lanes can be had", () => {
  let at = 8;
  // Sections: their number, their length, and then what is in them.
  const number = (place = 0, value = 0): number => {
    const byte = bytes[at++];
    const sum = value + (byte & 127) * 2 ** place;
    return byte < 128 ? sum : number(place + 7, sum);
  };
  for (let section = bytes[at++]; section !== 3; section = bytes[at++]) {
    const length = number();
    at += length;
  }
  number();
  const functions = number();
  expect(functions).toBeGreaterThan(5);
  expect(functions).toBeLessThanOrEqual(32);
});

it("V8's flags are then as they were", () => {
  const before = cachedDataVersionTag();
  compile(bytes, canJoin());
  expect(cachedDataVersionTag()).toBe(before);
});

it("V8's flags are as they were also where what compiles was stopped", () => {
  const script = `
    const v8 = require("node:v8");
    const vm = require("node:vm");
    const bytes = Buffer.from(${JSON.stringify(productsInBase64)}, "base64");
    const before = v8.cachedDataVersionTag();
    const joins = lanes.canJoin();
    globalThis.again = () => { for (;;) if (joins) lanes.withFourLanes(bytes); };
    (async () => {
      let changed = 0;
      for (let k = 0; k < 40; k++) {
        try {
          vm.runInThisContext("again()", { timeout: 1 + k % 9 });
        } catch ({ code }) {
          await new Promise(setImmediate);
          if (v8.cachedDataVersionTag() !== before) changed++;
        }
      }
      console.log(changed);
    })();`;
  expect(printed(script)).toBe("0");
});

it("no other thread that compiles and runs modules meanwhile is harmed", () => {
  const script = `
    const { isMainThread, Worker } = require("node:worker_threads");
    const bytes = Buffer.from(${JSON.stringify(productsInBase64)}, "base64");
    if (isMainThread) {
      const other = new Worker(__filename);
      other.once("message", () => {
        for (let k = 0; k < 40; k++) lanes.compile(bytes, lanes.canJoin());
        other.terminate().then(() => console.log("well"));
      });
    } else {
      const { parentPort } = require("node:worker_threads");
      const memory = new WebAssembly.Memory({ initial: 16, maximum: 16, shared: true });
      const imports = { env: { memory }, math: Math };
      for (let k = 0; ; k++) {
        // Each a module of its own, with another section that says nothing.
        const module = new WebAssembly.Module(Buffer.concat([bytes, Buffer.from([0, 3, 1, k & 127, (k >> 7) & 127])]));
        const { prepare, multiply, multiplyColumns } = new WebAssembly.Instance(module, imports).exports;
        prepare(65536, 0);
        multiply(20, 20, 20, 0, 160, 8, 4096, 160, 8, 8192, 160, 0);
        multiplyColumns(20, 20, 20, 0, 160, 8, 4096, 160, 8, 8192, 160, 0);
        if (k === 2) parentPort.postMessage("");
      }
    }`;
  for (let k = 0; k < 3; k++) expect(printed(script)).toBe("well");
});
