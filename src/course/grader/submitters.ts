/** Whose a file is. Told by the names that the teacher or the LMS has given; never by those that students give inside. */
import { shown } from "./shown";

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
  /** The LMS's own number or time of what was handed in; what came later has a larger one. */
  readonly order?: number;
  /** The folder, archive or notebook at the top that is theirs. */
  readonly place: string;
}

/**
 * What the names of notebooks and archives end with. Some browsers add an ending of their own to notebooks, for good or until
 * a download has ended.
 */
const [NOTEBOOK, ARCHIVE] = [/\.ipynb(\.(txt|json|crdownload|part|partial|download))?$/i, /\.zip$/i];

/** Whether a name is that of a notebook. */
export function isNotebook(name: string): boolean {
  return NOTEBOOK.test(name);
}

/** Whether a name is that of an archive. */
export function isArchive(name: string): boolean {
  return ARCHIVE.test(name);
}

/** A name as students are called by: in one form of Unicode, and without spaces that nobody sees. */
export function nameOf(text: string): string {
  return text.normalize("NFC").replace(/\s+/g, " ").trim();
}

/** A form of names that an LMS gives. */
interface Form {
  readonly lms: string;
  /** A route of that form, whose first part is the name. */
  readonly sample: string;
  /** With the groups `name`, `number` (of the student or their submission), and maybe `late` and `order`. */
  readonly pattern: RegExp;
  /** Whether files alone are named so, and archives, which are files, too. */
  readonly filesOnly?: true;
  /** Whether names that students give are often of that form as well: then it tells nothing about what is around it. */
  readonly weak?: true;
}

/** The forms that are known, in the order in which they are looked for. */
export const forms: readonly Form[] = [
  {
    lms: "Moodle, blind marking",
    sample: "Participant_12345_assignsubmission_file_/forward-pass.ipynb",
    pattern: /^(?<name>Participant_(?<number>\d+))_assignsubmission_/,
  },
  {
    lms: "Moodle",
    sample: "Ada Lovelace_12345_assignsubmission_file_/forward-pass.ipynb",
    pattern: /^(?<name>.+?)_(?<number>\d+)_assignsubmission_/,
  },
  {
    lms: "Gradescope",
    sample: "submission_12345/forward-pass.ipynb",
    pattern: /^(?<name>submission_(?<number>\d+))(\.zip)?$/i,
  },
  {
    lms: "Blackboard",
    sample: "Assignment 1_alovelace_attempt_2026-10-12-23-58-00_forward-pass.ipynb",
    pattern: /^.+_(?<name>(?<number>[^_]+))_attempt_(?<order>\d{4}(-\d\d){5})(_|\.txt$)/,
    filesOnly: true,
  },
  {
    lms: "Brightspace",
    sample: "12345-67890 - Ada Lovelace - Oct 12, 2026 1158 PM/forward-pass.ipynb",
    pattern: /^(?<number>\d+)-\d+ ?- ?(?<name>.+?) ?- ?(?<order>[^-]*\d{4}[^-]*\d{3,4}( ?[AP]M)?)( ?- .*)?$/i,
  },
  {
    lms: "Canvas, anonymous",
    sample: "LATE_anon_Ab3De_67890_forward-pass.ipynb",
    pattern: /^(?<late>LATE_)?(?<name>anon_(?<number>[A-Za-z0-9]{5}))_(?<order>\d+)_./,
    filesOnly: true,
  },
  {
    lms: "Canvas",
    sample: "lovelaceada_LATE_12345_67890_forward-pass.ipynb",
    pattern: /^(?<name>.+?)_(?<late>LATE_)?(?<number>\d+)_(?<order>\d+)_./,
    filesOnly: true,
  },
  {
    lms: "Google Classroom",
    sample: "Ada Lovelace - forward-pass.ipynb",
    pattern: /^(?<name>(?<number>.+?)) - .+\.ipynb$/i,
    filesOnly: true,
    weak: true,
  },
];

/** Whose the files are. */
export interface Owners {
  /** The owners of the notebooks, in their order. */
  readonly owners: readonly Owner[];
  /** Students of whom there are folders, archives or files that an LMS has named, and no notebook. */
  readonly without: readonly Owner[];
  /** What the teacher should know of names, as sentences. */
  readonly problems: readonly string[];
}

/**
 * The owners of files. What lies at the top of the delivery belongs to one student each, and all that is in
 * it as well, whatever it is named: it is named in one of `forms`, or is a folder, an archive or a notebook with the student's
 * name.
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
    return { ...place, name: nameAmong(namesakes, place) };
  };
  return {
    owners: places.map(named),
    without: [...without.values()].map(named),
    problems: strangeNames([...places, ...without.values()]),
  };
}

/** Names that are of no form among those that are, and different names that are taken for one. */
function strangeNames(places: readonly Place[]): string[] {
  const plain = [...new Map(places.filter(({ form }) => form === undefined).map((p) => [p.place, p])).values()];
  const lms = places.find(({ form }) => form && !form.weak)?.form?.lms;
  const strange =
    lms === undefined
      ? []
      : plain.map(
          ({ place, name }) =>
            `${shown(place)} is not named as ${lms} names things; it was taken for the work of ${shown(name)}.`,
        );
  const spelled = new Map<string, Place[]>();
  for (const place of plain) spelled.set(place.key, [...(spelled.get(place.key) ?? []), place]);
  const joined = [...spelled.values()]
    .filter(({ length }) => length > 1)
    .map(
      (same) =>
        `${same.length} names look alike and were taken for one student, ${shown(same[0].name)}: they differ in spaces or in how Unicode writes a letter.`,
    );
  return [...strange, ...joined].sort();
}

/** What belongs to one student, before namesakes are told apart. */
interface Place extends Owner {
  /** The folders and archives around it. */
  readonly around: string;
  /** A longer name, for who has a namesake. */
  readonly longName: string;
  /** The form that its name has. */
  readonly form?: Form;
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
    const { name, number, late, order, form } = label;
    const key = `${around}${name}\0${number}`;
    return { name, longName: `${name} (${number})`, key, place, around, late, order, form };
  }
  if (depth === route.length - 1 && !isNotebook(entry)) return undefined;
  const name = nameOf(entry.replace(NOTEBOOK, "").replace(ARCHIVE, "")) || "no name";
  return { name, longName: nameOf(entry), key: `${around}${nameOf(entry)}`, place, around, late: false };
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
      others.every((route) => isAround(route) || (route.length <= depth && !exportLabel(route, depth - 1)));
    if (!enclosed || exportLabel(first, depth - 1) !== undefined) return 0;
    if (notebooks.some((route) => route[depth] !== first[depth])) return depth;
  }
  // Whoever packs the folder of a class in which one student has handed in so far.
  return inArchive && notebooks.every(({ length }) => length === 3) ? 1 : 0;
}

/** How deep the students' entries lie in something at the top that is an LMS's export, and of how many students. */
function exportIn(routes: readonly Route[], top: number): { depth: number; students: number } | undefined {
  if (exportLabel(routes[0], top) !== undefined) return undefined;
  for (const depth of [top + 1, top + 2]) {
    const labels = routes.flatMap((route) => exportLabel(route, depth) ?? []);
    if (labels.length === routes.length) {
      return { depth, students: new Set(labels.map(({ name, number }) => `${name}\0${number}`)).size };
    }
    if (routes.some((route) => route[depth] !== routes[0][depth])) return undefined;
  }
  return undefined;
}

/** What a name says that can be nobody's but an LMS's. */
function exportLabel(route: Route, depth: number): Label | undefined {
  const label = labelAt(route, depth);
  return label?.form.weak ? undefined : label;
}

/** What an LMS says by a name. */
interface Label {
  readonly name: string;
  readonly number: string;
  readonly late: boolean;
  readonly order?: number;
  readonly form: Form;
}

/** What a name on a route says, if an LMS has given it. */
function labelAt(route: Route, depth: number): Label | undefined {
  const entry = nameOf(route[depth] ?? "");
  const isFile = isArchive(entry) || depth === route.length - 1;
  for (const form of forms) {
    const { name, number, late, order } = ((isFile || !form.filesOnly) && form.pattern.exec(entry)?.groups) || {};
    if (name)
      return { name: nameOf(name), number, late: late !== undefined, order: order ? orderOf(order) : undefined, form };
  }
  return undefined;
}

/** A number or a time as a number. */
function orderOf(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  if (/^\d{4}(-\d\d){5}$/.test(text)) return Number(text.replaceAll("-", ""));
  // Brightspace writes the hour without its colon: Oct 12, 2026 1158 PM.
  return Date.parse(`${text.replace(/(\d\d?)(\d\d)( ?[AP]M)?$/i, "$1:$2 $3").trim()} UTC`) || 0;
}
