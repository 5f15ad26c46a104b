/** A notebook in JupyterLab, worked with as a person does: by menus, buttons and keys. */
import type { ElementHandle, Page } from "playwright-core";

/** Enough for the slowest of machines. */
const PATIENCE = { timeout: 120_000 };

/** The little of JupyterLab's own objects that is needed to know when something has happened, and where a cell is. */
interface Lab {
  restored: Promise<void>;
  commands: { execute(command: string, args?: object): Promise<unknown> };
  shell: { currentWidget: Panel };
}

interface Panel {
  id: string;
  revealed: Promise<void>;
  context: {
    path: string;
    ready: Promise<void>;
    model: { dirty: boolean };
    save(): Promise<void>;
    sessionContext: {
      ready: Promise<void>;
      session: { kernel: { status: string } } | null;
      shutdown(): Promise<void>;
    };
  };
  content: {
    model: { cells: Iterable<{ type: string; executionCount: number | null; sharedModel: { source: string } }> };
    widgets: { node: HTMLElement }[];
    activeCellIndex: number;
    mode: "edit" | "command";
    scrollToItem(index: number, align?: string): Promise<void>;
  };
}

declare global {
  interface Window {
    jupyterapp: Lab;
  }
}

/** The tab of one notebook. */
export class NotebookTab {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  /** Opens a notebook and waits for its kernel. */
  static async open(page: Page, name: string): Promise<NotebookTab> {
    await page.evaluate(
      (path) => window.jupyterapp.commands.execute("docmanager:open", { path }).then(() => {}),
      `notebooks/${name}`,
    );
    const tab = await NotebookTab.inFront(page, name);
    await page.evaluate(async () => {
      const { context, revealed } = window.jupyterapp.shell.currentWidget;
      await Promise.all([context.ready, context.sessionContext.ready, revealed]);
    });
    await page.waitForFunction(idle, undefined, PATIENCE);
    return tab;
  }

  /** The tab that is in front, such as the one that a link has opened. */
  static async inFront(page: Page, name: string): Promise<NotebookTab> {
    await page.waitForFunction(
      (path) => window.jupyterapp.shell.currentWidget?.context?.path === path,
      `notebooks/${name}`,
      PATIENCE,
    );
    return new NotebookTab(page);
  }

  /** *Kernel → Restart Kernel and Run All Cells…*, until the last cell has run. */
  async restartAndRunAll(): Promise<void> {
    await this.menu("Kernel", "Restart Kernel and Run All Cells…");
    await this.#page.locator(".jp-Dialog button", { hasText: "Restart" }).click();
    await this.#page.waitForFunction(
      () => {
        const { content, context } = window.jupyterapp.shell.currentWidget;
        const counts = [...content.model.cells]
          .filter(({ type }) => type === "code")
          .map((cell) => cell.executionCount);
        const status = context.sessionContext.session?.kernel.status;
        return status === "idle" && counts.every((count, k) => count === k + 1);
      },
      undefined,
      PATIENCE,
    );
  }

  /** Chooses an item of a menu. */
  async menu(...items: string[]): Promise<void> {
    const [first, ...rest] = items;
    await this.#page.locator(".lm-MenuBar-itemLabel", { hasText: new RegExp(`^${first}$`) }).click();
    for (const item of rest) await this.#page.locator(".lm-Menu-itemLabel", { hasText: item }).first().click();
  }

  /** Saves the notebook to its file. */
  async save(): Promise<void> {
    await this.menu("File", "Save Notebook");
    await this.#page.waitForFunction(() => !window.jupyterapp.shell.currentWidget.context.model.dirty);
  }

  /** A cell, scrolled into view. */
  async cell(index: number): Promise<ElementHandle<HTMLElement>> {
    return this.#page.evaluateHandle(async (k) => {
      const { content } = window.jupyterapp.shell.currentWidget;
      await content.scrollToItem(k, "center");
      const { node } = content.widgets[k];
      node.scrollIntoView({ block: "center" });
      return node;
    }, index);
  }

  /** Writes a cell anew and runs it with Shift-Enter, without waiting for its end. */
  async type(index: number, source: string): Promise<void> {
    const cell = await this.cell(index);
    await (await cell.waitForSelector(".cm-content")).click();
    await this.#page.keyboard.press("ControlOrMeta+A");
    await this.#page.keyboard.insertText(source);
    await this.#page.keyboard.press("Shift+Enter");
  }

  /** Runs a cell with Shift-Enter, without waiting for its end. */
  async start(index: number): Promise<void> {
    const cell = await this.cell(index);
    await (await cell.waitForSelector(".cm-content")).click();
    await this.#page.keyboard.press("Shift+Enter");
  }

  /** The ■ of the toolbar. */
  async interrupt(): Promise<void> {
    await this.#page.locator('.jp-NotebookPanel:not(.lm-mod-hidden) [data-jp-item-name="interrupt"]').click();
  }

  /** Waits until a cell's prompt has another number than this one. */
  async finished(index: number, before: number | null = null): Promise<number> {
    const handle = await this.#page.waitForFunction(
      ([k, before]) => {
        const { content, context } = window.jupyterapp.shell.currentWidget;
        const { executionCount } = [...content.model.cells][k as number];
        const status = context.sessionContext.session?.kernel.status;
        return status === "idle" && executionCount !== before && executionCount;
      },
      [index, before],
      PATIENCE,
    );
    return Number(await handle.jsonValue());
  }

  /** Saves it, closes the tab and ends its kernel. */
  async shutDown(): Promise<void> {
    await this.#page.evaluate(async () => {
      const { id, context } = window.jupyterapp.shell.currentWidget;
      await context.save();
      await context.sessionContext.shutdown();
      await window.jupyterapp.commands.execute("application:close", { id });
    });
  }
}

function idle(): boolean {
  return window.jupyterapp.shell.currentWidget.context.sessionContext.session?.kernel.status === "idle";
}
