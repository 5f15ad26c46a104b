/**
 * The project's modules as they were when the kernel was built: checked, and compiled.
 *
 * Nearly every notebook begins with `import … from "./src"`. To check and to compile all of that takes more than a second
 * of processor time in every kernel, and as much memory as a third of Node's types. As long as a module and all that it
 * imports are what they were at the build, the compiler reads its declarations instead, and its JavaScript is taken from
 * here. When one of them changes, it and all that import it are read from their source.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { relative, resolve } from "node:path";

/** A file of the project. */
export interface CompiledModule {
  /** SHA-256 of its text. */
  hash: string;
  /** The project's files that it imports, by their paths from the project's root. */
  imports: string[];
  /** What the compiler made of it; nothing of JSON, and of a module whose declarations can't be written. */
  output?: { declarations: string; javaScript: JavaScript };
}

/** A compiled text, and the path that the compiler gives it. */
export interface JavaScript {
  path: string;
  text: string;
}

/** Where the project's modules are. What was compiled is not read before one of them is wanted. */
const SOURCES = /^src[\\/]/;

/** Compiled modules by their paths from the project's root, which is the working directory. */
export class CompiledModules {
  readonly #file: string;
  #known: Map<string, CompiledModule> | undefined;
  /** Whether a file has the text that was compiled, as far as somebody wanted to know. */
  readonly #same = new Map<string, boolean>();

  /** @param file the modules as JSON; there may be none */
  constructor(file: string) {
    this.#file = file;
  }

  /**
   * What the compiler shall read in place of a module.
   *
   * @param path of the module
   * @returns `undefined` if it, or something that it imports, is not what was compiled
   */
  declarations(path: string): string | undefined {
    const name = relative(process.cwd(), path);
    const output = SOURCES.test(name) ? this.#modules.get(name)?.output : undefined;
    return output && [...this.#closure(name)].every((each) => this.#isSame(each)) ? output.declarations : undefined;
  }

  /** The JavaScript of a module if the compiler's text of it is its {@link declarations}. */
  javaScript(path: string, text: string): JavaScript | undefined {
    const output = this.#modules.get(relative(process.cwd(), path))?.output;
    return output?.declarations === text ? output.javaScript : undefined;
  }

  /** A file has changed, so that what was compiled is wrong from now on for the modules whose paths are returned. */
  changed(path: string): string[] {
    const name = relative(process.cwd(), path);
    const stale = [...this.#modules.keys()].filter((each) => this.#closure(each).has(name));
    for (const each of stale) {
      this.#modules.delete(each);
    }
    return stale.map((each) => resolve(each));
  }

  get #modules(): Map<string, CompiledModule> {
    this.#known ??= new Map(existsSync(this.#file) ? Object.entries(JSON.parse(readFileSync(this.#file, "utf8"))) : []);
    return this.#known;
  }

  /** A module, and all that it imports, directly or not. */
  #closure(name: string, found = new Set<string>()): Set<string> {
    if (!found.has(name)) {
      found.add(name);
      for (const imported of this.#modules.get(name)?.imports ?? []) {
        this.#closure(imported, found);
      }
    }
    return found;
  }

  #isSame(name: string): boolean {
    let same = this.#same.get(name);
    if (same === undefined) {
      same = existsSync(name) && hashOf(readFileSync(name, "utf8")) === this.#modules.get(name)?.hash;
      this.#same.set(name, same);
    }
    return same;
  }
}

/** What a module's text is recognised by. */
export function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
