/** Everything but the products. */
export {
  columnSums,
  greater,
  hadamard,
  isFinite,
  maximum,
  minus,
  minusColumn,
  overColumn,
  plus,
  plusRow,
  rowMaxima,
  rowSums,
  scale,
  sumOfSquares,
  zeros,
} from "./entries";
export { exp } from "./exp";
export { listNonzeros, transposeSparse } from "./lists";
