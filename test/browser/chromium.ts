/** A real Chromium. Where there is none, the tests that need it are left out, and say so; on CI that is a failure. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { describe, it } from "vitest";

/** Where systems put Chromium and Chrome, beside the folders of PATH. */
const usualPlaces = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
  chromium.executablePath(),
];
const usualNames = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The program: the one that the variable CHROMIUM names, or the first that is found. */
export const executable = [
  ...(process.env.CHROMIUM ? [process.env.CHROMIUM] : []),
  ...usualNames.flatMap((name) => (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, name))),
  ...usualPlaces,
].find(isExecutable);

/** Starts it, without a window, without anything that it would do on its own. */
export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: executable,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** Like `describe`, for tests in a browser. */
export function describeInBrowser(name: string, tests: () => void): void {
  if (executable !== undefined) {
    describe(name, tests);
  } else if (process.env.CI) {
    it(name, () => {
      throw new Error(
        "There is no Chromium, and on CI nothing may be left out: install it, or name one with CHROMIUM.",
      );
    });
  } else {
    console.log(`${name}: left out, for there is no Chromium or Chrome here; install one, or name it with CHROMIUM.`);
    describe.skip(name, tests);
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
