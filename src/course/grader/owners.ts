/** Whose a file is. Told by the names that the teacher or the LMS has given; never by those that students give inside. */

/** Where a file lies: the folders and archives above it and its own name, each as it is named. */
export type Route = readonly string[];

/** Whose a file is. */
export interface Owner {
  /** The student's name in the grades. */
  readonly name: string;
  /** Tells owners apart who have the same name; the same for all files of one of them. */
  readonly key: string;
  /** Whether Canvas says that it came late. */
  readonly late: boolean;
}

/** What the names of notebooks and archives end with. */
const ENDING = /\.(ipynb|zip)$/i;

/** Whether a name is that of an archive. */
export function isArchive(name: string): boolean {
  return /\.zip$/i.test(name);
}

/**
 * The owners of files, in their order. What lies at the top of the delivery belongs to one student each, and all that is in
 * it as well, whatever it is named:
 *
 * - Moodle: `Ada Lovelace_12345_assignsubmission_file_/notebook.ipynb`
 * - Canvas: `lovelaceada_12345_67890_notebook.ipynb`, with `LATE_` in it if it came late
 * - Gradescope: `submission_12345/notebook.ipynb`
 * - otherwise a folder, an archive or a notebook with the student's name
 *
 * One folder around all of them does not count. A folder or an archive in which several students' work lies, named as by an
 * LMS, is that LMS's export: there the students are told by what lies at its top. Namesakes are told apart by the LMS's
 * numbers, and by the names of the exports where an export's student has the name of another's folder.
 *
 * @param inArchive whether all that was handed in is one archive
 */
export function ownersOf(routes: readonly Route[], inArchive: boolean): Owner[] {
  const places = placesOf(routes, inArchive);
  const byName = new Map<string, Map<string, Place>>();
  for (const place of places) {
    byName.set(place.name, (byName.get(place.name) ?? new Map<string, Place>()).set(place.key, place));
  }
  return places.map((place) => {
    const namesakes = [...(byName.get(place.name)?.values() ?? [])].filter(({ key }) => key !== place.key);
    return { name: nameAmong(namesakes, place), key: place.key, late: place.late };
  });
}

/** What belongs to one student, before namesakes are told apart. */
interface Place extends Owner {
  /** The folders and archives around it. */
  readonly around: string;
  /** A longer name, for who has a namesake. */
  readonly longName: string;
}

function nameAmong(namesakes: readonly Place[], { name, longName, around }: Place): string {
  const own = namesakes.some((other) => other.around === around) ? longName : name;
  const outside = namesakes.some((other) => other.around.length < around.length && around.startsWith(other.around));
  return outside ? `${around}${own}` : own;
}

/** The place of each file's owner. */
function placesOf(routes: readonly Route[], inArchive: boolean): Place[] {
  if (routes.length === 0) return [];
  const start = depthOfStudents(routes, inArchive);
  const tops = new Map<string, Route[]>();
  for (const route of routes) tops.set(route[start], [...(tops.get(route[start]) ?? []), route]);
  const exports = new Map([...tops].map(([top, inside]) => [top, exportIn(inside, start)]));
  // One student's folder with one file that is named so is no export yet.
  const trusted = tops.size === 1 || [...exports.values()].some((found) => found && found.students > 1);
  return routes.map((route) => placeAt(route, (trusted && exports.get(route[start])?.depth) || start));
}

function placeAt(route: Route, depth: number): Place {
  const path = route.slice(0, depth + 1).join("/");
  const around = route
    .slice(0, depth)
    .map((part) => `${part}/`)
    .join("");
  const { name, number, late } = labelAt(route, depth) ?? {};
  if (name === undefined) {
    const plain = route[depth].replace(ENDING, "");
    return { name: plain, longName: route[depth], key: path, around, late: false };
  }
  return { name, longName: `${name} (${number})`, key: `${around}${name}\0${number}`, around, late: late === true };
}

/**
 * How deep the students' entries lie: below the one folder around all of them, if that holds several folders and no notebook
 * of its own. (A single student's course folder is no class.)
 */
function depthOfStudents(routes: readonly Route[], inArchive: boolean): number {
  const most = isArchive(routes[0][0]) ? 2 : 1;
  for (let depth = 1; depth <= most; depth++) {
    const enclosed = routes.every((route) => route.length > depth + 1 && route[depth - 1] === routes[0][depth - 1]);
    if (!enclosed || labelAt(routes[0], depth - 1) !== undefined) return 0;
    if (routes.some((route) => route[depth] !== routes[0][depth])) return depth;
  }
  // Whoever packs the folder of a class in which one student has handed in so far.
  return inArchive && routes.every(({ length }) => length === 3) ? 1 : 0;
}

/** How deep the students' entries lie in something at the top that is an LMS's export, and of how many students. */
function exportIn(routes: readonly Route[], top: number): { depth: number; students: number } | undefined {
  if (labelAt(routes[0], top) !== undefined) return undefined;
  for (const depth of [top + 1, top + 2]) {
    const labels = routes.flatMap((route) => labelAt(route, depth) ?? []);
    if (labels.length === routes.length) {
      return { depth, students: new Set(labels.map(({ name, number }) => `${name}\0${number}`)).size };
    }
    if (routes.some((route) => route[depth] !== routes[0][depth])) return undefined;
  }
  return undefined;
}

/** What an LMS says by a name. */
interface Label {
  readonly name: string;
  /** The LMS's number for the student, or for their submission. */
  readonly number: string;
  readonly late?: boolean;
}

/** What a name on a route says, if an LMS has given it. Canvas names files and archives, the others folders too. */
function labelAt(route: Route, depth: number): Label | undefined {
  const entry = route[depth] ?? "";
  const moodle = /^(.+?)_(\d+)_assignsubmission_/.exec(entry);
  if (moodle) return { name: moodle[1], number: moodle[2] };
  const gradescope = /^(submission_(\d+))(\.zip)?$/i.exec(entry);
  if (gradescope) return { name: gradescope[1], number: gradescope[2] };
  const canvas =
    ENDING.test(entry) || depth === route.length - 1 ? /^([^_]+)_(LATE_)?(\d+)_\d+_/.exec(entry) : undefined;
  return canvas ? { name: canvas[1], number: canvas[3], late: canvas[2] !== undefined } : undefined;
}
