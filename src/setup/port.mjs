import { lookup } from "node:dns/promises";
import { createServer } from "node:net";

/**
 * Whether a server could listen on this port, at every address that the host's name stands for.
 *
 * @param {number} port
 * @param {string} host
 * @returns {Promise<boolean>}
 */
export async function isFree(port, host) {
  const addresses = await lookup(host, { all: true }).catch(() => [{ address: host }]);
  for (const { address } of addresses) if (await isTaken(port, address)) return false;
  return true;
}

/**
 * @param {number} port
 * @param {string} address
 * @returns {Promise<boolean>}
 */
function isTaken(port, address) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error) => resolve(/** @type {NodeJS.ErrnoException} */ (error).code === "EADDRINUSE"));
    server.listen({ port, host: address }, () => server.close(() => resolve(false)));
  });
}
