/** A filter of system calls: a student's process may start threads, which Node needs, and no other process. */

const LOAD = 0x20;
const JUMP_IF_EQUAL = 0x15;
const JUMP_IF_AT_LEAST = 0x35;
const JUMP_IF_SET = 0x45;
const RETURN = 0x06;
const ALLOW = 0x7fff0000;
const DENY = 0x00050000 | 1; // EPERM
const NOT_KNOWN = 0x00050000 | 38; // ENOSYS, after which the C library takes the older call
const KILL = 0x80000000;
const CLONE_THREAD = 0x00010000;
const CLONE3 = 435;
/** Can open connections in place of the calls that do so otherwise. */
const IO_URING_SETUP = 425;

/** The numbers that differ between machines. */
const machines: Partial<Record<string, { audit: number; clone: number; forks: number[]; socket: number }>> = {
  x64: { audit: 0xc000003e, clone: 56, forks: [57, 58], socket: 41 },
  arm64: { audit: 0xc00000b7, clone: 220, forks: [], socket: 198 },
};

/**
 * The filter as the kernel reads it (classic BPF), for bubblewrap's `--seccomp`.
 *
 * @param sockets whether sockets may be opened; needless to forbid where there is no network
 * @returns nothing on machines whose numbers are not known here
 */
export function noNewProcesses(arch: string, { sockets = true } = {}): Buffer | undefined {
  const machine = machines[arch];
  if (machine === undefined) return undefined;
  const { audit, clone, forks, socket } = machine;
  const denied = sockets ? forks : [...forks, socket, IO_URING_SETUP];
  const program: [code: number, yes: number, no: number, k: number][] = [
    [LOAD, 0, 0, 4],
    [JUMP_IF_EQUAL, 1, 0, audit],
    [RETURN, 0, 0, KILL],
    [LOAD, 0, 0, 0],
    [JUMP_IF_AT_LEAST, 0, 1, 0x40000000],
    [RETURN, 0, 0, DENY],
    [JUMP_IF_EQUAL, 0, 1, CLONE3],
    [RETURN, 0, 0, NOT_KNOWN],
    ...denied.flatMap((call): [number, number, number, number][] => [
      [JUMP_IF_EQUAL, 0, 1, call],
      [RETURN, 0, 0, DENY],
    ]),
    [JUMP_IF_EQUAL, 1, 0, clone],
    [RETURN, 0, 0, ALLOW],
    // The flags are clone's first argument; their lower half comes first on both machines.
    [LOAD, 0, 0, 16],
    [JUMP_IF_SET, 0, 1, CLONE_THREAD],
    [RETURN, 0, 0, ALLOW],
    [RETURN, 0, 0, DENY],
  ];
  const bytes = Buffer.alloc(program.length * 8);
  for (const [at, [code, yes, no, k]] of program.entries()) {
    bytes.writeUInt16LE(code, at * 8);
    bytes.writeUInt8(yes, at * 8 + 2);
    bytes.writeUInt8(no, at * 8 + 3);
    bytes.writeUInt32LE(k, at * 8 + 4);
  }
  return bytes;
}
