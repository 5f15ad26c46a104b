import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Progress } from "../../src/setup/progress.mjs";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function recorder(isTTY: boolean) {
  const out = { text: "", isTTY, write: (text: string) => (out.text += text) };
  return out;
}
const twelveSeconds = () => new Promise((resolve) => setTimeout(resolve, 12_000));

it("a log gets a line at the start, every ten seconds, and at the end", async () => {
  const out = recorder(false);
  const step = new Progress(out).during("baking", twelveSeconds);
  await vi.advanceTimersByTimeAsync(12_000);
  await step;
  expect(out.text).toBe("baking …\n      … 10 s\n      done in 12.0 s\n");
});

it("a terminal gets one line with a running clock", async () => {
  const out = recorder(true);
  const step = new Progress(out).during("baking", twelveSeconds);
  await vi.advanceTimersByTimeAsync(12_000);
  await step;
  expect(out.text).toMatch(/^baking …\rbaking … 1 s\rbaking … 2 s[\s\S]*\rbaking … done in 12\.0 s\n$/);
});

it("a step that fails says when it stopped, and fails", async () => {
  const out = recorder(false);
  const step = new Progress(out).during("baking", async () => {
    throw new Error("burnt");
  });
  await expect(step).rejects.toThrow("burnt");
  expect(out.text).toBe("baking …\n      stopped after 0.0 s\n");
});
