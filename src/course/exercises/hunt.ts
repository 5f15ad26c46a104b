/** A bug hunt of each student's own. */
import { createHmac } from "node:crypto";

/**
 * The seed of a student's own hunt: the same for the same name, another one for each name, and not to be guessed without the
 * teacher's secret. The student gets the number, and says `bugHunt(number, level)`.
 *
 * @param name as the teacher writes it; capitals and spaces at its ends make no difference
 * @param secret the teacher's, as in `npm run grade`
 * @throws if one of them is empty
 */
export function huntSeed(name: string, secret: string): number {
  const who = name.trim().toLowerCase().normalize();
  if (who === "" || secret.trim() === "") {
    throw new RangeError(`huntSeed: expected a name and a secret, got ${who === "" ? "no name" : "no secret"}`);
  }
  return createHmac("sha256", secret).update(`hunt\n${who}`).digest().readInt32BE(0);
}
