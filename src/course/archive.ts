/** Zip archives: written with the same bytes every time, and read without trusting a name or a size in them. */
import { closeSync, openSync, type PathLike, readSync, statSync } from "node:fs";
import {
  configure,
  ERR_ENCRYPTED,
  ERR_EOCDR_NOT_FOUND,
  ERR_INVALID_CRC32,
  ERR_UNSUPPORTED_COMPRESSION,
  type FileEntry,
  Reader,
  Uint8ArrayReader,
  Uint8ArrayWriter,
  ZipReader,
  ZipWriter,
} from "@zip.js/zip.js";

configure({ useWebWorkers: false });

/** One file that goes into an archive. */
export interface ArchiveEntry {
  /** Its path in the archive, with slashes. */
  readonly path: string;
  readonly data: Uint8Array;
  /** Whether it may be executed. */
  readonly executable?: boolean;
}

/** One file in an archive that is read. */
export interface ArchivedFile {
  /** Its path, with slashes and without anything that leads out of the archive. */
  readonly path: string;
  /** What the archive says that it unpacks to, in bytes; `read` holds it to that. */
  readonly size: number;
  /** @throws NotAZip if it is damaged, encrypted, packed in an unknown way, or larger than it should be */
  read(): Promise<Buffer>;
}

/** What is in an archive. */
export interface Contents {
  readonly files: readonly ArchivedFile[];
  /** Files that are not to be read, each with the end of a sentence that says why. */
  readonly leftOut: readonly { readonly path: string; readonly why: string }[];
}

/** An archive, or a file in one, that can't be read; the message is a sentence. */
export class NotAZip extends Error {}

/** 1 January 1980, the first day that the format knows. */
const DATE = new Date(1980, 0, 1);

/** The bytes of an archive of these files, in this order. */
export async function writeZip(entries: readonly ArchiveEntry[]): Promise<Buffer> {
  const writer = new ZipWriter(new Uint8ArrayWriter(), { level: 9, extendedTimestamp: false, lastModDate: DATE });
  for (const { path, data, executable } of entries) {
    const unixMode = 0o100644 | (executable ? 0o111 : 0);
    await writer.add(path, new Uint8ArrayReader(data), { unixMode, dataDescriptor: false });
  }
  return Buffer.from(await writer.close());
}

/**
 * What is in an archive. Nothing is unpacked before a file is read. Folders are left out without a word; symbolic links, and
 * files whose paths lead out of the archive (`../`, `/etc`, `C:\`), with one.
 *
 * @param archive its bytes, or where its file is
 * @param most how many files it may hold
 * @throws NotAZip if it is no archive, is damaged, or holds more files
 */
export async function listZip(archive: Uint8Array | { readonly file: PathLike }, most: number): Promise<Contents> {
  const bytes = "file" in archive ? new DiskReader(archive.file) : new Uint8ArrayReader(archive);
  const reader = new ZipReader(bytes, { strictness: "tolerant", filenameValidation: "tolerant" });
  const files: ArchivedFile[] = [];
  const leftOut: { path: string; why: string }[] = [];
  try {
    let count = 0;
    for await (const entry of reader.getEntriesGenerator()) {
      count += 1;
      if (count > most) throw new NotAZip(`The archive holds more than ${most} files.`);
      // Some programs on Windows write backslashes, which stand in no name there.
      const path = entry.filename.replaceAll("\\", "/");
      if (entry.directory || path.endsWith("/")) continue;
      if (entry.symlink) leftOut.push({ path, why: "is a symbolic link" });
      else if (!staysInside(path)) leftOut.push({ path, why: "leads out of the archive" });
      else files.push({ path, size: entry.uncompressedSize, read: () => unpacked(entry) });
    }
  } catch (error) {
    throw asNotAZip(error, "The archive");
  }
  return { files, leftOut };
}

async function unpacked(entry: FileEntry): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let left = entry.uncompressedSize;
  const writable = new WritableStream<Uint8Array>({
    write(part) {
      left -= part.length;
      if (left < 0) throw new NotAZip("It is damaged: it unpacks to more than the archive says.");
      parts.push(part);
    },
  });
  try {
    await entry.getData({ writable }, { checkSignature: true });
  } catch (error) {
    throw asNotAZip(error, "It");
  }
  if (left > 0) throw new NotAZip("It is damaged: it unpacks to less than the archive says.");
  return Buffer.concat(parts);
}

/** The library's errors, as the ends of sentences. */
const reasons: Readonly<Record<string, string>> = {
  [ERR_ENCRYPTED]: "is encrypted; it has to be handed in without a password.",
  [ERR_INVALID_CRC32]: "is damaged: its checksum is wrong.",
  [ERR_UNSUPPORTED_COMPRESSION]: "is packed in a way that is not supported; Zip's usual one is Deflate.",
  [ERR_EOCDR_NOT_FOUND]: "is no zip archive, or breaks off before its end.",
};

function asNotAZip(error: unknown, what: string): NotAZip {
  if (error instanceof NotAZip) return error;
  return new NotAZip(`${what} ${reasons[(error as Error | undefined)?.message ?? ""] ?? "is damaged."}`);
}

/** Whether a path in an archive stays below the folder into which it is unpacked. */
function staysInside(path: string): boolean {
  if (path.includes("\0") || path.startsWith("/") || /^[A-Za-z]:/.test(path)) return false;
  return path !== "" && !path.split("/").includes("..");
}

/** Reads parts of a file, which may be larger than memory. */
class DiskReader extends Reader<PathLike> {
  readonly #path: PathLike;

  constructor(path: PathLike) {
    super(path);
    this.#path = path;
    this.size = statSync(path).size;
  }

  override async readUint8Array(from: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const file = openSync(this.#path, "r");
    try {
      const bytes = new Uint8Array(Math.min(length, Math.max(0, this.size - from)));
      return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, from));
    } finally {
      closeSync(file);
    }
  }
}
