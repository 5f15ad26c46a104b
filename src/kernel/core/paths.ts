/** Paths with slashes, as Node.js has them on Linux and macOS; on Windows with a drive before the first: `C:/notes`. */

/** How an absolute path begins. */
const ROOT = /^(?:[A-Za-z]:)?\//;

/** Joins the parts of a path, without `.` and `..` in it. */
export function join(...parts: string[]): string {
  const path = parts.filter((part) => part !== "").join("/");
  const [root = ""] = ROOT.exec(path) ?? [];
  const kept: string[] = [];
  for (const part of path.slice(root.length).split("/")) {
    if (part === ".." && kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else if (part !== "" && part !== "." && !(part === ".." && root !== "")) kept.push(part);
  }
  return root + kept.join("/") || ".";
}

/** Where `path` leads from `folder`. */
export function resolve(folder: string, path: string): string {
  return ROOT.test(path) ? join(path) : join(folder, path);
}

/** The folder that a path is in. */
export function dirname(path: string): string {
  return join(path, "..");
}

/** The last part of a path. */
export function basename(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The ending of a file's name with its dot, or "". */
export function extname(path: string): string {
  return /[^/](\.[^./]*)$/.exec(path)?.[1] ?? "";
}

/** The way from a folder to a path, both absolute. */
export function relative(folder: string, path: string): string {
  const [from, to] = [folder, path].map((one) => join(one).split("/").filter(Boolean));
  let same = 0;
  while (same < from.length && same < to.length && from[same] === to[same]) same++;
  return [...from.slice(same).map(() => ".."), ...to.slice(same)].join("/");
}

/** The address of a file. */
export function fileUrl(path: string): string {
  return `file://${path.startsWith("/") ? "" : "/"}${encodeURI(path).replace(/[?#]/g, encodeURIComponent)}`;
}
