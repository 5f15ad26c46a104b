/// <reference lib="dom" />
/** Programs that a page loads when it needs them. */

const loading = new Map<string, Promise<void>>();

/**
 * Loads a program beside the page, once.
 *
 * @returns what it leaves behind under the global name
 */
export async function loaded<Left>(file: string, name: string): Promise<Left> {
  const left = () => (globalThis as unknown as Record<string, Left | undefined>)[name];
  if (left() === undefined) {
    const before = loading.get(file);
    const now =
      before ??
      new Promise<void>((resolve, reject) => {
        const script = document.createElement("script");
        script.src = file;
        script.onload = () => resolve();
        script.onerror = () => {
          loading.delete(file);
          reject(new Error(`${file} can't be loaded: is there a connection?`));
        };
        document.head.append(script);
      });
    loading.set(file, now);
    await now;
  }
  return left() as Left;
}
