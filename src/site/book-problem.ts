/** Something wrong with a notebook that its author can mend. The message is one sentence, and is all that is shown of it. */
export class BookProblem extends Error {}
