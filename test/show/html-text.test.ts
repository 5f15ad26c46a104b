import { expect, it } from "vitest";
import { Html, html } from "../../src/show/html-text";

it("text is escaped in elements, in attributes and in lists; HTML is taken as it is", () => {
  const text = `<b title="x">'&`;
  const escaped = "&lt;b title=&quot;x&quot;&gt;&#39;&amp;";
  expect(String(html`<p title="${text}">${text}</p>`)).toBe(`<p title="${escaped}">${escaped}</p>`);
  expect(String(html`${[text, html`<i>${text}</i>`]}`)).toBe(`${escaped}\n<i>${escaped}</i>`);
  expect(String(html`<p>${new Html("<br>")}${undefined}${3}</p>`)).toBe("<p><br>3</p>");
});
