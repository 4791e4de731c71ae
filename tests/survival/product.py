"""The whole product in processes of its own, for tests that kill parts of it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

READY = re.compile(r"^ready (http://\S+?)/\?token=(\S+)", re.M)


@dataclass
class Product:
    """`oryxforge up` over a folder; `start` again after a kill goes on with the same data and port."""

    folder: Path
    environment: Mapping[str, str]
    port: int = 0
    url: str = ""
    token: str = ""
    process: subprocess.Popen[bytes] | None = None
    victims = ("api", "postgres", "worker")

    def start(self, within_s: float = 60) -> None:
        log = self.folder / "up.log"
        log.unlink(missing_ok=True)
        keep = {
            k: v for k, v in os.environ.items() if not k.startswith(("ORYXFORGE_", "DATABASE_", "ANTHROPIC_"))
        }
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "oryxforge", "up", "--no-browser"],
                env={
                    **keep,
                    "ORYXFORGE_DATA": str(self.folder / "data"),
                    "ORYXFORGE_PORT": str(self.port),
                    **self.environment,
                },
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + within_s
        while (found := READY.search(log.read_text())) is None:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"up is not ready:\n{log.read_text()}")
            time.sleep(0.05)
        self.url = found[1]
        self.port = int(self.url.rpartition(":")[2])
        if not self.token:
            answer = httpx.post(f"{self.url}/auth/v1/signin-link", json={"token": found[2]}, timeout=20)
            answer.raise_for_status()
            self.token = answer.json()["access_token"]

    @property
    def api_url(self) -> str:
        return self.url

    @property
    def key_file(self) -> Path:
        return self.folder / "data" / "secrets" / "jwt.json"

    def make_project(self) -> str:
        answer = httpx.post(f"{self.url}/projects", json={"name": "Followed"}, headers=self.headers)
        answer.raise_for_status()
        return answer.json()["id"]

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def part(self, name: str) -> int:
        """The pid of `api` or `worker`, or of the postmaster."""
        if name == "postgres":
            lines = next((self.folder / "data").rglob("postmaster.pid")).read_text().splitlines()
            return int(lines[0])
        return int(json.loads((self.folder / "data" / "run.json").read_text())["children"][name]["pid"])

    def kill_part(self, name: str) -> None:
        os.kill(self.part(name), signal.SIGKILL)

    def kill_all(self) -> None:
        """Everything at once, as a power cut would; returns when all are gone."""
        assert self.process is not None
        up = psutil.Process(self.process.pid)
        tree = [up, *up.children(recursive=True)]
        try:
            postmaster = psutil.Process(self.part("postgres"))
            tree += [postmaster, *postmaster.children(recursive=True)]
        except (StopIteration, psutil.NoSuchProcess):
            pass
        for process in tree:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        self.process.wait(10)
        psutil.wait_procs(tree, timeout=10)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)
