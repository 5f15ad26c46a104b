/** The variables of a session, at run time: see `../compiler/bind.ts`. They need nothing of Node.js. */
import type { CellImport } from "../compiler/bind";

/** A variable. As long as it has no value, its accessors are those of the class: an own one would make every use slow. */
class Box {
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  get v(): unknown {
    throw new ReferenceError(`${this.#name} has no value yet: the statement that declares it has not been run`);
  }

  set v(value: unknown) {
    this.hold(value);
  }

  hold(value: unknown): void {
    Object.defineProperty(this, "v", { value, writable: true, enumerable: true, configurable: true });
  }

  /** From now on its value is what `read` returns, until it is given one. */
  follow(read: () => unknown): void {
    const set = (value: unknown) => this.hold(value);
    Object.defineProperty(this, "v", { get: read, set, enumerable: true, configurable: true });
  }
}

/** All variables of a session, by their names. */
export class Boxes {
  readonly #boxes = new Map<string, Box>();

  /** The variable of this name, which is made if there is none. A `var` has a value from the start: `undefined`. */
  box(name: string, isVar = false): Box {
    const box = this.#boxes.get(name) ?? new Box(name);
    if (isVar && !Object.hasOwn(box, "v")) box.hold(undefined);
    this.#boxes.set(name, box);
    return box;
  }

  /** What a variable holds, or how it is read; nothing if it has no value yet. */
  stateOf(name: string): PropertyDescriptor | undefined {
    const box = this.#boxes.get(name);
    return box && Object.getOwnPropertyDescriptor(box, "v");
  }

  /** Has imported names follow what their module exports. */
  follow({ names, plain }: CellImport, module: unknown): void {
    const exports = module as Record<string, unknown> | null | undefined;
    for (const { name, exported } of names) {
      const isWhole = plain || (exported === "default" && !exports?.__esModule);
      if (isWhole) this.box(name).follow(() => module);
      else if (exported === undefined) this.box(name).follow(() => namespaceOf(module));
      else this.box(name).follow(() => exports?.[exported]);
    }
  }
}

const namespaces = new WeakMap<object, object>();

/** A module as `import * as` has it: of one in CommonJS all that it exports is the default, too. */
export function namespaceOf(module: unknown): unknown {
  if ((typeof module !== "object" && typeof module !== "function") || module === null) return { default: module };
  if ((module as { __esModule?: unknown }).__esModule) return module;
  const known = namespaces.get(module) ?? { ...module, default: module };
  namespaces.set(module, known);
  return known;
}
