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
  /** The folder, archive or notebook at the top that is theirs. */
  readonly place: string;
}

/** What the names of notebooks and archives end with. Some browsers add an ending of their own to notebooks. */
const [NOTEBOOK, ARCHIVE] = [/\.ipynb(\.txt|\.json)?$/i, /\.zip$/i];

/** Whether a name is that of a notebook. */
export function isNotebook(name: string): boolean {
  return NOTEBOOK.test(name);
}

/** Whether a name is that of an archive. */
export function isArchive(name: string): boolean {
  return ARCHIVE.test(name);
}

/** Whose the files are. */
export interface Owners {
  /** The owners of the notebooks, in their order. */
  readonly owners: readonly Owner[];
  /** Students of whom there are folders, archives or files that an LMS has named, and no notebook. */
  readonly without: readonly Owner[];
}

/**
 * The owners of files. What lies at the top of the delivery belongs to one student each, and all that is in
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
 * @param notebooks where they lie
 * @param others where other files lie, and folders and archives, whose routes end with an empty name
 * @param inArchive whether all that was handed in is one archive
 */
export function ownersOf(notebooks: readonly Route[], others: readonly Route[], inArchive: boolean): Owners {
  const placeOf = layoutOf(notebooks, others, inArchive);
  const places = notebooks.flatMap((route) => placeOf(route) ?? []);
  const owning = new Set(places.map(({ key }) => key));
  const without = new Map(others.flatMap((route) => placeOf(route) ?? []).map((place) => [place.key, place]));
  for (const key of owning) without.delete(key);
  const byName = new Map<string, Map<string, Place>>();
  for (const place of [...places, ...without.values()]) {
    byName.set(place.name, (byName.get(place.name) ?? new Map<string, Place>()).set(place.key, place));
  }
  const named = (place: Place): Owner => {
    const namesakes = [...(byName.get(place.name)?.values() ?? [])].filter(({ key }) => key !== place.key);
    return { name: nameAmong(namesakes, place), key: place.key, late: place.late, place: place.place };
  };
  return { owners: places.map(named), without: [...without.values()].map(named) };
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

/** Which place a file belongs to: decided once for all of them, by where the notebooks lie. */
function layoutOf(
  notebooks: readonly Route[],
  others: readonly Route[],
  inArchive: boolean,
): (route: Route) => Place | undefined {
  const decisive = notebooks.length > 0 ? notebooks : others.filter(({ length }) => length > 1);
  if (decisive.length === 0) return () => undefined;
  const start = depthOfStudents(decisive, others, inArchive);
  const tops = new Map<string, Route[]>();
  for (const route of decisive) tops.set(route[start], [...(tops.get(route[start]) ?? []), route]);
  const exports = new Map([...tops].map(([top, inside]) => [top, exportIn(inside, start)]));
  // One student's folder with one file that is named so is no export yet.
  const trusted = tops.size === 1 || [...exports.values()].some((found) => found && found.students > 1);
  return (route) => placeAt(route, (trusted && exports.get(route[start])?.depth) || start);
}

function placeAt(route: Route, depth: number): Place | undefined {
  const entry = route[depth];
  if (!entry) return undefined;
  const place = route.slice(0, depth + 1).join("/");
  const around = place.slice(0, -entry.length);
  const label = labelAt(route, depth);
  if (label) {
    const { name, number, late = false } = label;
    return { name, longName: `${name} (${number})`, key: `${around}${name}\0${number}`, place, around, late };
  }
  if (depth === route.length - 1 && !isNotebook(entry)) return undefined;
  const plain = entry.replace(NOTEBOOK, "").replace(ARCHIVE, "");
  return { name: plain, longName: entry, key: place, place, around, late: false };
}

/**
 * How deep the students' entries lie: below the one folder around all of them, if that holds several folders and no notebook
 * of its own. (A single student's course folder is no class.)
 */
function depthOfStudents(notebooks: readonly Route[], others: readonly Route[], inArchive: boolean): number {
  const [first] = notebooks;
  const most = isArchive(first[0]) ? 2 : 1;
  for (let depth = 1; depth <= most; depth++) {
    const isAround = (route: Route) => route[depth - 1] === first[depth - 1];
    const enclosed =
      notebooks.every((route) => route.length > depth + 1 && isAround(route)) &&
      others.every((route) => isAround(route) || (route.length <= depth && !labelAt(route, depth - 1)));
    if (!enclosed || labelAt(first, depth - 1) !== undefined) return 0;
    if (notebooks.some((route) => route[depth] !== first[depth])) return depth;
  }
  // Whoever packs the folder of a class in which one student has handed in so far.
  return inArchive && notebooks.every(({ length }) => length === 3) ? 1 : 0;
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
  const canvas = isArchive(entry) || depth === route.length - 1 ? /^([^_]+)_(LATE_)?(\d+)_\d+_/.exec(entry) : undefined;
  return canvas ? { name: canvas[1], number: canvas[3], late: canvas[2] !== undefined } : undefined;
}
