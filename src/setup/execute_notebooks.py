"""Executes notebooks and keeps nothing of the run but their outputs, so that a second run changes nothing."""

import argparse
import os
import re
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode, ValidationError
from nbformat.reader import NotJSONError

ROOT = Path(__file__).resolve().parents[2]
KERNEL = "tslab"
ANSI_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class NotebookFailed(Exception):
    """A notebook did not run to its end; the message names notebook, cell and error."""


def execute(path: Path, timeout: int) -> NotebookNode:
    """Returns the notebook with fresh outputs and all else as it was."""
    notebook = nbformat.read(path, as_version=4)
    metadata = notebook.metadata.copy()
    running = 0

    def note(cell: NotebookNode, cell_index: int) -> None:
        nonlocal running
        running = cell_index + 1

    for cell in code_cells(notebook):
        cell.outputs, cell.execution_count = [], None
    # What whoever sits here has done so far is theirs: it is neither shown in the outputs nor added to.
    nobodys = tempfile.TemporaryDirectory()
    os.environ["BACKPROP_PROGRESS"] = os.path.join(nobodys.name, "progress.json")
    client = NotebookClient(
        notebook,
        kernel_name=KERNEL,
        timeout=timeout,
        allow_errors=True,
        coalesce_streams=True,
        record_timing=False,
        on_cell_execute=note,
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        client.execute()
    except CellTimeoutError as error:
        raise NotebookFailed(f"{path.name}, cell {running}: not finished after {timeout} s.") from error
    except DeadKernelError as error:
        raise NotebookFailed(f"{path.name}, cell {running}: the kernel died.") from error
    finally:
        nobodys.cleanup()
    # The kernel's own description changes with its version.
    notebook.metadata = metadata
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "code":
            check_outcome(path, number, cell)
            forget_display_ids(cell)
    nbformat.validate(notebook)
    return notebook


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def check_outcome(path: Path, number: int, cell: NotebookNode) -> None:
    """Raises when a cell failed that is not tagged as one that may, or was passed over."""
    if "raises-exception" in cell.metadata.get("tags", []):
        return
    for output in cell.outputs:
        if output.output_type == "error":
            trace = ANSI_COLOURS.sub("", "\n".join(output.traceback))
            raise NotebookFailed(f"{path.name}, cell {number}: {output.ename}: {output.evalue}\n{indent(trace)}")
    if cell.source.strip() and cell.execution_count is None:
        raise NotebookFailed(f"{path.name}, cell {number}: the kernel did not run it.")


def forget_display_ids(cell: NotebookNode) -> None:
    """Drops what the kernel sends along only to update an output later."""
    for output in cell.outputs:
        output.pop("transient", None)


def indent(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def write_if_changed(notebook: NotebookNode, path: Path) -> bool:
    """Replaces the file in one step, so that nobody ever reads half a notebook."""
    text = nbformat.writes(notebook) + "\n"
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="\n", dir=path.parent, delete=False) as file:
        file.write(text)
    os.chmod(file.name, 0o644)
    os.replace(file.name, path)
    return True


def main() -> int:
    parser = argparse.ArgumentParser(prog="npm run notebooks --", description="Executes notebooks.")
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: the tutorial's, notebooks/0*.ipynb")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write the executed copies there, not in place")
    parser.add_argument("--timeout", type=int, default=300, metavar="S", help="for each cell, in seconds (300)")
    options = parser.parse_args()
    paths = options.notebooks or sorted((ROOT / "notebooks").glob("0*.ipynb"))
    failures = 0
    for path in paths:
        print(f"{path.name} …", end=" ", flush=True)
        started = time.monotonic()
        try:
            notebook = execute(path, options.timeout)
        except (NotebookFailed, OSError, NotJSONError, ValidationError) as error:
            failures += 1
            print(f"✗ {time.monotonic() - started:.1f} s\n  {error}", flush=True)
            continue
        target = options.out / path.name if options.out else path
        outcome = "written" if write_if_changed(notebook, target) else "unchanged"
        print(f"✓ {time.monotonic() - started:.1f} s, {outcome}", flush=True)
    if failures:
        print(f"{failures} of {len(paths)} notebooks failed.", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
