"""Keeps learners apart as a Hub with containers does, on a machine without any: each server is in a bubblewrap.

A learner's processes see the image and the machine's programs, read-only, a home directory of their own, and no process
but their own. What they do not have is a network of their own: Kubernetes gives each pod one.
"""

import os
from pathlib import Path

import psutil
from jupyterhub.spawner import SimpleLocalProcessSpawner
from tornado.ioloop import PeriodicCallback
from traitlets import List, Unicode

HOME = "/home/jovyan"
SYSTEM = ["/usr", "/bin", "/lib", "/lib32", "/lib64", "/libx32", "/sbin"]
SETTINGS = ["alternatives", "hosts", "ld.so.cache", "localtime", "nsswitch.conf", "ssl"]
MILLISECONDS_BETWEEN_LOOKS = 500
# The Hub and its proxy go before learners, as they do in a cluster by the processor time that is guaranteed to them.
# Without that the proxy is late while a class arrives, and the Hub gives up servers that have started.
NICENESS = 15


class BubblewrapSpawner(SimpleLocalProcessSpawner):
    """Starts servers from an image's folder, each in a sandbox, and keeps to `mem_limit`."""

    image = Unicode(help="The Python environment that the image has Jupyter in.").tag(config=True)
    read_only = List(help="Further folders that learners see.").tag(config=True)
    passwd = Unicode(help="The file that is /etc/passwd there.").tag(config=True)

    async def start(self):
        self.cmd = ["bwrap", *self.sandbox(), "--", f"{self.image}/bin/jupyterhub-singleuser"]
        address = await super().start()
        self.watch = PeriodicCallback(self.keep_to_limit, MILLISECONDS_BETWEEN_LOOKS)
        self.watch.start()
        return address

    async def stop(self, now=False):
        self.watch.stop()
        await super().stop(now)

    def sandbox(self):
        """What bubblewrap is told."""
        options = ["--unshare-user", "--uid", "1000", "--gid", "100", "--unshare-pid", "--unshare-ipc", "--unshare-uts"]
        options += ["--die-with-parent", "--hostname", "jupyter", "--cap-drop", "ALL"]
        for path in SYSTEM:
            if os.path.islink(path):
                options += ["--symlink", os.readlink(path), path]
            else:
                options += ["--ro-bind-try", path, path]
        for name in SETTINGS:
            options += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
        options += ["--ro-bind", self.passwd, "/etc/passwd", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
        for path in [self.image, *self.read_only]:
            options += ["--ro-bind", path, path]
        return [*options, "--bind", self.home_dir, HOME, "--remount-ro", "/", "--chdir", HOME]

    def make_preexec_fn(self, name):
        Path(self.home_dir).mkdir(mode=0o700, parents=True, exist_ok=True)
        return give_way

    def user_env(self, env):
        path = f"{self.image}/bin:/usr/local/bin:/usr/bin:/bin"
        return {**env, "USER": "jovyan", "HOME": HOME, "SHELL": "/bin/bash", "PATH": path}

    def keep_to_limit(self):
        """Ends the largest of a learner's processes when together they have more memory than they may."""
        try:
            processes = [psutil.Process(self.pid), *psutil.Process(self.pid).children(recursive=True)]
            sizes = {process: private_memory(process) for process in processes}
        except (psutil.Error, OSError):
            return  # one of them has just ended
        total = sum(sizes.values())
        if self.mem_limit and total > self.mem_limit:
            largest = max(sizes, key=sizes.get)
            self.log.warning("%s has %d MB: process %d is ended", self.user.name, total >> 20, largest.pid)
            largest.kill()


def give_way():
    """Lets others go first. Linux may share the processors among sessions first of all, and a server is one of its own."""
    os.nice(NICENESS)
    try:
        Path("/proc/self/autogroup").write_text(str(NICENESS), encoding="ascii")
    except OSError:
        pass  # it does not


def private_memory(process):
    """What a process has for itself, in bytes: cheap to ask for, and near to what a container is charged with."""
    resident, shared = Path(f"/proc/{process.pid}/statm").read_text().split()[1:3]
    return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE")
