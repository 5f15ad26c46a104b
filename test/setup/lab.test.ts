import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { argumentsOf } from "../../src/setup/arguments.mjs";
import { main } from "../../src/setup/lab.mjs";
import { Problem } from "../../src/setup/problem.mjs";
import { project } from "../../src/setup/project.mjs";
import { temporaryFolder } from "./temporary-folder.js";

/** Listens on a port of this machine, as another program would. */
async function occupy(port: number) {
  const server = createServer();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** A person whose own Jupyter configuration stops every server that reads it. */
function homeWithBrokenConfiguration() {
  const home = temporaryFolder();
  mkdirSync(join(home, ".jupyter"));
  writeFileSync(join(home, ".jupyter", "jupyter_server_config.py"), 'raise SystemExit("the person\'s configuration")');
  return home;
}

/** Lab as its command runs it after the set-up. */
function startLab() {
  const command = `
    import { argumentsOf } from "./src/setup/arguments.mjs";
    import { main } from "./src/setup/lab.mjs";
    import { project } from "./src/setup/project.mjs";
    process.exitCode = await main(argumentsOf("lab", ["--no-browser"]), project);
  `;
  const lab = spawn(process.execPath, ["--input-type=module", "--eval", command], {
    cwd: project.root,
    env: { ...process.env, HOME: homeWithBrokenConfiguration() },
  });
  onTestFinished(() => void lab.kill("SIGTERM"));
  let text = "";
  const collect = (chunk: Buffer) => (text += chunk);
  lab.stdout.on("data", collect);
  lab.stderr.on("data", collect);
  return { lab, text: () => text };
}

/** Waits for the address that Lab prints. */
async function addressOf({ lab, text }: { lab: ChildProcess; text: () => string }) {
  while (lab.exitCode === null) {
    const address = /http:\/\/\S+token=\w+/.exec(text());
    if (address) return new URL(address[0]);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(text());
}

it.each(["--port N", "--port=N", "--ServerApp.port=N"])(
  "%s: where N is in use, one sentence says so",
  async (option) => {
    const port = await occupy(0);
    const args = option.replace("N", String(port)).split(" ");
    await expect(main(argumentsOf("lab", args), project)).rejects.toThrow(
      new Problem(`Port ${port} is in use: name another with --port, or none and the next free one is taken.`),
    );
  },
);

it("Lab serves the project with one kernel, on the next port when the usual one is in use, until it is interrupted", async () => {
  const usual = 8888;
  await occupy(usual).catch(() => usual);
  const started = startLab();
  const address = await addressOf(started);
  expect(Number(address.port)).not.toBe(usual);

  const answer = await fetch(new URL(`/api/kernelspecs${address.search}`, address));
  const { default: defaultName, kernelspecs } = (await answer.json()) as {
    default: string;
    kernelspecs: Record<string, unknown>;
  };
  expect(defaultName).toBe("tslab");
  expect(Object.keys(kernelspecs)).toEqual(["tslab"]);
  const readme = await fetch(new URL(`/api/contents/package.json${address.search}&content=0`, address));
  expect(readme.status).toBe(200);

  started.lab.kill("SIGINT");
  await once(started.lab, "close");
  expect(started.lab.exitCode).toBe(0);
  await expect(fetch(address)).rejects.toThrow();
});
