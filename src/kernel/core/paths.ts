/** Paths with slashes, as Node.js has them on Linux and macOS. */

/** Joins the parts of a path, without `.` and `..` in it. */
export function join(...parts: string[]): string {
  const path = parts.filter((part) => part !== "").join("/");
  const kept: string[] = [];
  for (const part of path.split("/")) {
    if (part === ".." && kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else if (part !== "" && part !== "." && !(part === ".." && path.startsWith("/"))) kept.push(part);
  }
  return path.startsWith("/") ? `/${kept.join("/")}` : kept.join("/") || ".";
}

/** Where `path` leads from `folder`. */
export function resolve(folder: string, path: string): string {
  return path.startsWith("/") ? join(path) : join(folder, path);
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
  return `file://${encodeURI(path).replace(/[?#]/g, encodeURIComponent)}`;
}
