/** Whether a text can be read: the contrast of WCAG, 1 for the same colour, 21 for black on white. */

/** @param a one colour's luminance, 0 for black and 1 for white */
export function contrast(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** The contrast of an element's text with what lies behind it. Runs in the page, so it can't call anything from here. */
export function shownContrast(element: Element): number {
  const parse = (colour: string) => {
    const [r, g, b, a = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
    return { rgb: [r, g, b], a };
  };
  const over = (top: { rgb: number[]; a: number }, below: number[]) =>
    top.rgb.map((value, k) => top.a * value + (1 - top.a) * below[k]);
  const layers: { rgb: number[]; a: number }[] = [];
  for (let e: Element | null = element; e; e = e.parentElement) layers.push(parse(getComputedStyle(e).backgroundColor));
  const ground = layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
  const ink = over(parse(getComputedStyle(element).color), ground);
  const luminance = (rgb: number[]) => {
    const [r, g, b] = rgb.map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [a, b] = [luminance(ink), luminance(ground)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
