/** What output.ts makes images with, in a page. */
export { Buffer } from "buffer";
