import { describe, expect, it } from "vitest";
import { workingMemory } from "../../src/engine/product";
import { WorkingMemory } from "../../src/engine/working-memory";

describe("a working memory", () => {
  it("gives away arrays that are next to each other", () => {
    const memory = workingMemory(100, 10);
    const [a, b] = [60, 40].map((count) => memory?.take(count) ?? new Float64Array(0));
    expect([a.length, b.length]).toEqual([60, 40]);
    expect(b.byteOffset).toBe(a.byteOffset + 480);
    expect(WorkingMemory.of(a)).toBe(memory);
    expect(WorkingMemory.of(b)).toBe(memory);
  });
});
