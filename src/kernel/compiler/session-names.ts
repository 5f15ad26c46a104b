/**
 * What the compiler knows of the names of earlier cells: for each name one small file of declarations.
 *
 * A cell imports the files of the names that it mentions, and these import those of the names that they mention. So the
 * cost of a cell does not grow with the session. A name's value and its type are replaced separately.
 */
import ts from "typescript";
import { type DeclaredName, isAugmentation, keywordOf, mentionedByTypes } from "./names";

/** A name of the session. */
interface SessionName {
  /** Its declarations as a value, and as a type, which may come from different cells. A class stands in both. */
  value: string[];
  type: string[];
  /** Names that these mention, with the files that they are imported from. */
  needs: Map<string, string>;
  /** How it is declared, if it is a variable and nothing else. */
  keyword: "let" | "const" | undefined;
  ambient: boolean;
  /** How often it was declared as something that values belong to: a class or an enum. */
  version: number;
}

/** What a cell declares, ready to be kept. */
export interface CellDeclarations {
  own: ReadonlyMap<string, DeclaredName>;
  /** What TypeScript says that the cell declares; nothing if it can't be written. */
  text: string | undefined;
  /** The whole file that was compiled: of names that `text` does not have, it is their declaration. */
  file: string;
}

/** Files that are nowhere but in memory, by their paths. */
export class VirtualFiles {
  readonly #files = new Map<string, { text: string; version: number }>();
  #version = 0;

  put(path: string, text: string): void {
    if (this.#files.get(path)?.text !== text) this.#files.set(path, { text, version: ++this.#version });
  }

  get(path: string): { text: string; version: number } | undefined {
    return this.#files.get(path);
  }
}

/** The names that cells have declared so far. */
export class SessionNames {
  readonly #names = new Map<string, SessionName>();
  readonly #files: VirtualFiles;
  readonly #folder: string;
  #kept = 0;
  /** Files that add to what is known everywhere. */
  readonly augmentations: string[] = [];

  /** @param folder where the files are as it seems: a cell's relative imports mean the same there */
  constructor(files: VirtualFiles, folder: string) {
    this.#files = files;
    this.#folder = folder;
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  /** Whether a name has a value in the session. */
  isVariable(name: string): boolean {
    const known = this.#names.get(name);
    return known !== undefined && known.value.length > 0 && !known.ambient;
  }

  all(): Iterable<string> {
    return this.#names.keys();
  }

  /** How a name is declared, in a few words: `lr: number`. */
  describe(name: string): string {
    const [text = ""] = [...(this.#names.get(name)?.value ?? []), ...(this.#names.get(name)?.type ?? [])];
    return text
      .replace(/^\/\*[\s\S]*?\*\/\s*/, "")
      .replace(/^export (declare (let|const) )?(declare )?/, "")
      .replace(/;$/, "");
  }

  /**
   * The statement that brings a name into a cell.
   *
   * @param declared how the cell itself declares it: then only what it was beside that is brought
   * @param whole whether its documentation is wanted more than that it can be assigned to
   */
  bring(name: string, declared?: DeclaredName, whole = false): string {
    const { keyword, value, type } = this.#names.get(name)!;
    if (declared === undefined) {
      return keyword && !whole
        ? `declare ${keyword} ${name}: typeof import("./$${name}").${name};`
        : `import { ${name} } from "./$${name}";`;
    }
    if (declared.value === undefined && value.length > 0) {
      return `declare const ${name}: typeof import("./$${name}").${name};`;
    }
    if (!declared.type && type.length > 0 && isSeparate(value, type) && VARIABLES.has(declared.value ?? "")) {
      this.#files.put(this.#path(`$${name}!type`), this.#text(name, type));
      return `import { ${name} } from "./$${name}!type";`;
    }
    return "";
  }

  /**
   * Keeps what a cell declared.
   *
   * @param wanted whether a name shall be kept: not if the cell failed before it had a value
   * @returns the names whose declarations are others than before, with what these were
   */
  keep({ own, text, file }: CellDeclarations, wanted: (name: string) => boolean): Map<string, string> {
    const found = this.#parse(text ?? "");
    includeParts(found, own);
    const unwritten = [...own.keys()].filter((name) => wanted(name) && !found.has(name));
    if (unwritten.length > 0) {
      const home = `__cell_${++this.#kept}__`;
      this.#files.put(this.#path(home, "ts"), file);
      for (const name of unwritten) found.set(name, sourced(name, home));
    }
    const changed = new Map<string, string>();
    const kept = [...found].filter(([name]) => wanted(name));
    for (const [name, now] of kept) {
      const before = this.#names.get(name);
      const described = before && this.describe(name);
      const next = this.#replaced(before, now, own.get(name));
      if (described !== undefined && textOf(before!) !== textOf(next)) changed.set(name, described);
      this.#names.set(name, next);
    }
    for (const [name, { mentions, pins }] of kept) {
      const { needs } = this.#names.get(name)!;
      for (const mentioned of mentions) {
        if (mentioned !== name && this.#names.has(mentioned)) needs.set(mentioned, this.#fileOf(mentioned, pins));
      }
    }
    for (const [name] of kept) this.#write(name);
    return changed;
  }

  /** Replaces the declarations of functions that were checked again. Returns those that are others now. */
  rewrite(text: string): Map<string, string> {
    const found = this.#parse(text);
    const changed = new Map<string, string>();
    for (const [name, { value, mentions }] of found) {
      const known = this.#names.get(name);
      if (!known || known.value.join() === value.join() || known.value.some((one) => known.type.includes(one)))
        continue;
      changed.set(name, this.describe(name));
      known.value = value;
      for (const mentioned of mentions) {
        if (mentioned !== name && this.#names.has(mentioned))
          known.needs.set(mentioned, this.#fileOf(mentioned, false));
      }
      this.#write(name);
    }
    return changed;
  }

  /** What is declared anew replaces what the name was: as a value, as a type, or as both. */
  #replaced(before: SessionName | undefined, now: Declaration, declared: DeclaredName | undefined): SessionName {
    const isWhole = before !== undefined && !isSeparate(before.value, before.type);
    const old = isWhole ? { value: [], type: [] } : (before ?? { value: [], type: [] });
    const value = now.value.length > 0 ? now.value : old.value;
    const type = now.type.length > 0 ? now.type : old.type;
    const keyword = declared?.value ? KEYWORDS[declared.value] : now.value.length === 0 ? before?.keyword : undefined;
    return {
      value,
      type,
      needs: new Map(old === before ? before?.needs : []),
      keyword: type.length === 0 ? keyword : undefined,
      ambient: now.value.length > 0 ? declared?.ambient === true : (before?.ambient ?? false),
      version: (before?.version ?? 0) + (now.isNominal ? 1 : 0),
    };
  }

  /**
   * A class or an enum that is declared anew is another one. What belongs to the one before goes on to do so: its file
   * stays, and the name's own file leads to the newest.
   */
  #write(name: string): void {
    const { value, type, version } = this.#names.get(name)!;
    const texts = [...new Set([...value, ...type])];
    if (version > 0 && value.some((text) => type.includes(text))) {
      this.#files.put(this.#path(`$${name}@${version}`), this.#text(name, texts));
      this.#files.put(this.#path(`$${name}`), `export { ${name} } from "./$${name}@${version}";`);
    } else {
      this.#files.put(this.#path(`$${name}`), this.#text(name, texts));
    }
  }

  #text(name: string, declarations: readonly string[]): string {
    const { needs } = this.#names.get(name)!;
    const imports = [...needs].map(([needed, file]) => `import { ${needed} } from "./${file}";`);
    return [...imports, ...declarations, "export {};"].join("\n");
  }

  /** @param pinned whether the newest version now is meant for ever */
  #fileOf(name: string, pinned: boolean): string {
    const { version, value, type } = this.#names.get(name)!;
    return pinned && version > 0 && value.some((text) => type.includes(text)) ? `$${name}@${version}` : `$${name}`;
  }

  #path(file: string, extension = "d.ts"): string {
    return `${this.#folder}/${file}.${extension}`;
  }

  /** The declarations in a text of TypeScript's, by their names. */
  #parse(text: string): Map<string, Declaration> {
    const found = new Map<string, Declaration>();
    const add = (
      name: string,
      meaning: "value" | "type" | "both",
      declaration: string,
      node?: ts.Node,
      isNominal = false,
    ) => {
      const all = found.get(name) ?? { value: [], type: [], mentions: new Set(), pins: false, isNominal: false };
      found.set(name, all);
      if (meaning !== "type") all.value.push(declaration);
      if (meaning !== "value") all.type.push(declaration);
      if (node) for (const mentioned of mentionedByTypes(node)) all.mentions.add(mentioned);
      all.pins ||= isNominal || (node !== undefined && ts.isVariableDeclaration(node));
      all.isNominal ||= isNominal;
    };
    const file = ts.createSourceFile("cell.d.ts", text, ts.ScriptTarget.ESNext, true);
    for (const statement of file.statements) {
      const whole = statement.getText().replace(/^(export )?(default )?/, "export ");
      const comment = text.slice(statement.getFullStart(), statement.getStart()).trim();
      const documented = comment === "" ? whole : `${comment}\n${whole}`;
      if (ts.isVariableStatement(statement)) {
        const keyword = keywordOf(statement.declarationList) === "const" ? "const" : "let";
        for (const variable of statement.declarationList.declarations) {
          const { name } = variable as { name: ts.Node };
          const declaration = `${comment}\nexport declare ${keyword} ${variable.getText()};`.trim();
          if (ts.isIdentifier(name)) add(name.text, "value", declaration, variable);
        }
      } else if (ts.isImportDeclaration(statement)) {
        for (const [name, declaration] of importsIn(statement)) add(name, "both", declaration);
      } else if (ts.isModuleDeclaration(statement) && isAugmentation(statement)) {
        const path = this.#path(`__global_${this.augmentations.length + 1}__`);
        this.#files.put(path, `${statement.getText()}\nexport {};`);
        this.augmentations.push(path);
      } else if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) {
        add(statement.name.text, "type", documented, statement);
      } else if (ts.isFunctionDeclaration(statement) && statement.name) {
        add(statement.name.text, "value", documented, statement);
      } else if ((ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement)) && statement.name) {
        add(statement.name.text, "both", documented, statement, true);
      } else if (ts.isModuleDeclaration(statement)) {
        add(statement.name.text, "both", documented, statement);
      }
    }
    return found;
  }
}

/** Takes what TypeScript declares beside the cell's names (the value of a class that another `extends`) into those that need it. */
function includeParts(found: Map<string, Declaration>, own: ReadonlyMap<string, DeclaredName>): void {
  const parts = [...found].filter(([name]) => !own.has(name));
  for (const [part, { value, mentions }] of parts) {
    found.delete(part);
    for (const declaration of found.values()) {
      if (!declaration.mentions.has(part)) continue;
      const whole = (text: string) => [...value, text].join("\n");
      declaration.value = declaration.value.map(whole);
      declaration.type = declaration.type.map(whole);
      for (const mentioned of mentions) declaration.mentions.add(mentioned);
    }
  }
}

/** What TypeScript writes of a name. */
interface Declaration {
  value: string[];
  type: string[];
  mentions: Set<string>;
  /** Whether the classes that it mentions are meant as they are now: a value keeps its class, and a class what it extends. */
  pins: boolean;
  /** Whether values belong to it: it is a class or an enum. */
  isNominal: boolean;
}

const KEYWORDS: Readonly<Record<string, "let" | "const" | undefined>> = { let: "let", var: "let", const: "const" };

/** What may stand beside a type of the same name that comes from somewhere else. */
const VARIABLES = new Set(["let", "const", "var", "function"]);

/** The declaration of a name that is as it is in a cell's own text. */
function sourced(name: string, home: string): Declaration {
  const text = `export { ${name} } from "./${home}";`;
  return { value: [text], type: [text], mentions: new Set(), pins: false, isNominal: false };
}

function importsIn(node: ts.ImportDeclaration): [name: string, declaration: string][] {
  const from = node.moduleSpecifier.getText();
  // Names of earlier cells are found by what they are mentioned in.
  if (/^["']\.\/\$/.test(from) || !node.importClause) return [];
  const { name, namedBindings } = node.importClause;
  const brought = (as: string, what: string): [string, string] => [
    as,
    `import ${what} from ${from}; export { ${as} };`,
  ];
  const all = name ? [brought(name.text, name.text)] : [];
  if (!namedBindings) return all;
  if (ts.isNamespaceImport(namedBindings)) return [...all, brought(namedBindings.name.text, namedBindings.getText())];
  return [...all, ...namedBindings.elements.map((one) => brought(one.name.text, `{ ${one.getText()} }`))];
}

/** Whether no declaration is both a value and a type. */
function isSeparate(value: readonly string[], type: readonly string[]): boolean {
  return !value.some((text) => type.includes(text));
}

function textOf({ value, type }: SessionName): string {
  return [...value, ...type].join("\n");
}
