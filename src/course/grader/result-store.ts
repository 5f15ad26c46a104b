/**
 * What is graded stays graded: each result lies in a file whose name is a digest of all that it depends on. So a run that
 * was ended goes on where it was, and results of several machines can be put together without ever being mistaken.
 */
import { createHmac } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../../setup/whole-file.mjs";
import type { Isolation } from "../sandbox/sandbox";
import type { Entry } from "./entries";
import type { NotebookResult } from "./grade-submission";
import type { GivenAnswer } from "./written-answers";

/** What became of one submission, as it is kept. */
export interface KeptResult extends NotebookResult {
  readonly written: readonly GivenAnswer[];
  /** Whether it is to be graded again as soon as there is a chance, since something else than the submission was to blame. */
  readonly again?: true;
}

/** What all results of a run depend on beside the submissions. */
export interface Basis {
  readonly secret: string;
  /** The graded program itself. */
  readonly version: string;
  readonly isolation: Isolation;
}

/** The name of a result: the same for the same submission on the same basis, and for nothing else. */
export function keyOf({ digest, problem = "", assignment }: Entry, { secret, version, isolation }: Basis): string {
  const what = [version, isolation, assignment, digest, problem].join("\0");
  return createHmac("sha256", secret).update(what).digest("hex");
}

/** The results that are kept in a folder of results. */
export class Kept {
  /** Where they are. */
  readonly folder: string;

  constructor(out: string) {
    this.folder = join(out, ".graded");
  }

  has(key: string): boolean {
    return existsSync(this.#file(key));
  }

  /** @throws if there is none of that name */
  read(key: string): KeptResult {
    return JSON.parse(readFileSync(this.#file(key), "utf8")) as KeptResult;
  }

  write(key: string, result: KeptResult): void {
    writeWhole(this.#file(key), JSON.stringify(result));
  }

  /** Takes a result over from another folder. */
  copyFrom(other: Kept, key: string): void {
    if (this.folder === other.folder || this.has(key)) return;
    writeWhole(this.#file(key), readFileSync(other.#file(key)));
  }

  /** Removes all but these, drafts of runs that were killed among them. */
  keepOnly(keys: readonly string[]): void {
    const wanted = new Set(keys.map((key) => `${key}.json`));
    for (const name of existsSync(this.folder) ? readdirSync(this.folder) : []) {
      if (!wanted.has(name)) rmSync(join(this.folder, name));
    }
  }

  #file(key: string): string {
    return join(this.folder, `${key}.json`);
  }
}
