/**
 * The project's commands. Each is an entry here and a script of the same name in package.json, `node src/setup/start.mjs NAME`. Its
 * help, the refusal of what it does not know, and the list of `npm run help` are made from the entry.
 *
 * @typedef {object} Option
 * @property {string} does what it does, in half a sentence
 * @property {string} [value] what it takes, as the help calls it: FILE. One without a value is a switch
 * @property {string} [short] its name in one letter
 * @property {boolean} [required]
 * @property {boolean} [passedOn] the program behind the command gets it as it stands
 *
 * @typedef {object} Command
 * @property {"learn" | "teach" | "change"} to what people use it for
 * @property {string} does one sentence
 * @property {string} [module] from the project's root; its `main(given, project)` resolves to the exit code. Without one, the
 *   command is done when the project is set up
 * @property {"nothing" | "any kernel"} [needs] nothing that is installed, or a kernel that may be out of date; a whole set-up when left out
 * @property {{ name: string, does: string, least?: number, most?: number }} [takes] what stands there without an option's name
 * @property {Record<string, Option>} [options]
 * @property {{ program: string, also?: RegExp }} [passesOn] whom everything after another `--` is for, and options of such names
 * @property {string} [note] how its help ends
 * @property {string | ((given: Given) => string)} next what to do when it has done its work
 *
 * @typedef {object} Given what a command is given
 * @property {Record<string, any>} values by the options' names: a string, true, or undefined
 * @property {string[]} positionals what stands there without an option's name
 * @property {string[]} rest what is passed on
 */

const secret = {
  value: "FILE",
  does: "the file with your secret seed; ~/.backprop-by-hand-secret when left out, and made when it is not there",
};

/** @type {Record<string, Command>} */
export const commands = {
  lab: {
    to: "learn",
    does: "Opens JupyterLab on the notebooks.",
    module: "src/setup/lab.mjs",
    options: {
      fresh: {
        does: "open notebooks of your own, in my-notebooks/: copies without outputs, so that nothing is given away",
      },
      port: {
        value: "N",
        does: "the port to listen on; the first free one from 8888 on when left out",
        passedOn: true,
      },
      ip: { value: "ADDRESS", does: "the address to listen on; this machine alone when left out", passedOn: true },
      "no-browser": { does: "open no browser, only print the address", passedOn: true },
    },
    passesOn: { program: "jupyter lab", also: /\./ },
    note: "Jupyter's own settings, which have a dot in their names, are passed on: --ServerApp.token=mine.",
    next: "npm run lab opens it again. npm run help lists what else there is.",
  },
  setup: {
    to: "learn",
    does: "Installs what the project needs into its own folder; every command does this first where something is missing.",
    next: "npm run lab opens the notebooks, npm test checks that all is well.",
  },
  mnist: {
    to: "learn",
    does: "Fetches the 70,000 digits of MNIST, 12 MB, for loadMnist().",
    module: "src/setup/mnist.mjs",
    needs: "nothing",
    next: "loadMnist() in a notebook finds them now; notebook 06 trains on them.",
  },
  site: {
    to: "learn",
    does: "Makes the browser edition, a folder for any web server: the notebooks as pages whose cells run, and JupyterLite.",
    module: "src/site/main.mjs",
    takes: { name: "NOTEBOOK", does: "what the book is made of; the tutorial when left out" },
    options: {
      out: { value: "DIR", does: "where the pages go; .build/site when left out" },
      assignments: { does: "have the students' assignments in it, too" },
    },
    note: "Opened as files, the pages can be read, with live charts; a browser runs cells only of pages that a web server hands out.",
    next: ({ values }) =>
      `open ${values.out ?? ".build/site"}/index.html in a browser to read it; to run cells, put the folder on any web server, such as python3 -m http.server --directory ${values.out ?? ".build/site"} --bind 127.0.0.1.`,
  },
  "check-notes": {
    to: "learn",
    does: "Checks the formulas in your notes: each is run on random numbers, and marked as true or false, with the reason.",
    module: "src/course/check-notes-command.mjs",
    takes: { name: "FILE", does: "Markdown with formulas between dollar signs, or a notebook", least: 1, most: 1 },
    options: { after: { value: "FILE", does: "notes that come before, whose definitions hold as well" } },
    next: 'docs/notes.md says what is read; checkNotes("FILE") in a notebook shows the same with typeset formulas.',
  },
  release: {
    to: "teach",
    does: "Makes the students' assignments, and a zip for them, from the notebooks with the solutions.",
    module: "src/site/release-command.mjs",
    options: { site: { does: "make the browser edition with the assignments, too, in .build/site" } },
    next: "hand out the zip; npm run grade grades what comes back. notebooks/instructor/README.md has the whole way.",
  },
  grade: {
    to: "teach",
    does: "Grades a class's submissions, with each student's code in a sandbox and feedback that names the mistake.",
    module: "src/course/grade-command.mjs",
    needs: "any kernel",
    takes: {
      name: "SUBMISSIONS",
      does: "a folder of notebooks, one a student, or of folders; or a zip as Moodle, Canvas and Gradescope give it out. With --merge, the shards' --out folders may follow",
      least: 1,
    },
    options: {
      out: { value: "DIR", does: "where the grades and the feedback go", required: true },
      marks: {
        value: "FILE",
        does: "a table (CSV) of your marks for written answers, or in place of the checks'; made when it is not there",
      },
      deadlines: {
        value: "FILE",
        does: "a table (CSV) of deadlines, extensions and late submissions; made when it is not there",
      },
      secret,
      jobs: {
        value: "N",
        does: "how many submissions are graded at the same time; one for each processor when left out",
      },
      readable: { does: "others on this machine may read the results; without it they are for you alone" },
      unsafe: { does: "grade also where students' code cannot be kept apart from this machine" },
      shard: { value: "i/n", does: "grade the i-th of n parts of the class only, for --merge" },
      merge: { does: "write the grades of a class that was graded in shards" },
    },
    next: ({ values }) =>
      values.shard === undefined
        ? `read ${values.out}/summary.html. The same command, after you have filled in marks or deadlines, grades nothing twice.`
        : "the same command with --merge in place of --shard, when all shards are there.",
  },
  gradescope: {
    to: "teach",
    does: "Makes the same grader for Gradescope: the autograder's zip.",
    module: "src/course/gradescope-command.mjs",
    needs: "any kernel",
    takes: { name: "ASSIGNMENT", does: "which ones it grades, like forward-pass; all of them when left out" },
    options: { secret },
    next: "upload the zip as the assignment's autograder; notebooks/instructor/README.md says how.",
  },
  study: {
    to: "teach",
    does: "Scores a class's pre-test and post-test.",
    module: "src/course/study-command.mjs",
    takes: {
      name: "ANSWERS.csv",
      does: "a table with the columns student, test (pre or post), q1 … q10 (a, b, c, d or empty)",
      least: 1,
      most: 1,
    },
    options: { out: { value: "FILE", does: "where the results go, a row a student" } },
    next: ({ values }) =>
      values.out === undefined
        ? "with --out FILE you get a table of the results, a row a student."
        : `${values.out} has each student's scores and gain.`,
  },
  hub: {
    to: "teach",
    does: "Holds a class on a real JupyterHub on this machine (Linux), and says how it fared.",
    module: "test/hub/run.mjs",
    options: {
      install: { does: "only install the JupyterHub, into test/hub" },
      learners: { value: "1,5,30", does: "the sizes of the classes, one after the other; 30 when left out" },
      minutes: { value: "M", does: "how long each class works; 1 when left out" },
      memory: { value: "1G", does: "how much each learner may take; 1G when left out" },
      json: { value: "FILE", does: "where all figures go" },
    },
    next: ({ values }) =>
      values.install
        ? "npm run hub -- --learners 5 holds a class; npm test -- test/hub/classroom.test.ts tests with it."
        : "notebooks/instructor/README.md says what a class needs.",
  },
  test: {
    to: "change",
    does: "Tests the project: lint, types and the quick tests; with --all everything; with FILE that file alone.",
    module: "test/run/main.mjs",
    needs: "any kernel",
    takes: { name: "FILE", does: "a file of tests to run alone, slow tests and all, such as test/verify.test.ts" },
    options: {
      all: { does: "run the slow tests, too, and the maths on newer Nodes" },
      testNamePattern: {
        value: "WORDS",
        short: "t",
        does: "only the tests whose names have these words",
        passedOn: true,
      },
    },
    passesOn: { program: "vitest run" },
    // What was left out and what failed stand before the last line, which has the numbers.
    next: "",
  },
  notebooks: {
    to: "change",
    does: "Puts the code of src under its equations and executes the tutorial's notebooks.",
    module: "src/setup/notebooks.mjs",
    takes: { name: "NOTEBOOK", does: "the ones to execute; notebooks/0*.ipynb when left out" },
    options: {
      out: { value: "DIR", does: "write the executed copies there, not in place", passedOn: true },
      timeout: { value: "S", does: "for each cell, in seconds; 300 when left out", passedOn: true },
    },
    next: ({ values }) =>
      values.out === undefined
        ? "git diff notebooks shows what has changed; commit it."
        : `the executed copies are in ${values.out}.`,
  },
  bench: {
    to: "change",
    does: "Measures training steps, kernels, notebooks and learning, beside NumPy, PyTorch and others.",
    module: "test/bench/run.mjs",
    options: {
      only: { value: "PARTS", does: "some of steps,sweeps,kernels,notebooks,learning; all when left out" },
      quick: { does: "one short round" },
      "no-peers": { does: "this project alone, without installing others into test/bench" },
      json: { value: "FILE", does: "where all figures go" },
      publish: { value: "FILE", does: "measure nothing; have the project's texts say what is in FILE" },
    },
    next: ({ values }) => {
      if (values.publish !== undefined) return "git diff shows what has changed; commit it.";
      if (values.json !== undefined) return `npm run bench -- --publish ${values.json} has the project's texts say so.`;
      return "with --json FILE you get all figures, which --publish FILE puts into the project's texts.";
    },
  },
  mutation: {
    to: "change",
    does: "Breaks the maths in some 970 small ways (Stryker), each of which the tests have to notice.",
    module: "test/mutation/run.mjs",
    needs: "any kernel",
    options: { mutate: { value: "FILES", does: "only these, such as src/backward.ts", passedOn: true } },
    passesOn: { program: "stryker run" },
    next: "test/mutation/equivalent.md has the changes that change nothing, and why.",
  },
  lint: {
    to: "change",
    does: "Checks lint and format (Biome).",
    module: "src/setup/tools.mjs",
    needs: "any kernel",
    passesOn: { program: "biome check" },
    next: "npm run typecheck, and npm test.",
  },
  format: {
    to: "change",
    does: "Formats what is written, and mends what lint can mend.",
    module: "src/setup/tools.mjs",
    needs: "any kernel",
    passesOn: { program: "biome check --write" },
    next: "git diff shows what has changed.",
  },
  typecheck: {
    to: "change",
    does: "Checks the types (TypeScript).",
    module: "src/setup/tools.mjs",
    needs: "any kernel",
    passesOn: { program: "tsc --noEmit" },
    next: "npm test.",
  },
  help: {
    to: "learn",
    does: "Lists the commands.",
    needs: "nothing",
    next: "npm run NAME -- --help says more of one.",
  },
};
