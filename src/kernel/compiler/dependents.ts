/** Which functions and classes of earlier cells mention which names: what depends on a name that is declared anew. */
import type ts from "typescript";
import { declaredNames, hasFunctions, mentionedByFunctions } from "./names";

/** A statement that declares names, and has functions or classes in it. */
export interface Dependent {
  names: string[];
  text: string;
  mentions: ReadonlySet<string>;
}

/** The statements that the session's names were declared by. */
export class Dependents {
  readonly #declaredBy = new Map<string, Dependent>();
  readonly #users = new Map<string, Set<string>>();
  /** Of names that were imported from a file of the project: its path. */
  readonly #origins = new Map<string, string>();

  /**
   * Keeps the statements of a cell.
   *
   * @param wanted whether a name was kept
   * @param origins the files that names were imported from
   */
  keep(file: ts.SourceFile, wanted: (name: string) => boolean, origins: ReadonlyMap<string, string>): void {
    for (const statement of file.statements) {
      const names = [...declaredNames([statement]).keys()].filter(wanted);
      for (const name of names) this.#forget(name);
      const mentions = mentionedByFunctions(statement);
      if (names.length === 0 || !hasFunctions(statement)) continue;
      const dependent = { names, text: statement.getFullText(file).trim(), mentions };
      for (const name of names) {
        this.#declaredBy.set(name, dependent);
        for (const mentioned of mentions) {
          this.#users.set(mentioned, (this.#users.get(mentioned) ?? new Set()).add(name));
        }
      }
    }
    for (const [name, path] of origins) {
      if (wanted(name)) this.#origins.set(name, path);
    }
  }

  /** The statement that declares `name`, if there are functions or classes in it. */
  declarationOf(name: string): string | undefined {
    return this.#declaredBy.get(name)?.text;
  }

  /** The statements that mention one of `names`. */
  usersOf(names: Iterable<string>): Dependent[] {
    const found = new Set<Dependent>();
    for (const name of names) {
      for (const user of this.#users.get(name) ?? []) {
        const dependent = this.#declaredBy.get(user);
        if (dependent && user !== name) found.add(dependent);
      }
    }
    return [...found];
  }

  /** The names that were imported from files of the project, and their paths, among `names` and all that these mention. */
  origins(names: Iterable<string>): Map<string, string> {
    const found = new Map<string, string>();
    const seen = new Set(names);
    for (const name of seen) {
      const path = this.#origins.get(name);
      if (path !== undefined) found.set(name, path);
      for (const mentioned of this.#declaredBy.get(name)?.mentions ?? []) {
        if (this.#origins.has(mentioned) || this.#declaredBy.has(mentioned)) seen.add(mentioned);
      }
    }
    return found;
  }

  #forget(name: string): void {
    this.#origins.delete(name);
    for (const mentioned of this.#declaredBy.get(name)?.mentions ?? []) this.#users.get(mentioned)?.delete(name);
    this.#declaredBy.delete(name);
  }
}
