/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/** Makes a page of the book live: entry point of `live.js`. Cells can be changed and run; the kernel comes with the first run. */
import { watchCharts } from "./charts";
import { showProgress } from "./contents";
import { LivePage } from "./live-page";
import { reachable } from "./reachable";

watchCharts(document);
reachable(document);
const name = document.body.dataset.notebook;
if (name === undefined) showProgress();
else new LivePage(name);
