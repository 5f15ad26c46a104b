/** Packages in a browser: those that come with the kernel. */
import Decimal from "decimal.js";
import Fraction from "fraction.js";
import katex from "katex";
import * as pureRand from "pure-rand";
import * as tslab from "tslab/dist/public";
import type { Packages } from "../core/host";
import type { DisplayWriter } from "../node/tslab";
import { frames } from "./frames";
import type { MemoryFiles } from "./memory-files";
import { nodeModules, ROOT } from "./node-modules";
import { displayWith } from "./tslab-jupyter";

declare function importScripts(url: string): void;

/** What vega.js brings; it is loaded with the first chart. */
interface Charts {
  vega: object;
  vegaLite: object;
  ajv: object;
}

function charts(): Charts {
  const holder = globalThis as unknown as { charts?: Charts };
  if (!holder.charts) importScripts("vega.js");
  return holder.charts as Charts;
}

/** The packages that come with the kernel, and what stands in for Node's modules. */
export class BrowserPackages implements Packages {
  readonly #modules: Record<string, object | (() => object)>;

  /** @param display what `tslab.display` shows goes there */
  constructor(files: MemoryFiles, display: DisplayWriter) {
    displayWith(display);
    const require = Object.assign((id: string) => this.#load(id), {
      resolve: (id: string) => (id.startsWith("/") ? id : `${ROOT}/node_modules/${id}`),
      cache: {},
    });
    this.#modules = {
      ...nodeModules(files, require),
      "decimal.js": { Decimal, default: Decimal, __esModule: true },
      "fraction.js": { Fraction, default: Fraction, __esModule: true },
      "pure-rand": pureRand,
      katex: { ...katex, default: katex, __esModule: true },
      "nodejs-polars": frames,
      tslab,
      vega: () => charts().vega,
      "vega-lite": () => charts().vegaLite,
      ajv: () => charts().ajv,
    };
    this.#require = require;
  }

  readonly #require: object;

  load(_directory: string, specifier: string): unknown {
    return this.#load(specifier);
  }

  requireOf(): object {
    return this.#require;
  }

  #load(specifier: string): unknown {
    const known = this.#modules[specifier.replace(/^node:/, "")];
    if (known !== undefined) return typeof known === "function" && known.length === 0 ? known() : known;
    const isFile = /^[./]/.test(specifier);
    const error = new Error(
      isFile
        ? `Cannot find module '${specifier}'`
        : `The package "${specifier}" does not run in a browser. With the project on your computer (npm run lab) it can be imported.`,
    );
    throw Object.assign(error, { code: "MODULE_NOT_FOUND" });
  }
}
