/** The products: a module of its own, because V8 makes four lanes of two in at most 32 functions. */
export { multiply, multiplyColumns } from "./multiply";
export { prepare } from "./room";
export { multiplySparse } from "./sparse";
