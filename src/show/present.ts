/** How values get the methods by which a notebook and a terminal show them, without knowing of either. */

/** One thing in several forms, by MIME type; a front end shows the best that it can. */
export type Forms = Readonly<Record<string, unknown>>;

/** The method that a notebook's kernel calls on a cell's last expression. */
export const DISPLAY = Symbol.for("Jupyter.display");

/** The method that Node calls when it prints a value. */
export const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/**
 * Has all values of a class show themselves in these forms: the maths stays free of tables and colours.
 *
 * @param type a class
 * @param forms what a notebook shows of a value; its `text/plain` is what a terminal prints
 */
export function present<T extends object>(type: { readonly prototype: T }, forms: (value: T) => Forms): void {
  const method = (value: (this: T) => unknown) => ({ value, configurable: true, writable: true });
  Object.defineProperties(type.prototype, {
    [DISPLAY]: method(function () {
      return forms(this);
    }),
    [INSPECT]: method(function () {
      return forms(this)["text/plain"];
    }),
  });
}
