/** A small class with everything in it that a large one has: `npm run hub` holds the large ones. */
import { beforeAll, expect, it } from "vitest";
import { project } from "../../src/setup/project.mjs";
import { describeOnHub } from "./installed";
import { lessons } from "./lesson.mjs";
import { type Figures, measureClass } from "./measure.mjs";
import { familyOf } from "./processes.mjs";
import { report } from "./report.mjs";

describeOnHub("a class with one who fills the memory, one who loses the network, and one who loops", () => {
  let figures: Figures;
  beforeAll(async () => {
    figures = await measureClass(project, ["works", "fills", "disconnects", "loops"], {
      seconds: 0,
      memory: "1G",
      notebooks: [lessons[0], lessons[4]],
    });
  });

  it("all notebooks come out with every ✓, and what was saved is there", () => {
    expect(figures.problems).toEqual([]);
    expect(figures.kernel).toHaveLength(7); // two each, and the first of who loops
  });

  it("only the kernel that filled the memory was ended", () => {
    expect(figures.ended).toHaveLength(1);
    expect(figures.ended[0]).toContain("learner-2");
  });

  it("memory and time were looked at", () => {
    expect(figures.peak.servers.length).toBeGreaterThan(0);
    for (const bytes of [...figures.peak.servers, ...figures.peak.kernels]) expect(bytes).toBeGreaterThan(2e7);
    expect(figures.processor[0]).toBeGreaterThan(1);
    expect(report([figures])).toContain("| learners | 4 |");
  });

  it("nothing is left running", () => {
    const init = 1; // who inherits what is left behind
    expect(familyOf(init).filter(({ learner }) => learner?.startsWith("learner-"))).toEqual([]);
  });
});
