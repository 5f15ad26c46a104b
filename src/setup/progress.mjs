/** How often a long step shows that it lives, in milliseconds: on a terminal, and in a log. */
const beat = { terminal: 1_000, log: 10_000 };

/** Named steps with their durations. A terminal gets a running clock, a log gets a line every ten seconds. */
export class Progress {
  /** @param {{ write(text: string): unknown, isTTY?: boolean }} out */
  constructor(out = process.stderr) {
    this.out = out;
  }

  /** @param {string} line */
  say(line) {
    this.out.write(`${line}\n`);
  }

  /**
   * Shows a title while work is going on, and its duration when it is done.
   *
   * @template T
   * @param {string} title
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  async during(title, work) {
    const started = performance.now();
    const seconds = () => (performance.now() - started) / 1000;
    const terminal = this.out.isTTY === true;
    this.out.write(terminal ? `${title} …` : `${title} …\n`);
    const clock = setInterval(
      () => this.out.write(terminal ? `\r${title} … ${seconds().toFixed(0)} s` : `      … ${seconds().toFixed(0)} s\n`),
      terminal ? beat.terminal : beat.log,
    );
    let outcome = "stopped after";
    try {
      const result = await work();
      outcome = "done in";
      return result;
    } finally {
      clearInterval(clock);
      this.out.write(`${terminal ? `\r${title} …` : "     "} ${outcome} ${seconds().toFixed(1)} s\n`);
    }
  }
}
