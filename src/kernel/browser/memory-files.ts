/** Files in a browser's memory. What takes long to fetch comes when it is first read. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Files } from "../core/host";
import { dirname, join } from "../core/paths";

/** Files by their paths. */
export class MemoryFiles implements Files {
  readonly #files = new Map<string, { data: string | Uint8Array; version: number }>();
  readonly #folders = new Map<string, Set<string>>([["/", new Set()]]);
  readonly #later = new Map<string, () => Uint8Array>();
  #version = 0;
  /** Is told of what is written after the start. */
  onWrite: (path: string, data: string | Uint8Array) => void = () => {};

  /** Puts a file in its place, with all folders above it. */
  put(path: string, data: string | Uint8Array): void {
    this.#files.set(path, { data, version: ++this.#version });
    this.#enter(path);
  }

  /** Puts a file in its place whose content is fetched when it is read. */
  putLater(path: string, fetched: () => Uint8Array): void {
    this.#later.set(path, fetched);
    this.put(path, "");
  }

  /** As a program does. */
  write(path: string, data: string | Uint8Array): void {
    this.#later.delete(path);
    this.put(path, data);
    this.onWrite(path, data);
  }

  makeFolder(path: string): void {
    if (path === "/" || this.#folders.has(path)) return;
    this.#folders.set(path, new Set());
    this.#enter(path);
  }

  remove(path: string): boolean {
    const parent = this.#folders.get(dirname(path));
    parent?.delete(path.slice(path.lastIndexOf("/") + 1));
    return this.#files.delete(path) || this.#folders.delete(path);
  }

  /** What is in a file; nothing if there is none. */
  data(path: string): string | Uint8Array | undefined {
    const fetched = this.#later.get(path);
    if (fetched) {
      this.#later.delete(path);
      this.put(path, fetched());
    }
    return this.#files.get(path)?.data;
  }

  /** The names of what is in a folder. */
  entries(path: string): string[] {
    return [...(this.#folders.get(path) ?? [])];
  }

  read(path: string): string | undefined {
    const data = this.data(path);
    return typeof data === "string" || data === undefined ? data : new TextDecoder().decode(data);
  }

  isFile(path: string): boolean {
    return this.#files.has(path);
  }

  isFolder(path: string): boolean {
    return this.#folders.has(path);
  }

  folders(path: string): string[] {
    return this.entries(path).filter((name) => this.isFolder(join(path, name)));
  }

  below(path: string, extensions: readonly string[] = []): string[] {
    return this.entries(path).flatMap((name) => {
      const inner = join(path, name);
      if (this.isFolder(inner)) return this.below(inner, extensions);
      return extensions.length === 0 || extensions.some((end) => name.endsWith(end)) ? [inner] : [];
    });
  }

  realpath(path: string): string {
    return path;
  }

  stamp(path: string): { stamp: string; sure: boolean } {
    return { stamp: String(this.#files.get(path)?.version ?? ""), sure: true };
  }

  hash(text: string): string {
    return bytesToHex(sha256(utf8ToBytes(text)));
  }

  #enter(path: string): void {
    const folder = dirname(path);
    this.makeFolder(folder);
    this.#folders.get(folder)?.add(path.slice(path.lastIndexOf("/") + 1));
  }
}
