/** JupyterLite with the kernel, in the book's folder: JupyterLab and Jupyter Notebook without a server. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { BookProblem } from "../book-problem";

const NAME = "backprop-kernel";

/** What JupyterLab reads of an extension. */
const MANIFEST = {
  name: NAME,
  version: "1.0.0",
  description: "TypeScript (tslab) in a browser",
  license: "MIT",
  jupyterlab: { extension: true, outputDir: ".", _build: { load: "static/remoteEntry.js", extension: "./extension" } },
  jupyterlite: { liteExtension: true },
};

/** Maps of JupyterLab's own programs, which nobody needs here: half of the folder. */
const MAP = /\.map$/;

/**
 * Puts JupyterLite beside the book, with the notebooks that lie in the book's folder `files`.
 *
 * @param root the project's folder, set up
 * @param out the book's folder
 * @throws {BookProblem} if JupyterLite isn't there, or can't be built
 */
export async function makeLab(root: string, out: string): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "lab-"));
  try {
    const extension = join(scratch, "extensions", NAME);
    mkdirSync(extension, { recursive: true });
    writeFileSync(join(extension, "package.json"), JSON.stringify(MANIFEST));
    await build({
      entryPoints: [join(root, "src/site/lab/kernel-extension.ts")],
      outfile: join(extension, "static", "remoteEntry.js"),
      bundle: true,
      minify: true,
      keepNames: true,
      platform: "browser",
      format: "iife",
      target: "es2022",
      logLevel: "error",
      absWorkingDir: root,
    });
    const made = join(scratch, "out");
    const settings = {
      "jupyter-config-data": { appName: "Backprop by hand", defaultKernelName: "tslab", exposeAppInBrowser: true },
      "jupyter-lite-schema-version": 0,
    };
    mkdirSync(join(scratch, "lite"));
    writeFileSync(join(scratch, "lite", "jupyter-lite.json"), JSON.stringify(settings));
    const python = join(root, ".venv", process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
    const args = [
      "-m",
      "jupyterlite_core.app",
      "build",
      "--apps",
      "lab",
      "--apps",
      "notebooks",
      "--apps",
      "tree",
      "--no-sourcemaps",
    ];
    const places = ["--lite-dir", join(scratch, "lite"), "--contents", join(out, "files"), "--output-dir", made];
    const ours = [`--FederatedExtensionAddon.extra_labextensions_path=${join(scratch, "extensions")}`];
    const done = spawnSync(python, [...args, ...places, "--LiteBuildConfig.ignore_sys_prefix=True", ...ours], {
      encoding: "utf8",
      cwd: scratch,
    });
    if (done.status !== 0 || !existsSync(join(made, "lab", "index.html"))) {
      const why = `${done.stdout}${done.stderr}`.trim().split("\n").slice(-5).join(" ") || done.error?.message;
      throw new BookProblem(`JupyterLite can't be built: ${why}`);
    }
    for (const name of readdirSync(made)) {
      if (name === "index.html" || name === "files") continue; // the book has its own
      cpSync(join(made, name), join(out, name), { recursive: true, filter: (path) => !MAP.test(path) });
    }
    // JupyterLite looks for its root's settings in the root's page, which is the book's.
    const page = join(out, "index.html");
    const settingsThere =
      '<script id="jupyter-config-data" type="application/json" data-jupyter-lite-root=".">{}</script>';
    writeFileSync(page, readFileSync(page, "utf8").replace("</body>", `${settingsThere}\n</body>`));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
