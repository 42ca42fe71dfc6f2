"""A hub on this machine: a real HTTP server that speaks those of the hub's endpoints that fetching uses.

It serves folders as repositories with one commit each, and can be told to behave badly.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from huggingface_hub import constants

_LARGE = frozenset({".safetensors", ".bin", ".pth"})
_API = re.compile(r"/api/(models|datasets)/([^/]+/[^/]+)/(revision|tree)/([^/?]+)")
_FILE = re.compile(r"/(datasets/)?([^/]+/[^/]+)/resolve/([^/]+)/(.+)")


@dataclass
class Repository:
    """A repository that is a folder.

    Attributes:
        folder: Its files.
        commit: Its only commit, which is also ``main``.
        gated: Whether it is shown to nobody who has not the server's token.
        broken: Bytes of a file after which the connection breaks, each once, by the file's path.
        wrong: Files in whose content a byte is changed.
        held: Bytes of a file after which the server waits for ``release``.
    """

    folder: Path
    commit: str = "a" * 40
    gated: bool = False
    broken: dict[str, list[int]] = field(default_factory=dict)
    wrong: set[str] = field(default_factory=set)
    held: dict[str, int] = field(default_factory=dict)

    def files(self) -> dict[str, Path]:
        found = sorted(path for path in self.folder.rglob("*") if path.is_file())
        return {path.relative_to(self.folder).as_posix(): path for path in found}

    def tree(self) -> list[dict[str, Any]]:
        entries = []
        for name, path in self.files().items():
            content = path.read_bytes()
            blob = hashlib.sha1(f"blob {len(content)}\0".encode() + content, usedforsecurity=False).hexdigest()
            entry: dict[str, Any] = {"type": "file", "path": name, "size": len(content), "oid": blob}
            if path.suffix in _LARGE:
                sha256 = hashlib.sha256(content).hexdigest()
                entry["lfs"] = {"oid": sha256, "size": len(content), "pointerSize": 134}
            entries.append(entry)
        return entries


class HubServer:
    """The server, its repositories, and what it was asked for."""

    TOKEN = "hf_of_the_tests"

    def __init__(self) -> None:
        self.repositories: dict[str, Repository] = {}
        self.requests: list[tuple[str, str]] = []
        """Path and range of each file that was asked for."""
        self.reached = threading.Event()
        """A file that is held was served as far as it is to be."""
        self.release = threading.Event()
        self.refusal: int | None = None
        """Status with which everything is refused."""
        handler = type("Handler", (_Handler,), {"hub": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> HubServer:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.release.set()
        self._server.shutdown()
        self._server.server_close()

    def add(self, repository: str, folder: Path, **behaviour: Any) -> Repository:
        self.repositories[repository] = made = Repository(folder, **behaviour)
        return made

    def asked(self, name: str) -> list[str]:
        """The ranges in which a file was asked for, in order; an empty one is the whole file."""
        return [wanted for path, wanted in self.requests if path == name]


class _Handler(BaseHTTPRequestHandler):
    hub: HubServer
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """The tests' output is for the tests."""

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        with contextlib.suppress(ConnectionError):  # who asked may have been killed: that is what some tests do
            self._answer(body=True)

    def _answer(self, *, body: bool) -> None:
        path = unquote(urlsplit(self.path).path)
        api, file = _API.fullmatch(path), _FILE.fullmatch(path)
        found = (api and (api[2], api[4])) or (file and (file[2], file[3]))
        if self.hub.refusal:
            return self._refuse(self.hub.refusal, "")
        repository = self.hub.repositories.get(found[0]) if found else None
        if repository is None or found is None:
            return self._refuse(401, "RepoNotFound")
        if repository.gated and self.headers.get("authorization") != f"Bearer {self.hub.TOKEN}" and (file or api):
            return self._refuse(401, "GatedRepo")
        if found[1] not in ("main", repository.commit):
            return self._refuse(404, "RevisionNotFound")
        if api:
            info = {"id": found[0], "sha": repository.commit, "siblings": []}
            return self._send_json(info if api[3] == "revision" else repository.tree())
        assert file is not None
        self._send_file(repository, file[4], body=body)
        return None

    def _refuse(self, status: int, code: str) -> None:
        self.send_response(status)
        if code:
            self.send_header("X-Error-Code", code)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send_json(self, content: Any) -> None:
        data = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _send_file(self, repository: Repository, name: str, *, body: bool) -> None:
        content = repository.files()[name].read_bytes()
        if name in repository.wrong:
            content = content[:-1] + bytes([content[-1] ^ 1])
        wanted = self.headers.get("Range", "")
        start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0
        if body:
            self.hub.requests.append((name, wanted))
        entry = next(entry for entry in repository.tree() if entry["path"] == name)
        self.send_response(206 if start else 200)
        self.send_header("X-Repo-Commit", repository.commit)
        self.send_header("ETag", f'"{entry.get("lfs", entry)["oid"]}"')
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        if not body:
            return
        if breaks := repository.broken.get(name):
            self.wfile.write(content[start : breaks.pop(0)])
            self.close_connection = True
        elif name in repository.held and not self.hub.release.is_set():
            self.wfile.write(content[start : repository.held[name]])
            self.hub.reached.set()
            self.hub.release.wait(60)
            self.wfile.write(content[max(start, repository.held[name]) :])
        else:
            self.wfile.write(content[start:])


def serve_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    """The body of a fixture: a server that this process, and those that it starts, take for the hub.

    Nobody is logged in, nothing is cached, and the models are the test's own.
    """
    cache = tmp_path / "cache"
    with HubServer() as server:
        monkeypatch.setattr(constants, "ENDPOINT", server.url)
        template = f"{server.url}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(cache))
        monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "token"))
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        monkeypatch.setenv("HF_HUB_OFFLINE", "0")
        monkeypatch.setenv("HF_HUB_CACHE", str(cache))
        monkeypatch.setenv("HF_TOKEN_PATH", str(tmp_path / "token"))
        monkeypatch.delenv("HF_TOKEN", raising=False)
        monkeypatch.setenv("BOXPAINT_MODELS", str(tmp_path / "own"))
        yield server
