/** How a value is shown: its MIME bundle. */
import { inspect } from "node:util";

const DISPLAY = Symbol.for("Jupyter.display");

/** A value in one or more representations, by MIME type. */
export type MimeBundle = Record<string, unknown>;

/**
 * The representations of `value`: those it gives itself through `[Symbol.for("Jupyter.display")]()`, and always a text.
 *
 * @throws what that method throws, and if it returns something else than a bundle
 */
export async function mimeBundle(value: unknown): Promise<MimeBundle> {
  const own = displayMethod(value);
  if (!own) {
    return { "text/plain": textOf(value) };
  }
  const bundle: unknown = await own.call(value);
  if (typeof bundle !== "object" || bundle === null || Array.isArray(bundle)) {
    throw new TypeError(
      `[Symbol.for("Jupyter.display")]() must return an object of MIME types; it returned ${inspect(bundle, { depth: 0 })}`,
    );
  }
  const encoded = Object.entries(bundle)
    .filter(([, data]) => data !== undefined)
    .map(([type, data]) => [type, data instanceof Uint8Array ? Buffer.from(data).toString("base64") : data]);
  const shown: MimeBundle = Object.fromEntries(encoded);
  shown["text/plain"] ??= textOf(value);
  return shown;
}

function displayMethod(value: unknown): (() => unknown) | undefined {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) {
    return undefined;
  }
  const method = (value as Record<symbol, unknown>)[DISPLAY];
  return typeof method === "function" ? (method as () => unknown) : undefined;
}

function textOf(value: unknown): string {
  return inspect(value);
}
