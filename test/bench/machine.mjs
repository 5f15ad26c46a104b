import { cpus, totalmem, type } from "node:os";

/**
 * What the figures were measured on.
 *
 * @returns {{ processor: string, cores: number, memory: number, system: string, node: string, v8: string }}
 */
export function machine() {
  const [{ model }] = cpus();
  return {
    processor: model.trim(),
    cores: cpus().length,
    memory: totalmem(),
    system: `${type()} ${process.arch}`,
    node: process.versions.node,
    v8: process.versions.v8,
  };
}
