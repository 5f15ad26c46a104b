/** A project in a folder on a disk. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { CompiledModules } from "../core/compiled-modules";
import { FileVersions } from "../core/file-versions";
import { Project } from "../core/project";
import { disk, withSlashes } from "./disk";

/** What the project's modules were compiled to with the kernel, beside it. */
export const COMPILED_MODULES = join(__dirname, "modules.json");

/** The types of global names that Node's own types do not have; `build.mjs` writes them. */
const GLOBALS = join(__dirname, "globals.d.ts");

/** A project's files as the compiler sees them. */
export class NodeProject extends Project {
  /**
   * @param root the project's folder
   * @param folder the notebook's
   */
  constructor(root: string, folder: string) {
    const versions = new FileVersions(disk);
    const compiled = new CompiledModules(COMPILED_MODULES, root, disk, versions);
    const libraries = withSlashes(join(dirname(require.resolve("typescript/package.json")), "lib"));
    const globals = existsSync(GLOBALS) ? [withSlashes(GLOBALS)] : [];
    super({ root, folder, files: disk, versions, compiled, libraries, globals });
  }
}
