/** Text in whatever encoding it was written. */

/** A text in UTF-8, or else in Windows' encoding, in which all bytes mean something. */
export function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** A file's text: in UTF-16 as well, told by its byte-order mark, or by the zeros beside its first character. */
export function textIn(file: Uint8Array): string {
  const [a, b, c, d] = file;
  if ((a === 0xff && b === 0xfe) || (a && b === 0 && c && d === 0)) return new TextDecoder("utf-16le").decode(file);
  if ((a === 0xfe && b === 0xff) || (a === 0 && b && c === 0 && d)) return new TextDecoder("utf-16be").decode(file);
  return decoded(file);
}
