"""The Hub of the tests: on loopback, with processes of this machine. What differs from run to run is in a file of JSON."""

import ctypes
import hmac
import json
import os
import signal
import sys
from pathlib import Path

from jupyterhub.auth import Authenticator

sys.path.insert(0, str(Path(__file__).parent))
from bubblewrap_spawner import BubblewrapSpawner  # noqa: E402

settings = json.loads(Path(os.environ["HUB_SETTINGS"]).read_text(encoding="utf-8"))
passwords = settings["passwords"]


# Ended like a Hub, with its servers, also when whoever started it was ended without a word.
PR_SET_PDEATHSIG = 1
ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class PasswordList(Authenticator):
    """Lets those in who are on a list, each with their own password."""

    async def authenticate(self, handler, data):
        password = passwords.get(data["username"])
        known = password is not None and hmac.compare_digest(password, data["password"])
        return data["username"] if known else None


c = get_config()  # noqa: F821

c.JupyterHub.authenticator_class = PasswordList
c.Authenticator.allowed_users = set(passwords)

c.JupyterHub.bind_url = settings["url"]
c.JupyterHub.hub_port = settings["hubPort"]
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{settings['proxyPort']}"
c.ConfigurableHTTPProxy.command = settings["proxy"]
c.JupyterHub.db_url = f"sqlite:///{settings['folder']}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = f"{settings['folder']}/cookie_secret"
c.JupyterHub.cleanup_servers = True

c.JupyterHub.spawner_class = BubblewrapSpawner
c.Spawner.env_keep = []
c.Spawner.mem_limit = settings["memory"]
c.Spawner.start_timeout = 300
c.Spawner.http_timeout = 300
c.SimpleLocalProcessSpawner.home_dir_template = f"{settings['folder']}/homes/{{username}}"
c.BubblewrapSpawner.image = settings["image"]
c.BubblewrapSpawner.read_only = settings["readOnly"]
c.BubblewrapSpawner.passwd = settings["passwd"]
# Learners share one loopback here, and what a kernel publishes on a port is read by anyone who connects to it.
c.Spawner.args = ["--ConnectionFileMixin.transport=ipc"]
