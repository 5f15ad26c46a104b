/** Zip archives: written with the same bytes every time, and read without trusting a name or a size in them. */
import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";

/** One file of an archive. */
export interface ZipEntry {
  /** Its path in the archive, with slashes. */
  readonly path: string;
  readonly data: Uint8Array;
  /** Whether it may be executed. */
  readonly executable?: boolean;
}

/** An archive that can't be read; the message is a sentence. */
export class NotAZip extends Error {}

/** Bounds of what is unpacked, so that a small archive can't fill the machine. */
export interface ZipLimits {
  readonly files: number;
  readonly bytes: number;
}

/** Which files are unpacked, and within which bounds. */
export interface ReadOptions {
  readonly limits?: ZipLimits;
  /** Whether a file is unpacked at all; all are when left out. Asked of folders too, whose paths end with a slash. */
  readonly wanted?: (path: string) => boolean;
  /** Told of each file that is wanted and was left out, and why. */
  readonly onLeftOut?: (path: string, why: string) => void;
}

/** Beyond these an archive of submissions is a mistake or an attack. */
export const zipLimits: ZipLimits = { files: 20_000, bytes: 1e9 };

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
/** 1 January 1980, the first day that the format knows. */
const DATE = 0x0021;
const UTF8_NAMES = 0x0800;

/** The bytes of an archive of these files, in this order. */
export function writeZip(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { path, data, executable } of entries) {
    const name = Buffer.from(path, "utf8");
    const packed = deflateRawSync(data, { level: 9 });
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(UTF8_NAMES, 2);
    shared.writeUInt16LE(8, 4);
    shared.writeUInt16LE(DATE, 8);
    shared.writeUInt32LE(crc32(data), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(data.length, 18);
    shared.writeUInt16LE(name.length, 22);
    const attributes = Buffer.alloc(14);
    attributes.writeUInt32LE((0o100644 | (executable ? 0o111 : 0)) * 0x10000, 6);
    attributes.writeUInt32LE(offset, 10);
    const local = [uint32(LOCAL), shared, name, packed];
    // "Made by" Unix (3), so that whoever unpacks it takes the file's mode from it.
    directory.push(uint32(CENTRAL), Buffer.from([20, 3]), shared, attributes, name);
    parts.push(...local);
    offset += local.reduce((total, part) => total + part.length, 0);
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, central, uint32(END), end]);
}

/**
 * The files of an archive. Folders and symbolic links are left out, and so is every file whose path leads out of the
 * archive (`../`, `/etc`, `C:\`).
 *
 * @throws NotAZip if it is no archive, is damaged, or would unpack to more than the limits
 */
export function readZip(archive: Buffer, options: ReadOptions = {}): ZipEntry[] {
  try {
    return readEntries(archive, options);
  } catch (error) {
    if (error instanceof NotAZip) throw error;
    throw new NotAZip("The archive is damaged.");
  }
}

function readEntries(archive: Buffer, { limits = zipLimits, wanted, onLeftOut }: ReadOptions): ZipEntry[] {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0) throw new NotAZip("The file is no zip archive.");
  const count = archive.readUInt16LE(end + 10);
  if (count > limits.files) throw new NotAZip(`The archive holds more than ${limits.files} files.`);
  let at = archive.readUInt32LE(end + 16);
  let left = limits.bytes;
  const entries: ZipEntry[] = [];
  for (let k = 0; k < count; k++) {
    if (archive.readUInt32LE(at) !== CENTRAL) throw new NotAZip("The archive is damaged.");
    const method = archive.readUInt16LE(at + 10);
    const [packedSize, size] = [archive.readUInt32LE(at + 20), archive.readUInt32LE(at + 24)];
    const [nameLength, extra, comment] = [28, 30, 32].map((place) => archive.readUInt16LE(at + place));
    const mode = archive.readUInt32LE(at + 38) >>> 16;
    const local = archive.readUInt32LE(at + 42);
    const path = archive.toString("utf8", at + 46, at + 46 + nameLength).normalize("NFC");
    at += 46 + nameLength + extra + comment;
    if (wanted?.(path) === false || path.endsWith("/")) continue;
    const why = reasonAgainst(path, mode);
    if (why !== undefined) {
      onLeftOut?.(path, why);
      continue;
    }
    left -= size;
    if (left < 0) throw new NotAZip(`The archive unpacks to more than ${Math.floor(limits.bytes / 1e6)} MB.`);
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const packed = archive.subarray(start, start + packedSize);
    if (method !== 0 && method !== 8) throw new NotAZip(`${path} is packed in a way that is not supported.`);
    const data = method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(size, 1) });
    if (data.length !== size) throw new NotAZip(`${path} is damaged.`);
    entries.push({ path, data });
  }
  return entries;
}

/** Why a file is not unpacked, if there is a reason. */
function reasonAgainst(path: string, mode: number): string | undefined {
  if ((mode & 0o170000) === 0o120000) return "is a symbolic link";
  return staysInside(path) ? undefined : "leads out of the archive";
}

/** Whether a path in an archive stays below the folder into which it is unpacked. */
function staysInside(path: string): boolean {
  if (path.includes("\\") || path.includes("\0") || path.startsWith("/") || /^[A-Za-z]:/.test(path)) return false;
  return path !== "" && !path.split("/").includes("..");
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}
