"""The hub: which commit and files a repository has, and bringing them here so that an interruption costs nothing.

The hub's own client has no resuming any more (it deletes a partial file when a download ends early), so files are
received here: with a range of bytes behind what is there, checked against the hash that the hub announces.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from engine.errors import BoxpaintError
from engine.files import output_error, sync_file, sync_folder

PART = ".part"
"""Ending of files of which only the beginning is there."""
_CHUNK = 2**20
_DIGEST = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_RETRIES = 5
"""Attempts without a single new byte until a download is given up."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of a repository.

    Attributes:
        path: Its path in the repository.
        size: In bytes.
        digest: SHA-256 (64 hexadecimal digits) of a large file, git's blob id (40) of a small one.
    """

    path: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a repository holds at one commit.

    Attributes:
        repository: ``owner/name``.
        kind: ``model`` or ``dataset``.
        commit: The commit's hash.
        files: All files; of a snapshot from the cache those that are in it.
        online: Whether the hub told this; False when the shared cache did, as the hub cannot be reached.
    """

    repository: str
    kind: str
    commit: str
    files: tuple[RemoteFile, ...]
    online: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a download is.

    Attributes:
        file: The file that is being received.
        done: Bytes that are here, of all files.
        total: Bytes of all files.
    """

    file: str
    done: int
    total: int


class Meter:
    """Counts the bytes of several files and tells about them."""

    def __init__(self, total: int, tell: Callable[[Progress], object]) -> None:
        self._tell = tell
        self._done = 0
        self._total = total

    def add(self, file: str, count: int) -> None:
        """So many more bytes of this file are here; less than zero when some turned out to be of no use."""
        self._done += count
        self._tell(Progress(file, self._done, self._total))


class Hub:
    """The hub as ``HF_ENDPOINT`` and the login (``HF_TOKEN``, ``hf auth login``) give it, and its shared cache."""

    def snapshot(self, repository: str, kind: str, revision: str) -> Snapshot:
        """The commit that a branch, tag or commit stands for, and its files.

        Without a network, or without the right to see the repository, the shared cache is asked.

        Raises:
            BoxpaintError: The hub cannot be reached or refuses, and the cache does not hold it.
        """
        # Loads slowly, and only what fetches needs it.
        from huggingface_hub import HfApi, RepoFile

        api = HfApi()
        try:
            commit = str(api.repo_info(repository, repo_type=kind, revision=revision).sha or revision)
            files = [
                RemoteFile(entry.path, entry.size, entry.lfs.sha256 if entry.lfs else entry.blob_id)
                for entry in api.list_repo_tree(repository, repo_type=kind, revision=commit, recursive=True)
                if isinstance(entry, RepoFile)
            ]
        except Exception as error:
            told = hub_error(error, repository, kind, revision)
            if told is None:
                raise
            found = _cached_snapshot(repository, kind, revision)
            if found is None:
                raise told from error
            return found
        return Snapshot(repository, kind, commit, _checked(repository, files), online=True)

    def cached(self, snapshot: Snapshot, file: RemoteFile) -> Path | None:
        """The file in the shared cache, if it is there with its full size."""
        folder = _cache_folder(snapshot.repository, snapshot.kind)
        for path in (folder / "blobs" / file.digest, folder / "snapshots" / snapshot.commit / file.path):
            if path.is_file() and path.stat().st_size == file.size:
                return path
        return None

    def bring(self, snapshot: Snapshot, file: RemoteFile, target: Path, meter: Meter, *, link: bool = True) -> None:
        """Let ``target`` hold the file: what is there already, in the cache or in part is not received again.

        Args:
            snapshot: What the file belongs to.
            file: The file.
            target: Where it goes.
            meter: Told what is here.
            link: Whether a file in the cache is linked to, which takes no room. Not for files that people may edit.

        Raises:
            BoxpaintError: It cannot be received, or its content is not what the hub announces. What was received of
                it stays beside ``target`` and is continued by the next call, unless its content is wrong.
        """
        if _holds(target, file):
            meter.add(file.path, file.size)
            return
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            cached = self.cached(snapshot, file)
            part = target.with_name(target.name + PART)
            if cached is not None and digest_of(cached, file.digest) == file.digest:
                meter.add(file.path, file.size)
                if link:
                    _link(cached, target)
                    return
                shutil.copyfile(cached, part)
            else:
                self._receive(snapshot, file, part, meter)
            found = digest_of(part, file.digest)
            if found != file.digest:
                part.unlink()
                raise _wrong_content(snapshot, file, found)
            sync_file(part)
            part.replace(target)
            sync_folder(target.parent)
        except OSError as error:
            raise output_error(error, target) from error

    def _receive(self, snapshot: Snapshot, file: RemoteFile, part: Path, meter: Meter) -> None:
        import httpx2
        from huggingface_hub import hf_hub_url

        url = hf_hub_url(snapshot.repository, file.path, repo_type=snapshot.kind, revision=snapshot.commit)
        here = _size(part)
        if here > file.size:
            part.unlink()
            here = 0
        meter.add(file.path, here)
        failures = 0
        while here < file.size or not part.exists():
            try:
                for count in _stream(url, part, here):
                    here += count
                    failures = 0 if count > 0 else failures
                    meter.add(file.path, count)
                if here < file.size:
                    raise httpx2.RemoteProtocolError(f"{here} of {file.size} bytes came")
            except httpx2.TransportError as error:
                failures += 1
                here_now = _size(part)
                if failures > _RETRIES:
                    part_told = f"{file.path}: {here_now} of {file.size} bytes are here"
                    raise _unreachable(snapshot.repository, snapshot.kind, error, part_told) from error
                meter.add(file.path, here_now - here)
                here = here_now
                threading.Event().wait(min(0.25 * 2**failures, 8.0))
            except Exception as error:
                told = hub_error(error, snapshot.repository, snapshot.kind, snapshot.commit)
                if told is None:
                    raise
                raise told from error


def _stream(url: str, part: Path, start: int) -> Iterator[int]:
    """Append to the file what the hub has behind its first ``start`` bytes; after each chunk its size.

    When the hub begins at the first byte nevertheless, so does the file, and the first count is ``-start``.
    """
    from huggingface_hub import constants
    from huggingface_hub.utils import build_hf_headers, get_session, hf_raise_for_status

    headers = {**build_hf_headers(), "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    with get_session().stream("GET", url, headers=headers, timeout=constants.HF_HUB_DOWNLOAD_TIMEOUT) as response:
        hf_raise_for_status(response)
        continued = response.status_code == 206
        # Unbuffered: what is counted is in the file even if this process is killed.
        with part.open("ab" if continued else "wb", buffering=0) as content:
            if start and not continued:
                yield -start
            # As it comes: chunks of a fixed size would be lost with what they had gathered when the connection breaks.
            for chunk in response.iter_bytes():
                content.write(chunk)
                yield len(chunk)


def digest_of(path: Path, like: str) -> str:
    """The file's SHA-256, or git's blob id where ``like`` has the length of one."""
    digest = hashlib.sha256() if len(like) == 64 else hashlib.sha1(usedforsecurity=False)
    if len(like) != 64:
        digest.update(f"blob {path.stat().st_size}\0".encode())
    with path.open("rb") as content:
        while chunk := content.read(4 * _CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def hub_error(error: Exception, repository: str, kind: str, revision: str) -> BoxpaintError | None:
    """What the hub's client raised, in words with a remedy; None for what has nothing to do with the hub."""
    from huggingface_hub.errors import (
        GatedRepoError,
        HfHubHTTPError,
        HFValidationError,
        LocalEntryNotFoundError,
        OfflineModeIsEnabled,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    def told(message: str, hint: str) -> BoxpaintError:
        return BoxpaintError(message, "download", hint=hint)

    if isinstance(error, OfflineModeIsEnabled):
        return told(
            "the hub is switched off by HF_HUB_OFFLINE, and the shared cache does not hold "
            f"the {kind} {repository} at {revision!r}.",
            f"Unset HF_HUB_OFFLINE and fetch again, or fetch {repository} on another computer and copy it here.",
        )
    if isinstance(error, GatedRepoError):
        return told(
            f"the hub gives {repository} only to accounts that accepted its terms.",
            f"Accept them on {_page(repository, kind)}, log in by `hf auth login` (or set HF_TOKEN), and fetch again.",
        )
    if isinstance(error, RepositoryNotFoundError | HFValidationError):
        return told(
            f"the hub has no {kind} {repository}, or does not show it to everyone.",
            "Check the name (owner/name). If it is private, log in by `hf auth login` (or set HF_TOKEN).",
        )
    if isinstance(error, RevisionNotFoundError):
        return told(
            f"{repository} has no revision {revision!r}.",
            f"See its branches, tags and commits on {_page(repository, kind)}.",
        )
    if isinstance(error, HfHubHTTPError):
        code = error.response.status_code
        if code in (401, 403):
            return told(
                f"the hub refuses {repository} ({code}).",
                f"Accept its terms on {_page(repository, kind)} if it has some, log in by `hf auth login` (or set a "
                "HF_TOKEN that may read it), and fetch again.",
            )
        return told(
            f"the hub refuses {repository} at {revision!r} ({code}).",
            "Try again later: what is here already is continued.",
        )
    networks = type(error).__module__.split(".")[0] in ("httpx2", "httpcore2", "httpx", "httpcore")
    if networks or isinstance(error, LocalEntryNotFoundError | ConnectionError | TimeoutError):
        return _unreachable(repository, kind, error)
    return None


def _unreachable(repository: str, kind: str, error: Exception, where: str = "") -> BoxpaintError:
    return BoxpaintError(
        f"the hub cannot be reached ({type(error).__name__}{', ' + where if where else ''}).",
        "download",
        hint=f"Connect to the internet and fetch again: it continues. Or download the {kind} {repository} on another "
        f"computer, copy it here and {'import the folder' if kind == 'model' else 'open the folder'}.",
    )


def _wrong_content(snapshot: Snapshot, file: RemoteFile, found: str) -> BoxpaintError:
    return BoxpaintError(
        f"what came is not what the hub announces (hash {found[:12]}… instead of {file.digest[:12]}…).",
        "download",
        file=snapshot.repository,
        item=file.path,
        hint="It was thrown away: fetch again. If that does not help, something on the way from the hub changes files.",
    )


def _page(repository: str, kind: str) -> str:
    from huggingface_hub import constants

    return f"{constants.ENDPOINT}/{'datasets/' if kind == 'dataset' else ''}{repository}"


def _cache_folder(repository: str, kind: str) -> Path:
    from huggingface_hub import constants
    from huggingface_hub.file_download import repo_folder_name

    return Path(constants.HF_HUB_CACHE) / repo_folder_name(repo_id=repository, repo_type=kind)


def _cached_snapshot(repository: str, kind: str, revision: str) -> Snapshot | None:
    """What the shared cache holds of a revision; the names of its blobs are the hashes."""
    folder = _cache_folder(repository, kind)
    reference = folder / "refs" / revision
    commit = reference.read_text().strip() if reference.is_file() else revision
    root = folder / "snapshots" / commit
    if not _DIGEST.fullmatch(commit) or not root.is_dir():
        return None
    files = []
    for path in sorted(root.rglob("*")):
        if path.is_file():
            blob = path.resolve().name
            digest = blob if _DIGEST.fullmatch(blob) else digest_of(path, "0" * 64)
            files.append(RemoteFile(PurePosixPath(path.relative_to(root)).as_posix(), path.stat().st_size, digest))
    return Snapshot(repository, kind, commit, tuple(files), online=False) if files else None


def _link(source: Path, target: Path) -> None:
    """Use a file where it lies: no second copy on the disk. Removing the one leaves the other as it is."""
    try:
        os.link(source.resolve(), target)
    except OSError:  # another file system, or one without hard links
        target.symlink_to(source.resolve())


def _holds(target: Path, file: RemoteFile) -> bool:
    """Whether the whole file is there; one that is named by its hash was checked when it came."""
    if not target.is_file() or target.stat().st_size != file.size:
        return False
    return target.name == file.digest or digest_of(target, file.digest) == file.digest


def _checked(repository: str, files: Iterable[RemoteFile]) -> tuple[RemoteFile, ...]:
    """The files, unless a path or a hash of them would lead out of the folder that they are put in."""
    found = tuple(files)
    for file in found:
        path = PurePosixPath(file.path)
        if (
            path.is_absolute()
            or ".." in path.parts
            or re.search(r"[\\:]", file.path)
            or not _DIGEST.fullmatch(file.digest)
        ):
            raise BoxpaintError(
                "its path or its hash is none that a file may have.",
                "download",
                file=repository,
                item=file.path,
                hint="Nothing was fetched. Do not use this repository.",
            )
    return found


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
