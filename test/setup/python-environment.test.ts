import { delimiter } from "node:path";
import { expect, it } from "vitest";
import { projectAt } from "../../src/setup/project.mjs";
import { pythonEnvironment } from "../../src/setup/python-environment.mjs";

const project = projectAt("/a project");

it("nothing of the person's Python and Jupyter gets through, all else does", () => {
  const env = pythonEnvironment(project, {
    PATH: "/usr/bin",
    LANG: "C",
    PYTHONPATH: "/old",
    PYTHONHOME: "/old",
    PIP_USER: "1",
    PIP_TARGET: "/old",
    PIP_INDEX_URL: "the mirror",
    JUPYTER_PATH: "/old",
    JUPYTER_CONFIG_DIR: "/old",
  });
  expect(env.PATH?.split(delimiter)).toHaveLength(2);
  expect(env.PATH).toMatch(/^\/a project\/\.venv\/.*\/usr\/bin$/);
  expect(env).toMatchObject({ LANG: "C", PIP_INDEX_URL: "the mirror", PIP_USER: "0" });
  expect(Object.values(env)).not.toContain("/old");
});

it("Windows' spelling of PATH is kept", () => {
  const env = pythonEnvironment(project, { Path: "C:\\Windows" });
  expect(env.Path).toMatch(/C:\\Windows$/);
  expect(env.PATH).toBeUndefined();
});
