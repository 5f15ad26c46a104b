/** Symbols as mathematics writes them: Z₂ₖ rather than Z2_k. */

const LOW: Readonly<Record<string, string>> = { j: "ⱼ", k: "ₖ" };

/**
 * A symbol with an index below the line.
 *
 * @param symbol `"A₂"`
 * @param index a whole number of at least 0, or j or k
 * @returns `"A₂ⱼ"`
 */
export function indexed(symbol: string, index: number | "j" | "k"): string {
  const low = (character: string) => LOW[character] ?? String.fromCodePoint(0x2080 + Number(character));
  return symbol + Array.from(String(index), low).join("");
}
