/** How a value is shown: its MIME bundle. */
import type { KernelHost } from "./host";

const DISPLAY = Symbol.for("Jupyter.display");

/** A value in one or more representations, by MIME type. */
export type MimeBundle = Record<string, unknown>;

type Inspect = KernelHost["inspect"];

/** The most properties of one object that are shown; `inspect` knows such a bound for lists and texts only. */
const MOST_PROPERTIES = 200;

/**
 * The representations of `value`: those it gives itself through `[Symbol.for("Jupyter.display")]()`, and always a text.
 *
 * @param inspect writes a value as text
 * @param source the text of a function, as it was written, if it is known
 * @throws what that method throws, and if it returns something else than a bundle
 */
export async function mimeBundle(value: unknown, inspect: Inspect, source?: string): Promise<MimeBundle> {
  const own = displayMethod(value);
  if (!own) {
    if (source === undefined) return { "text/plain": textOf(value, inspect) };
    return { "text/plain": source, "text/markdown": `\`\`\`\`typescript\n${source}\n\`\`\`\`` };
  }
  const bundle: unknown = await own.call(value);
  if (typeof bundle !== "object" || bundle === null || Array.isArray(bundle)) {
    throw new TypeError(
      `[Symbol.for("Jupyter.display")]() must return an object of MIME types; it returned ${inspect(bundle, { depth: 0 })}`,
    );
  }
  const encoded = Object.entries(bundle)
    .filter(([, data]) => data !== undefined)
    .map(([type, data]) => [type, data instanceof Uint8Array ? base64(data) : data]);
  const shown: MimeBundle = Object.fromEntries(encoded);
  shown["text/plain"] ??= textOf(value, inspect);
  return shown;
}

function displayMethod(value: unknown): (() => unknown) | undefined {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined;
  const method = (value as Record<symbol, unknown>)[DISPLAY];
  return typeof method === "function" ? (method as () => unknown) : undefined;
}

function textOf(value: unknown, inspect: Inspect): string {
  const isPlain = typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  const keys = isPlain ? Object.keys(value) : [];
  if (keys.length <= MOST_PROPERTIES) return inspect(value);
  const first = keys.slice(0, MOST_PROPERTIES).map((key) => [key, (value as Record<string, unknown>)[key]]);
  const more = `  ... ${keys.length - MOST_PROPERTIES} more properties\n}`;
  return inspect(Object.fromEntries(first), { breakLength: 0 }).replace(/\n?\}$/, `,\n${more}`);
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
