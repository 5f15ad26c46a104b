import { spawnSync } from "node:child_process";
import { build } from "esbuild";
import { expect, it } from "vitest";

it("Matrix by itself needs nothing: no thread, no file, no flag of V8's, no WebAssembly, no environment", async () => {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: `import { cachedDataVersionTag } from "node:v8";
        const before = cachedDataVersionTag();
        const { Matrix } = await import("./src/matrix");
        const A = Matrix.fromRows([[1, 2], [3, 4]]);
        console.log(A.times(A.T).toString(), cachedDataVersionTag() === before);`,
      resolveDir: process.cwd(),
      loader: "ts",
    },
    bundle: true,
    platform: "neutral",
    external: ["node:v8"],
    write: false,
    metafile: true,
  });
  // There is nothing else in it that could do any of this.
  expect(Object.keys(metafile.inputs)).toEqual(["src/matrix.ts", "<stdin>"]);
  expect(outputFiles[0].text.match(/from ?"[^"]*"|require\(/g)).toEqual(['from "node:v8"']);
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", outputFiles[0].text], {
    encoding: "utf8",
    env: { BACKPROP_THREADS: "all" },
  });
  expect({ stdout, stderr }).toEqual({ stdout: "Matrix 2×2 [[5, 11], [11, 25]] true\n", stderr: "" });
});
