/** The oldest Node that every pinned package supports. */
const oldestNode = "20.19";

/**
 * What is wrong with this version of Node, or undefined when nothing is. (No newer syntax than Node 12's here.)
 *
 * @param {string} version such as "20.19.1"
 * @returns {string | undefined} one sentence for the person at the keyboard
 */
export function nodeProblem(version) {
  const [major, minor] = version.split(".").map(Number);
  const [oldestMajor, oldestMinor] = oldestNode.split(".").map(Number);
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return undefined;
  return `This project needs Node ≥ ${oldestNode}, and this is Node ${version} (${process.execPath}): install a newer one from nodejs.org or with your version manager.`;
}
