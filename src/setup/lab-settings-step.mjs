import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * JupyterLab's settings for this project, as files in .venv: it offers the notebooks' kernel alone, looks for no
 * language servers, asks no web site for news or updates, and draws the whole of a notebook.
 *
 * @param {import("./project.mjs").Project} project
 * @returns {import("./step.mjs").Step}
 */
export function labSettingsStep({ venv }) {
  const files = Object.entries(settings).map(([path, content]) => ({
    path: join(venv, path),
    text: `${JSON.stringify(content, undefined, 2)}\n`,
  }));
  return {
    title: "JupyterLab's settings",
    async reason() {
      if (files.every(({ path, text }) => existsSync(path) && readFileSync(path, "utf8") === text)) return undefined;
      return files.some(({ path }) => existsSync(path)) ? "changed" : "not there yet";
    },
    async perform() {
      for (const { path, text } of files) {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text);
      }
    },
  };
}

const settings = {
  "etc/jupyter/jupyter_server_config.json": {
    KernelSpecManager: { allowed_kernelspecs: ["tslab"], ensure_native_kernel: false },
    MultiKernelManager: { default_kernel_name: "tslab" },
    LanguageServerManager: { autodetect: false },
    LabApp: {
      check_for_updates_class: "jupyterlab.NeverCheckForUpdate",
      news_url: null,
      extension_manager: "readonly",
    },
  },
  "share/jupyter/lab/settings/overrides.json": {
    "@jupyterlab/apputils-extension:notification": { checkForUpdates: false, fetchNews: "false" },
    // Every cell is drawn, not only those in view: a link to one that is far down finds it.
    "@jupyterlab/notebook-extension:tracker": { windowingMode: "defer" },
  },
};
