/**
 * Something that the person at the keyboard can mend. Its message is one sentence that says what is wrong and what
 * to do, and is all that is shown of it.
 */
export class Problem extends Error {}
