"""Hosted mode in processes: a second OryxForge in the part of Supabase, an API and a worker of ours.

They share the wire and the database; every folder, key and login of the surface is the first one's alone.
"""

import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self
from uuid import uuid4

import httpx

from acceptance.programs import COMMAND, environment
from fixtures.postgres import Database
from oryxforge.embedded.gateway.keys import load_or_create_keys


class HostedPair:
    """`url` is Supabase's, `api_url` ours; `environment` is what the hosted side is told."""

    victims = ("api", "supabase", "worker")

    def __init__(self, folder: Path, database: Database) -> None:
        self._supabase = folder / "supabase"
        ours = folder / "ours"
        ours.mkdir(mode=0o700)
        self.keys = load_or_create_keys(self._supabase / "secrets" / "keys.json")
        self.url, self.api_url = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
        self.environment: Mapping[str, str] = {
            "DATABASE_URL": database.api,
            "DATABASE_WORKER_URL": database.worker,
            "SUPABASE_URL": self.url,
            "SUPABASE_PUBLISHABLE_KEY": self.keys.publishable,
            "ORYXFORGE_DATA": str(ours),
            "ORYXFORGE_SCRIPTED_AGENT": "1",
            "ORYXFORGE_SILENT_AFTER_S": "3",
            "ORYXFORGE_CORS_ORIGINS": self.url,
        }
        surface = {
            "DATABASE_URL": database.api,
            "DATABASE_AUTH_URL": database.auth,
            "DATABASE_AUTHENTICATOR_URL": database.authenticator,
            "DATABASE_REALTIME_URL": database.realtime,
            "ORYXFORGE_DATA": str(self._supabase),
        }
        self._parts: Mapping[str, tuple[tuple[str, ...], Mapping[str, str]]] = {
            "supabase": (("api", "--port", port_of(self.url)), surface),
            "api": (("api", "--port", port_of(self.api_url)), self.environment),
            "worker": (("worker",), self.environment),
        }
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._log = folder / "log"
        self._email = f"ada-{uuid4().hex[:8]}@example.org"
        self.token = ""

    def __enter__(self) -> Self:
        for name in self._parts:
            self._start(name)
        try:
            self._wait()
            self.token = self._signed_up()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            process.wait(20)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def key_file(self) -> Path:
        return self._supabase / "secrets" / "jwt.json"

    def kill_part(self, name: str) -> None:
        """Kill -9; another takes its place at once."""
        self._processes[name].kill()
        self._processes[name].wait()
        self._start(name)

    def make_project(self) -> str:
        answer = httpx.post(f"{self.api_url}/projects", json={"name": "Hosted"}, headers=self.headers)
        answer.raise_for_status()
        return answer.json()["id"]

    def _start(self, name: str) -> None:
        arguments, told = self._parts[name]
        with self._log.open("ab") as out:
            self._processes[name] = subprocess.Popen(
                [*COMMAND, *arguments], env=environment(**told), stdout=out, stderr=out
            )

    def _wait(self, within_s: float = 60) -> None:
        deadline = time.monotonic() + within_s
        for url in (self.url, self.api_url):
            while not answers(url):
                assert time.monotonic() < deadline, f"{url} does not answer:\n{self._log.read_text()}"
                time.sleep(0.05)

    def _signed_up(self) -> str:
        said = {"email": self._email, "password": "a long enough one"}
        headers = {"apikey": self.keys.publishable}
        answer = httpx.post(f"{self.url}/auth/v1/signup", json=said, headers=headers, timeout=30)
        answer.raise_for_status()
        return answer.json()["access_token"]


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/ready", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def port_of(url: str) -> str:
    return url.rpartition(":")[2]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]
