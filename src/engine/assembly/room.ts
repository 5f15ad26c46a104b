/** What a thread's products need for themselves, beside the matrices. */

/** The bytes of a row of sums, at most. */
const ZEROS: usize = 8 * 32;

/** Where as many zeros are as a row of sums has, which sums begin with. */
export let zeros: usize = 0;

/** Where parts of A and B are packed. */
export let room: usize = 0;

/** How many columns a tile has: 4 or 8. */
export let columns: i32 = 4;

/**
 * Says where products find it, and how wide their tiles are. Threads that work in one memory have a room each.
 *
 * @param address of 8 · (32 + 256 · (p + 4)) bytes, where p is the most columns of a C
 * @param wide whether tiles have eight columns: right where the compiler joins two vectors to one of four lanes, so that their
 *   sums are in registers; where it does not, four are right
 */
export function prepare(address: usize, wide: bool): void {
  zeros = address;
  memory.fill(address, 0, ZEROS);
  room = address + ZEROS;
  columns = wide ? 8 : 4;
}
