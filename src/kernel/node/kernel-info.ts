/** What the kernel says of itself in a `kernel_info_reply`. */
import { PROTOCOL_VERSION } from "./wire";

/** The content of the reply. It is there before the compiler is loaded, so that a front end can connect early. */
export function kernelInfo(): Record<string, unknown> {
  const { version } = require("tslab/package.json");
  const { version: typescript } = require("typescript/package.json");
  return {
    status: "ok",
    protocol_version: PROTOCOL_VERSION,
    implementation: "tslab",
    implementation_version: version,
    language_info: {
      name: "typescript",
      version: typescript,
      mimetype: "text/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      codemirror_mode: { mode: "typescript", name: "javascript", typescript: true },
      nbconvert_exporter: "script",
    },
    banner: `TypeScript ${typescript}, tslab ${version}, Node.js ${process.version}`,
    help_links: [{ text: "TypeScript", url: "https://www.typescriptlang.org/docs/" }],
  };
}
