import { afterEach, describe, expect, it, vi } from "vitest";
import { moons } from "../../src/data/synthetic";
import { initialise } from "../../src/initialise";
import { Random } from "../../src/random";
import { trainLive } from "../../src/show/live-training";
import { Training, train } from "../../src/train";

const BROADCAST = Symbol.for("Jupyter.broadcast");
const globals = globalThis as Record<symbol, unknown>;

afterEach(() => {
  delete globals[BROADCAST];
});

function options() {
  const random = new Random(1);
  return { data: moons(), random, parameters: initialise({ inputs: 2, hidden: 4, classes: 2, random }) };
}

type Content = { data: Record<string, unknown>; transient: { display_id: string } };

describe("trainLive", () => {
  it("trains as train does", async () => {
    globals[BROADCAST] = vi.fn();
    const training = new Training(options());
    await trainLive(training, 5);
    expect(training.history).toEqual(train({ ...options(), epochs: 5 }).history);
  });

  it("shows one chart and one line, replaces both in place, and ends with the last epoch", async () => {
    const sent: [string, Content][] = [];
    globals[BROADCAST] = (type: string, content: Content) => sent.push([type, content]);
    const training = new Training(options());
    await trainLive(training, 5);
    const ids = [...new Set(sent.map(([, { transient }]) => transient.display_id))];
    expect(ids).toHaveLength(2);
    expect(sent.map(([type]) => type).filter((type) => type === "display_data")).toHaveLength(2);
    const last = (id: string) => sent.filter(([, { transient }]) => transient.display_id === id).pop()![1].data;
    const chart = last(ids[0])["application/vnd.vegalite.v5+json"] as { data: { values: unknown[] } };
    expect(chart.data.values).toHaveLength(6);
    const { loss, accuracy } = training.history[5].training;
    expect(last(ids[1])["text/plain"]).toBe(
      `epoch 5 · training loss ${loss.toFixed(4)}, accuracy ${(100 * accuracy).toFixed(1)} % · done`,
    );
  });

  it("draws the loss on a logarithmic axis when asked", async () => {
    const charts: string[] = [];
    globals[BROADCAST] = (_: string, { data }: Content) => charts.push(JSON.stringify(data));
    for (const scale of ["linear", "log"] as const) {
      charts.length = 0;
      await trainLive(new Training(options()), 2, { scale });
      const drawn = charts.filter((chart) => chart.includes("vnd.vegalite"));
      expect(drawn.length).toBeGreaterThan(0);
      for (const chart of drawn) expect(chart.includes('"type":"log"')).toBe(scale === "log");
    }
  });

  it("keeps the finished epochs when it is interrupted", async () => {
    const training = new Training(options());
    globals[BROADCAST] = () => {
      if (training.history.length > 3) throw new Error("Interrupted");
    };
    vi.spyOn(performance, "now").mockImplementation(
      (
        (now) => () =>
          (now += 1000)
      )(0),
    );
    await expect(trainLive(training, 50)).rejects.toThrow("Interrupted");
    vi.restoreAllMocks();
    expect(training.history).toHaveLength(4);
    globals[BROADCAST] = vi.fn();
    await trainLive(training, 2);
    expect(training.history).toHaveLength(6);
  });
});
