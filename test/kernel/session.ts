/** Sessions of a few cells, for tests: a kernel whose cells answer with the text of their result, or of what went wrong. */
import type { Client, Execution } from "./client";

/** The text of a cell's result, or what it failed with; nothing if there is neither. */
export function answerOf({ reply, outputs }: Execution): string | undefined {
  if (reply.status !== "ok") return `${reply.ename}: ${reply.evalue}`;
  return outputs.find(({ header }) => header.msg_type === "execute_result")?.content.data["text/plain"];
}

/** What a cell printed on a stream. */
export function printed({ outputs }: Execution, name: "stdout" | "stderr"): string {
  return outputs
    .filter(({ content }) => content.name === name)
    .map(({ content }) => content.text)
    .join("");
}

/** Runs cells one after the other, and returns the answer of the last one. */
export async function answer(kernel: Client, ...cells: string[]): Promise<string | undefined> {
  let last: string | undefined;
  for (const cell of cells) last = answerOf(await kernel.run(cell));
  return last;
}
