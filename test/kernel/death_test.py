"""What a program that executes notebooks is told when the kernel's process dies."""

import os
import unittest
from unittest import mock

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError


def execute(*sources: str, **options) -> nbformat.NotebookNode:
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, kernel_name="tslab", **{"timeout": 60, **options}).execute()
    return notebook


class DeathTests(unittest.TestCase):
    def test_killed(self) -> None:
        with self.assertRaises(DeadKernelError):
            execute("process.kill(process.pid, 'SIGKILL')", "1")

    def test_out_of_memory(self) -> None:
        """The cell that fills the memory must not pass; the heap is kept small, so that it is soon full."""
        with mock.patch.dict(os.environ, {"NODE_OPTIONS": "--max-old-space-size=160"}):
            with self.assertRaises(DeadKernelError):
                execute("const hoard: number[][] = []; for (;;) hoard.push(new Array(100_000).fill(hoard.length + 0.5));")

    def test_exit(self) -> None:
        """process.exit() is an error like others, and the rest is not harmed."""
        with self.assertRaises(CellExecutionError) as raised:
            execute("process.exit()")
        self.assertIn("process.exit is not available in a notebook", str(raised.exception))
        notebook = execute("const a = 1;", "process.exit()", "a", allow_errors=True)
        self.assertEqual(notebook.cells[2].outputs[0]["data"]["text/plain"], "1")

    def test_error_stops(self) -> None:
        """Without allow_errors the first failing cell stops the execution, with its traceback."""
        with self.assertRaises(CellExecutionError) as raised:
            execute("1", "\nconst wrong: number = '';", "2")
        self.assertIn("TypeScriptError", str(raised.exception))
        self.assertIn("Cell [2], line 2", str(raised.exception))

    def test_timeout(self) -> None:
        """A cell that takes too long is interrupted, and the notebook goes on."""
        notebook = execute(
            "for (;;) await null;", "1", allow_errors=True, interrupt_on_timeout=True, timeout=2
        )
        self.assertEqual(notebook.cells[0].outputs[-1]["ename"], "Interrupted")
        self.assertEqual(notebook.cells[1].outputs[0]["data"]["text/plain"], "1")


if __name__ == "__main__":
    unittest.main()
