"""What runs notebooks and cells beside JupyterLab: each once, with the real kernel."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
import unittest
import uuid
from pathlib import Path
from urllib.request import Request, urlopen

import nbformat
import pexpect
from jupyter_client.session import Session

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
TIMEOUT = 180


def run(*command, cwd=None, **options):
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, timeout=TIMEOUT, cwd=cwd, **options
    )
    if done.returncode != 0:
        raise AssertionError(f"{command}: {done.stdout}{done.stderr}")
    return done.stdout + done.stderr


class ClientsTests(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = Path(self.temporary.name)

    def tearDown(self):
        self.temporary.cleanup()

    def notebook(self, *sources, name="in.ipynb", tags=()):
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        for cell, tag in zip(cells, tags):
            cell.metadata["tags"] = [tag]
        kernelspec = {"name": "tslab", "display_name": "TypeScript", "language": "typescript"}
        notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernelspec})
        nbformat.write(notebook, self.folder / name)
        return self.folder / name

    def texts(self, path):
        cells = nbformat.read(path, as_version=4).cells
        return [output["data"]["text/plain"] for cell in cells for output in cell.outputs if "data" in output]

    def test_nbconvert(self):
        path = self.notebook("let lr = 0.1;\nfunction step() { return lr }", "lr = 0.5;\nstep()")
        run(BIN / "jupyter-nbconvert", "--to", "notebook", "--execute", "--output", "out.ipynb", path)
        self.assertEqual(self.texts(self.folder / "out.ipynb"), ["0.5"])
        script = run(BIN / "jupyter-nbconvert", "--to", "script", "--stdout", path)
        self.assertIn("function step()", script)

    def test_nbval(self):
        path = self.notebook("const a = 2;\na * 3", "console.log(a);")
        run(BIN / "jupyter-nbconvert", "--to", "notebook", "--execute", "--inplace", path)
        self.assertIn("2 passed", run(BIN / "pytest", "-p", "no:cacheprovider", "--nbval", path, cwd=self.folder))

    def test_jupytext(self):
        path = self.notebook("const a = 2;", "a * 3")
        run(BIN / "jupytext", "--to", "ts:percent", path)
        self.assertIn("// %%", (self.folder / "in.ts").read_text())
        run(BIN / "jupytext", "--to", "ipynb", "--execute", "--set-kernel", "tslab", "-o", "out.ipynb", "in.ts", cwd=self.folder)
        self.assertEqual(self.texts(self.folder / "out.ipynb"), ["6"])

    def test_jupyter_run(self):
        (self.folder / "cells.ts").write_text("const a: number = 2;\nconsole.log(a * 3);\n")
        self.assertIn("6", run(BIN / "jupyter-run", "--kernel=tslab", self.folder / "cells.ts"))

    def test_jupyter_console(self):
        """What is typed at once after the start is kept, over several lines, too."""
        patience = "--ZMQTerminalInteractiveShell.kernel_is_complete_timeout=60"
        for _ in range(3):
            arguments = ["--kernel=tslab", patience]
            console = pexpect.spawn(str(BIN / "jupyter-console"), arguments, encoding="utf8", timeout=TIMEOUT)
            console.expect(r"In \[.{0,30}?1")
            for line in ["function twice(x: number) {", "return 2 * x;", "}", "", "twice(21)"]:
                console.send(f"{line}\r")
            console.expect("42")
            console.close(force=True)

    def test_papermill(self):
        path = self.notebook("let rate = 0.1, names = ['a'];", "`${rate} ${names.length}`", tags=["parameters"])
        program = ROOT / "src" / "kernel" / "papermill_typescript.py"
        run(sys.executable, program, path, self.folder / "out.ipynb", "-p", "rate", "0.5", "-y", "names: [x, y]")
        self.assertEqual(self.texts(self.folder / "out.ipynb"), ["'0.5 2'"])

    def test_reconnects(self):
        """A browser that loses its connection and comes back under the same name is answered, ten times of ten."""
        token = uuid.uuid4().hex
        arguments = ["--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0", f"--IdentityProvider.token={token}"]
        runtime = {**os.environ, "JUPYTER_RUNTIME_DIR": str(self.folder)}
        server = subprocess.Popen(
            [str(BIN / "jupyter-server"), *arguments, f"--ServerApp.root_dir={self.folder}"],
            env=runtime, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        try:
            url = self.address(server)
            headers = {"Authorization": f"token {token}", "Content-Type": "application/json"}
            body = json.dumps({"name": "tslab"}).encode()
            kernel = json.load(urlopen(Request(f"{url}api/kernels", body, headers), timeout=TIMEOUT))["id"]
            self.assertEqual(asyncio.run(reconnect(url, kernel, token)), 10)
        finally:
            server.terminate()
            server.wait(TIMEOUT)

    def address(self, server):
        end = time.time() + TIMEOUT
        while time.time() < end:
            for path in self.folder.glob("jpserver-*.json"):
                try:
                    return json.loads(path.read_text())["url"]
                except ValueError:
                    pass
            if server.poll() is not None:
                raise AssertionError("the server has ended")
            time.sleep(0.2)
        raise AssertionError("the server has not started")


async def reconnect(url, kernel, token):
    """How many of ten connections, one after the other and all of one session, have their cell answered."""
    from tornado.websocket import websocket_connect

    name = uuid.uuid4().hex
    session = Session(session=name)
    answered = 0
    for k in range(10):
        address = f"ws{url[4:]}api/kernels/{kernel}/channels?session_id={name}&token={token}"
        connection = await websocket_connect(address)
        content = {"code": f"{k} + 1000", "silent": False, "store_history": True, "allow_stdin": False}
        message = session.msg("execute_request", content)
        await connection.write_message(json.dumps({**message, "channel": "shell", "buffers": []}, default=str))
        try:
            while True:
                text = await asyncio.wait_for(connection.read_message(), 60)
                reply = json.loads(text)
                if reply["msg_type"] == "execute_reply" and reply["parent_header"]["msg_id"] == message["msg_id"]:
                    answered += reply["content"]["status"] == "ok"
                    break
        except asyncio.TimeoutError:
            pass
        connection.close()
    return answered


if __name__ == "__main__":
    unittest.main()
