/** The teacher's secret: what the hidden inputs are drawn from. It lies in a file that no student's code can see. */
import { createHash, randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";

/**
 * The secret in the file; a new one if there is no such file yet.
 *
 * @param path the file
 * @param out the folder of the results, which students may get to see: the file must not lie in it
 * @throws if it does, or the file is empty
 */
export function secretIn(path: string, out: string): string {
  if (!relative(resolve(out), resolve(path)).startsWith("..")) {
    throw new RangeError(
      `secretIn: ${path} lies in ${out}, which students may get to see; choose another place for it`,
    );
  }
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${randomBytes(24).toString("hex")}\n`, { mode: 0o600 });
    chmodSync(path, 0o600);
  }
  const secret = readFileSync(path, "utf8").trim();
  if (secret.length < 8)
    throw new RangeError(`secretIn: ${path} holds ${secret.length} characters; expected 8 or more`);
  return secret;
}

/**
 * The seed of an exercise's inputs, known to nobody without the secret.
 *
 * @param code what was handed in, where other code is to get other inputs: a student who hands in again and again learns
 * from the feedback what would have been right, one entry each time, and that must be worth nothing the next time
 */
export function seedFor(secret: string, id: string, code?: string): number {
  const hash = createHash("sha256").update(`${secret}\n${id}`);
  if (code !== undefined) hash.update("\n").update(code);
  return hash.digest().readInt32BE(0);
}
