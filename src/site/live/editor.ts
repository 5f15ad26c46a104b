/// <reference lib="dom" />
/** The editor of cells: entry point of `editor.js`, which a page loads when somebody wants to change something. */
import { autocompletion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { javascript } from "@codemirror/lang-javascript";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { Prec } from "@codemirror/state";
import { keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { basicSetup, EditorView } from "codemirror";

/** What an editor is made of. */
export interface EditorParts {
  text: string;
  /** What it is called, for those who listen. */
  label: string;
  changed(text: string): void;
  run(): void;
  /** Leaves it by the keyboard. */
  leave(): void;
  /** The names that fit at a position: nothing if the kernel isn't there. */
  complete(text: string, position: number): Promise<{ from: number; names: string[] } | undefined>;
}

/** An editor in a page. */
export interface Editor {
  element: HTMLElement;
  focus(): void;
  setText(text: string): void;
}

/** The colours that the book's style sheet gives to code, in light and in dark. */
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword], color: "var(--keyword)" },
  { tag: [tags.string, tags.regexp, tags.special(tags.string)], color: "var(--string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--number)" },
  { tag: [tags.typeName, tags.className, tags.function(tags.variableName)], color: "var(--name)" },
  { tag: tags.comment, color: "var(--comment)" },
]);

const theme = EditorView.theme({
  "&": { backgroundColor: "var(--shade)", color: "var(--ink)", fontSize: "inherit" },
  ".cm-content": { caretColor: "var(--ink)", fontFamily: "inherit" },
  ".cm-scroller": { fontFamily: "inherit", overflow: "auto" },
  ".cm-gutters": { backgroundColor: "var(--shade)", color: "var(--quiet)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-tooltip": { backgroundColor: "var(--ground)", color: "var(--ink)", border: "1px solid var(--line)" },
});

/** What CodeMirror wants to know of an action: that nothing else is to be done. */
function handled(action: () => void): () => true {
  return () => {
    action();
    return true;
  };
}

function createEditor({ text, label, changed, run, leave, complete }: EditorParts): Editor {
  const names = async ({ state, pos, explicit }: CompletionContext): Promise<CompletionResult | null> => {
    const before = state.sliceDoc(Math.max(0, pos - 1), pos);
    if (!explicit && !/[\w$.]/.test(before)) return null;
    const found = await complete(state.doc.toString(), pos);
    return found ? { from: found.from, options: found.names.map((label) => ({ label })), validFor: /^[\w$]*$/ } : null;
  };
  const keys = [
    { key: "Shift-Enter", run: handled(run) },
    { key: "Mod-Enter", run: handled(run) },
    { key: "Escape", run: handled(leave) },
  ];
  const view = new EditorView({
    doc: text,
    extensions: [
      Prec.high(keymap.of(keys)),
      basicSetup,
      javascript({ typescript: true }),
      autocompletion({ override: [names] }),
      syntaxHighlighting(colours),
      theme,
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": label }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) changed(update.state.doc.toString());
      }),
    ],
  });
  return {
    element: view.dom,
    focus: () => view.focus(),
    setText: (next) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } }),
  };
}

Object.assign(globalThis, { createEditor });

/** What `editor.js` leaves behind. */
export type CreateEditor = typeof createEditor;
