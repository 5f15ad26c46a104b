/** Code in colours. The style sheet says which, in light and in dark. */
import hljs from "highlight.js/lib/core";
import json from "highlight.js/lib/languages/json";
import shell from "highlight.js/lib/languages/shell";
import typescript from "highlight.js/lib/languages/typescript";
import { asText } from "../show/html-text";

hljs.registerLanguage("typescript", typescript);
hljs.registerLanguage("json", json);
hljs.registerLanguage("shell", shell);

/**
 * A block of code as HTML.
 *
 * @param language as after the back ticks in Markdown; one that is not known is shown without colours
 */
export function codeBlock(code: string, language = ""): string {
  const known = hljs.getLanguage(language) !== undefined;
  const html = known ? hljs.highlight(code, { language }).value : asText(code);
  return `<pre><code class="hljs">${html}</code></pre>\n`;
}
