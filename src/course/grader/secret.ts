/** The teacher's secret: what the hidden inputs are drawn from. It lies in a file that no student's code can see. */
import { createHmac, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";

/** How many bits of chance a secret has at least: fewer can be tried one after the other. */
const BITS = 128;

/**
 * The secret in the file; a new one if there is no such file yet, for nobody else to read.
 *
 * @param path the file
 * @param out the folder of the results, which students may get to see: the file must not lie in it
 * @param tell is told, in a sentence, if others can read the file
 * @throws if the file lies there, or what is in it can be guessed
 */
export function secretIn(path: string, out: string, tell?: (sentence: string) => void): string {
  if (!relative(resolve(out), resolve(path)).startsWith("..")) {
    throw new RangeError(
      `secretIn: ${path} lies in ${out}, which students may get to see; choose another place for it`,
    );
  }
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${randomBytes(24).toString("hex")}\n`, { mode: 0o600, flag: "wx" });
  }
  if ((statSync(path).mode & 0o077) !== 0) tell?.(`Others can read your secret, ${path}. Say: chmod 600 ${path}`);
  const secret = readFileSync(path, "utf8").trim();
  const bits = Math.floor(mostBits(secret));
  if (bits >= BITS) return secret;
  throw new RangeError(
    `secretIn: ${path} holds ${secret.length} characters, ${bits} bits at most; expected ${BITS} or more. Remove it, and a new one is made.`,
  );
}

/** How many bits a text has at most, by what its characters are taken from and how many of them differ. */
function mostBits(text: string): number {
  const kinds: readonly [RegExp, number][] = [
    [/^\d*$/, 10],
    [/^[\da-f]*$/i, 16],
    [/^[a-z]*$/, 26],
    [/^[a-z\d]*$/, 36],
    [/^[\w+/=-]*$/, 64],
  ];
  const size = kinds.find(([kind]) => kind.test(text))?.[1] ?? 95;
  const used = new Set(text).size;
  return text.length * Math.log2(Math.min(size, used * used));
}

/**
 * The seed of an exercise's inputs, known to nobody without the secret.
 *
 * @param code what was handed in, where other code is to get other inputs: a student who hands in again and again learns
 * from the feedback what would have been right, one entry each time, and that must be worth nothing the next time
 */
export function seedFor(secret: string, id: string, code?: string): number {
  const hash = createHmac("sha256", secret).update(id);
  if (code !== undefined) hash.update("\n").update(code);
  return hash.digest().readInt32BE(0);
}
