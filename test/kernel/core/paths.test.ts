import { posix } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { basename, dirname, extname, fileUrl, join, relative, resolve } from "../../../src/kernel/core/paths";

const paths = ["/", "/a", "/a/b.ts", "/a/../..", "a", "a/./b", "..", "../a", "", ".", "/a//b/"];
const trimmed = (path: string) => (path.length > 1 ? path.replace(/\/$/, "") : path);

it.each(paths)("%j: as Node.js has it on Linux", (path) => {
  expect(join(path)).toBe(trimmed(posix.join(path)));
  expect(join("/x/y", path)).toBe(trimmed(posix.join("/x/y", path)));
  expect(resolve("/x/y", path)).toBe(posix.resolve("/x/y", path));
  if (!path.endsWith("..")) expect(extname(path)).toBe(posix.extname(path));
  expect(relative("/x/y", posix.resolve("/x", path))).toBe(posix.relative("/x/y", posix.resolve("/x", path)));
});

it("an address is Node.js's", () => {
  for (const path of ["/a b/c#d?.ts", "/ä/ü.ts"]) expect(fileUrl(path)).toBe(pathToFileURL(path).href);
});

it("on Windows, a drive is where an absolute path begins", () => {
  expect(join("C:/Users/Ada", "../Bob", "x.ts")).toBe("C:/Users/Bob/x.ts");
  expect(join("C:/a", "../../..")).toBe("C:/");
  expect(resolve("C:/notes", "D:/data/mine.csv")).toBe("D:/data/mine.csv");
  expect(resolve("C:/notes", "./src")).toBe("C:/notes/src");
  expect(dirname("C:/notes/src/index.ts")).toBe("C:/notes/src");
  expect(basename("C:/notes/src/index.ts")).toBe("index.ts");
  expect(relative("C:/notes", "C:/notes/src/index.ts")).toBe("src/index.ts");
  expect(fileUrl("C:/my notes/a.ts")).toBe("file:///C:/my%20notes/a.ts");
});
