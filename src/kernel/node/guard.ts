/**
 * Running learners' code so that a signal stops it.
 *
 * A script that is started with `breakOnSigint` is ended by SIGINT with an exception, which can be caught here, with all
 * of Node's state in order. (`Runtime.terminateExecution` can't be caught: where it passes through Node's own JavaScript,
 * a timer's say, it takes the process down.) tslab starts a cell in that way; what goes on in promises and timers after
 * the cell's first `await` needs it too.
 */
import { executionAsyncId } from "node:async_hooks";
import { Script } from "node:vm";

const KEY = Symbol.for("backprop.kernel.guarded");
const call = new Script("globalThis[Symbol.for('backprop.kernel.guarded')]()");
const guarded = globalThis as unknown as { [KEY]: () => unknown };

/** What a script throws that was started with `breakOnSigint` and is terminated by other means. */
export const TERMINATED = null;

/** Whether `error` is what a script that was stopped by SIGINT throws. */
export function isSigint(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === "ERR_SCRIPT_EXECUTION_INTERRUPTED";
}

/**
 * Runs `action`.
 *
 * @throws what `action` throws, or an {@link isSigint interruption} if SIGINT stopped it, or {@link TERMINATED}
 */
export function guard<Result>(action: () => Result): Result {
  const outer = guarded[KEY];
  const context = executionAsyncId();
  guarded[KEY] = action;
  try {
    return call.runInThisContext({ breakOnSigint: true }) as Result;
  } catch (error) {
    if ((isSigint(error) || error === TERMINATED) && executionAsyncId() !== context) emptyContextStack(error);
    throw error;
  } finally {
    guarded[KEY] = outer;
  }
}

/**
 * Where a signal stopped Node's own JavaScript between two callbacks, Node has noted that it entered one, and not that it
 * left; it would end the process when it notices. What it does after an uncaught exception puts that right.
 */
function emptyContextStack(error: unknown): void {
  (process as unknown as { _fatalException(error: unknown): void })._fatalException(error);
}

/**
 * Runs `action`, and then all reactions to promises that are due, which Node would run outside of the script. Not for
 * use in such a reaction, or in a callback of `process.nextTick`.
 *
 * @throws like {@link guard}
 */
export function guardWithReactions<Result>(action: () => Result): Result {
  return guard(() => {
    const result = action();
    (process as unknown as { _tickCallback(): void })._tickCallback();
    return result;
  });
}
