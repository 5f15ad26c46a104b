/** Projects for tests: the repository's own, and small ones that a test may change. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildKernel } from "../../src/kernel/build.mjs";

/** The repository. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A project of a few files, in a folder whose path has a space in it. */
export class TemporaryProject {
  readonly #parent = mkdtempSync(join(tmpdir(), "kernel-project-"));
  /** The project's folder. */
  readonly root: string;

  /** @param files texts by path */
  private constructor(files: Record<string, string>, name: string) {
    this.root = join(this.#parent, name);
    mkdirSync(this.root);
    cpSync(join(ROOT, ".build", "kernel"), join(this.root, ".build", "kernel"), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(this.root, "node_modules"), "dir");
    for (const [path, text] of Object.entries(files)) this.write(path, text);
  }

  /** Makes a project with this repository's kernel. */
  static async create(files: Record<string, string>, name = "a project"): Promise<TemporaryProject> {
    await buildKernel(ROOT);
    return new TemporaryProject(files, name);
  }

  /** Writes a file. */
  write(path: string, text: string): void {
    const full = join(this.root, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
  }

  /** Removes a file. */
  remove(path: string): void {
    rmSync(join(this.root, path));
  }

  /** Removes the project. */
  close(): void {
    rmSync(this.#parent, { recursive: true, force: true });
  }
}
