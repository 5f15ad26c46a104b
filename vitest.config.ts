import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    environment: "node",
    // Kernels that tests start must not note anything as done by whoever sits here.
    env: { BACKPROP_PROGRESS: join(tmpdir(), "backprop-tests", "progress.json") },
    // Far more than a test needs that starts a kernel, also on a machine that is busy with other things.
    testTimeout: 180_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
    tags: [{ name: "slow", description: "What `npm test` leaves out, and `npm test -- --all` runs." }],
  },
});
