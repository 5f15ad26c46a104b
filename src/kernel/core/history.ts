/** The inputs of this session, as a front end asks for them with the arrow keys. */

/** Session, line number, input; with the output beside the input if that is asked for. */
export type HistoryEntry = [number, number, string | [string, string | null]];

/** One session's inputs; older sessions are not kept. */
export class History {
  readonly #entries: { line: number; input: string; output: string | null }[] = [];

  /** Notes the input of cell `line`. */
  add(line: number, input: string): void {
    this.#entries.push({ line, input, output: null });
  }

  /** Notes what cell `line` showed. */
  addOutput(line: number, output: unknown): void {
    const entry = this.#entries.find((candidate) => candidate.line === line);
    if (entry) entry.output = String(output);
  }

  /** The answer to a `history_request` with this content. */
  answer(request: Record<string, unknown>): HistoryEntry[] {
    const n = typeof request.n === "number" ? request.n : Number.POSITIVE_INFINITY;
    let found = this.#entries;
    if (request.hist_access_type === "range") {
      const { session, start, stop } = request as { session?: number; start?: number; stop?: number | null };
      const ours = session === undefined || session === 0 || session === 1;
      found = ours ? found.filter(({ line }) => line >= (start ?? 0) && (stop == null || line < stop)) : [];
    } else if (request.hist_access_type === "search") {
      const pattern = glob(String(request.pattern ?? "*"));
      found = found.filter(({ input }) => pattern.test(input));
      if (request.unique === true) {
        found = found.filter(({ input }, i) => !found.slice(i + 1).some((later) => later.input === input));
      }
      found = found.slice(-n);
    } else {
      found = found.slice(-n);
    }
    return found.map(({ line, input, output }) => [1, line, request.output === true ? [input, output] : input]);
  }
}

/** A pattern with * and ?, which match any text and any character. */
function glob(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s");
}
