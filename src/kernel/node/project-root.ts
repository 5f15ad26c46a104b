/**
 * Which project a kernel works in. On a JupyterHub the kernel lies in the image, with the packages, and a learner's own
 * copy of the project, with the notebooks and a `src` to be changed, in the home directory.
 */
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The copy of the project that a folder is in. If it has no `node_modules`, it gets a link to those of the kernel's.
 *
 * @param own the kernel's own project
 * @param folder where the kernel was started: the notebook's
 * @returns `own` if the folder is in no copy of it, or in one that has no packages and can't be given any
 */
export function projectRoot(own: string, folder: string): string {
  const name = packageName(own);
  let root = folder;
  while (name === undefined || packageName(root) !== name) {
    if (dirname(root) === root) return own;
    root = dirname(root);
  }
  return existsSync(join(root, "node_modules")) || linked(join(own, "node_modules"), join(root, "node_modules"))
    ? root
    : own;
}

/** What the `package.json` of a folder says that it is called. */
function packageName(folder: string): string | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).name;
  } catch {
    return undefined;
  }
}

function linked(target: string, path: string): boolean {
  try {
    symlinkSync(target, path, "junction");
    return true;
  } catch {
    return existsSync(path); // another kernel may have been faster
  }
}
