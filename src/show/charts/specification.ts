/** Charts of a learner's own: any Vega-Lite 5 specification, with the theme, an image and a line of text. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { ErrorObject, ValidateFunction } from "ajv";
import { kindOf } from "../../matrix";
import { Chart, type Part } from "./chart";
import { evenly } from "./snapshots";

/** The kernel, the tests and the commands all start at the project's root. */
const ROOT = process.cwd();

/** A notebook should not hold more of one chart's data. */
const MOST_LETTERS = 400_000;

/**
 * Any Vega-Lite 5 specification as a chart: in the theme of all others, with an image for places that draw no Vega-Lite, and with
 * a line of text. Data are given with it, as `data: { values: [{ x: 1, y: 2 }, …] }`; of very many rows, some are drawn, and that is told.
 *
 * @param spec a specification; its `title` becomes the heading, its `description` the text
 * @throws if it is not a specification that JupyterLab's Vega-Lite draws; the message says where:
 *   `chart: spec.mark is "curve"; expected one of "arc", "area", …`
 */
export function chart(spec: object): Chart {
  if (typeof spec !== "object" || spec === null || Array.isArray(spec)) {
    throw new TypeError(`chart: spec is ${kindOf(spec)}; expected a Vega-Lite specification, an object`);
  }
  const own = JSON.parse(JSON.stringify(spec)) as Part;
  check(own);
  const { title, description, $schema: _, ...rest } = own;
  const { data, note } = withFewerRows(rest.data as Part | undefined);
  const heading = typeof title === "string" ? title : ((title as Part | undefined)?.text as string | undefined);
  const words = typeof description === "string" ? description : inWords(own);
  return new Chart({
    title: heading ?? "A chart of one’s own",
    subtitle: note ?? ((title as Part | undefined)?.subtitle as string | undefined),
    description: [words.replace(/[^.!?]$/, "$&."), ...(note ? [note] : [])].join(" "),
    spec: { ...rest, ...(data && { data }) },
    exact: true,
  });
}

/** Leaves out rows, evenly, until the rest is small enough. */
function withFewerRows(data: Part | undefined): { data?: Part; note?: string } {
  const values = data?.values;
  const size = JSON.stringify(data ?? null).length;
  if (size <= MOST_LETTERS && !(Array.isArray(values) && values.length > 5000)) return { data };
  if (!Array.isArray(values)) {
    throw new RangeError(
      `chart: spec.data has ${size} letters; expected at most ${MOST_LETTERS}, so that the notebook stays small`,
    );
  }
  const kept = evenly(values, Math.min(5000, Math.floor((values.length * MOST_LETTERS) / size)));
  return { data: { ...data, values: kept }, note: `${kept.length} of ${values.length} rows are drawn, evenly chosen.` };
}

/** What a specification says of itself: its marks, its fields and how many rows there are. */
function inWords(spec: Part): string {
  const marks = new Set<string>();
  const fields = new Set<string>();
  const visit = (value: unknown, key: string): void => {
    if (key === "mark") marks.add(typeof value === "string" ? value : String((value as Part).type));
    if (key === "field" && typeof value === "string") fields.add(value);
    if (typeof value !== "object" || value === null || key === "values" || key === "transform") return;
    for (const [name, entry] of Object.entries(value)) visit(entry, name);
  };
  visit(spec, "");
  const values = (spec.data as Part | undefined)?.values;
  const rows = Array.isArray(values) ? ` ${values.length} ${values.length === 1 ? "row" : "rows"}.` : "";
  const of = fields.size > 0 ? ` of ${[...fields].join(", ")}` : "";
  return `Drawn as ${[...marks].join(" and ") || "nothing"}${of}.${rows}`;
}

/** Checks a specification by Vega-Lite's own schema, by the part of it that fits what the specification is. */
function check(spec: Part): void {
  const url = /"url":"([^"]*)"/.exec(JSON.stringify({ data: spec.data, layer: spec.layer }))?.[1];
  if (url !== undefined) {
    throw new RangeError(`chart: spec.data.url is "${url}"; nothing is loaded here, expected data: { values: […] }`);
  }
  const kinds = {
    layer: "Layer",
    hconcat: "HConcat",
    vconcat: "VConcat",
    concat: "Concat",
    repeat: "Repeat",
    facet: "Facet",
  };
  const kind = Object.entries(kinds).find(([key]) => key in spec)?.[1] ?? "Unit";
  const validate = validator(`TopLevel${kind}Spec`);
  if (validate(spec)) return;
  throw new RangeError(`chart: ${complaint(validate.errors ?? [], spec)}`);
}

const validators = new Map<string, ValidateFunction>();

/** Loaded at first use: the schema has two million letters. */
function validator(name: string): ValidateFunction {
  const known = validators.get(name);
  if (known !== undefined) return known;
  const require = createRequire(join(ROOT, "package.json"));
  const { default: Ajv }: typeof import("ajv") = require("ajv");
  const { definitions } = JSON.parse(readFileSync(require.resolve("vega-lite/build/vega-lite-schema.json"), "utf8"));
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true, verbose: true });
  const made = ajv.compile({ definitions, $ref: `#/definitions/${name}` });
  validators.set(name, made);
  return made;
}

/**
 * What is wrong, in a sentence. Where a value may be one of several things, the schema complains of each; what the reader meant is
 * most likely where the complaints are deepest.
 */
function complaint(errors: readonly ErrorObject[], spec: Part): string {
  const depth = ({ instancePath }: ErrorObject) => instancePath.split("/").length;
  const concrete = errors.filter(
    (error) => !["anyOf", "oneOf", "if", "$ref"].includes(error.keyword) && !isKnownElsewhere(error, errors),
  );
  const deepest = Math.max(...concrete.map(depth));
  const there = concrete.filter((error) => depth(error) === deepest);
  const at = there.filter(({ instancePath }) => instancePath === there[0].instancePath);
  const path = `spec${there[0].instancePath
    .split("/")
    .slice(1)
    .map((key) => (/^\d+$/.test(key) ? `[${key}]` : `.${key.replaceAll("~1", "/").replaceAll("~0", "~")}`))
    .join("")}`;
  // a property is unknown if none of the alternatives knows it
  const unknown = at.filter(({ keyword }) => keyword === "additionalProperties");
  const counts = new Map<string, number>();
  for (const { params } of unknown)
    counts.set(params.additionalProperty, (counts.get(params.additionalProperty) ?? 0) + 1);
  const property = [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
  const missing = at.find(({ keyword }) => keyword === "required")?.params.missingProperty;
  if (property !== undefined) {
    const known = new Set(unknown.flatMap(({ parentSchema }) => Object.keys(parentSchema?.properties ?? {})));
    return `${path} has the property "${property}", which Vega-Lite does not know there; expected ${listed([...known])}`;
  }
  const allowed = at.flatMap(({ keyword, params }) =>
    keyword === "enum" ? params.allowedValues : keyword === "const" ? [params.allowedValue] : [],
  );
  const types = at.flatMap(({ keyword, params }) => (keyword === "type" ? [params.type].flat() : []));
  const value = at[0].instancePath
    .split("/")
    .slice(1)
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key.replaceAll("~1", "/")], spec);
  const got = typeof value === "object" ? kindOf(value) : JSON.stringify(value);
  if (allowed.length > 0) {
    const quoted = [...new Set(allowed.map((choice) => JSON.stringify(choice)))];
    return `${path} is ${got}; expected one of ${quoted.slice(0, 20).join(", ")}${quoted.length > 20 ? ", …" : ""}`;
  }
  if (missing !== undefined) return `${path} has no "${missing}"; expected one`;
  if (types.length > 0) return `${path} is ${got}; expected ${[...new Set(types)].join(" or ")}`;
  return `${path} ${at[0].message ?? "is not what Vega-Lite expects"}`;
}

/** Whether a value is right in another of the alternatives, which complains of something beside it. */
function isKnownElsewhere({ keyword, instancePath }: ErrorObject, errors: readonly ErrorObject[]): boolean {
  if (keyword !== "enum" && keyword !== "const") return false;
  const cut = instancePath.lastIndexOf("/");
  const [parent, key] = [instancePath.slice(0, cut), instancePath.slice(cut + 1)];
  return errors.some((other) => {
    if (other.instancePath !== parent || other.keyword !== "additionalProperties") return false;
    const definition: string | undefined = other.parentSchema?.properties?.[key]?.$ref;
    return (
      definition !== undefined &&
      !errors.some(
        ({ instancePath: path, schemaPath }) => path === instancePath && schemaPath.startsWith(`${definition}/`),
      )
    );
  });
}

function listed(names: readonly string[]): string {
  const some = names.slice(0, 12).join(", ");
  return names.length > 12 ? `${some}, …` : some;
}
