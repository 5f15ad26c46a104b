/** Names as vega can have them: any text a learner may think of, in titles, legends and tooltips. */

/** Vega looks some names up in objects, where every object has properties of its own; a hair space makes them others. */
export function label(name: string): string {
  return name in {} ? `${name}\u200a` : name;
}

/**
 * A name as a tooltip can have it: Vega-Lite makes it the key of an object without looking at what is in it.
 */
export function tooltipTitle(name: string): string {
  if (name.trim() === "") return "\u200a";
  return label(name).replaceAll('"', "”").replaceAll("\\", "⧵").replaceAll("\n", " ");
}
