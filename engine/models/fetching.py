"""Fetching a model: what is needed of it, room for it, receiving it piece by piece, and putting it together.

All of it happens in a folder beside the models, so that a model is either whole or not there. What an interrupted
fetch left in that folder is continued by the next one.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import BoxpaintError
from engine.files import make_folder, move_folder, output_error, write_json
from engine.models.card import read_facts
from engine.models.checking import Finding, check_folder
from engine.models.choosing import INDEX, Choice, choose, smallest
from engine.models.configs import read_config
from engine.models.hub import PART, Hub, Meter, Progress, RemoteFile, Snapshot
from engine.models.installed import CARD, check_name, models_folder, staging_folder
from engine.models.manifest import Entry, describe, write_manifest
from engine.models.pickles import to_safetensors
from engine.models.published import PublishedModel, Source
from engine.progress import readable_bytes

RECORD = "fetch.json"
"""File in the folder of an unfinished fetch that says what is being fetched."""
_SPARE = 64 * 2**20
"""Bytes that stay free on the disk."""

Convert = Callable[[Path, Path, str], object]
"""Makes a model of the files in the first folder, in the second, under a name."""


@dataclass(frozen=True, slots=True)
class Item:
    """A file to fetch and where it goes."""

    snapshot: Snapshot
    file: RemoteFile
    choice: Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A model that was fetched.

    Attributes:
        folder: Where it lies.
        repository, commit: Where it came from.
        bytes: Of the files that were needed, whether or not they had to be received.
    """

    folder: Path
    repository: str
    commit: str
    bytes: int


class Fetch:
    """One model on its way here.

    Args:
        model: What is fetched.
        name: What it will be called.
        tell: Called with the progress.
        note: Called with what else people should know.
        converters: For ``PublishedModel.convert``, what makes a model of files that are none.
    """

    def __init__(
        self,
        model: PublishedModel,
        *,
        name: str,
        tell: Callable[[Progress], object],
        note: Callable[[str], object],
        converters: Mapping[str, Convert],
        hub: Hub | None = None,
    ) -> None:
        self._model = model
        self._name = check_name(name)
        self._tell = tell
        self._note = note
        self._converters = converters
        self._hub = hub or Hub()
        self._staging = staging_folder(name)
        self._blobs = self._staging / "blobs"

    def run(self, revision: str | None = None) -> Fetched:
        """Fetch the model, or the rest of it; what is here already is told, not fetched again.

        Args:
            revision: Branch, tag or commit of the model's first source. None continues with the commit of an
                unfinished fetch, else it is ``main``.

        Raises:
            BoxpaintError: It cannot be fetched; see ``Hub`` and ``choose``. What is here is kept and continued.
        """
        from filelock import FileLock, Timeout

        make_folder(self._staging)
        try:
            with FileLock(self._staging / ".lock", timeout=0):
                fetched = self._run(revision)
        except Timeout as error:
            raise BoxpaintError(
                f"{self._name} is being fetched by another process.", "download", hint="Wait for it, or end it first."
            ) from error
        except BoxpaintError:
            if not received(self._staging):  # nothing to continue with
                shutil.rmtree(self._staging, ignore_errors=True)
            raise
        shutil.rmtree(self._staging, ignore_errors=True)
        return fetched

    def _run(self, revision: str | None) -> Fetched:
        target = models_folder() / self._name
        snapshots = self._snapshots(revision)
        commit = snapshots[0].commit
        if target.exists():
            return self._present(target, commit)
        if not all(snapshot.online for snapshot in snapshots):
            self._note("The hub cannot be asked: what the shared cache holds is used.")
        items = self._items(snapshots)
        total = sum(item.file.size for item in items)
        self._record(snapshots, total)
        self._check_room(items, target)
        meter = Meter(total, self._tell)
        for item in items:
            self._hub.bring(item.snapshot, item.file, self._blob(item.file), meter)
        folder = self._assemble(items, commit)
        try:
            move_folder(folder, target)
        except OSError as error:
            raise output_error(error, target) from error
        return Fetched(folder=target, repository=self._model.repository, commit=commit, bytes=total)

    # -- what is needed

    def _snapshots(self, revision: str | None) -> list[Snapshot]:
        before = self._recorded()
        snapshots = []
        for place, source in enumerate(self._model.sources):
            wanted = revision if place == 0 else None
            wanted = wanted or before.get(source.repository) or "main"
            snapshots.append(self._hub.snapshot(source.repository, source.kind, wanted))
        return snapshots

    def _items(self, snapshots: Sequence[Snapshot]) -> list[Item]:
        items = []
        for source, snapshot in zip(self._model.sources, snapshots, strict=True):
            files = {file.path: file for file in snapshot.files}
            for choice in self._choices(source, snapshot, files):
                items.append(Item(snapshot, files[choice.source], choice))
        return items

    def _choices(self, source: Source, snapshot: Snapshot, files: Mapping[str, RemoteFile]) -> list[Choice]:
        sizes = {path: file.size for path, file in files.items()}
        folder = f"{source.into}/" if source.into else ""
        pattern = source.only or ("*.pth" if self._model.convert else "")
        if pattern:
            return [Choice(name := smallest(sizes, pattern, source.repository), folder + Path(name).name)]
        index = self._index(snapshot, files[INDEX]) if INDEX in files else None
        # Detectors are scored in single precision; of them no half precision variant is taken.
        half = index is not None or bool(source.into)
        chosen = choose(files, index, half=half, shown=source.repository)
        if not any(choice.target.endswith(".safetensors") for choice in chosen):
            raise BoxpaintError(
                "it holds no weights of a pipeline or a detector.",
                "download",
                file=source.repository,
                hint="Only what diffusers or transformers saved can be fetched; import a single file by its path.",
            )
        if source.into:  # a part of a model: what tells about the whole is the first source's
            chosen = [choice for choice in chosen if choice.source != "README.md"]
        return [Choice(choice.source, folder + choice.target, choice.pickled) for choice in chosen]

    def _index(self, snapshot: Snapshot, file: RemoteFile) -> Mapping[str, object]:
        blob = self._blob(file)
        self._hub.bring(snapshot, file, blob, Meter(file.size, lambda _: None))
        return read_json_object(blob, snapshot.repository)

    # -- what is known of an earlier try

    def _record(self, snapshots: Sequence[Snapshot], total: int) -> None:
        commits = {snapshot.repository: snapshot.commit for snapshot in snapshots}
        write_json(self._staging / RECORD, {"name": self._name, "commits": commits, "bytes": total})

    def _recorded(self) -> Mapping[str, str]:
        try:
            commits = json.loads((self._staging / RECORD).read_bytes())["commits"]
            return {str(repository): str(commit) for repository, commit in commits.items()}
        except (OSError, ValueError, KeyError, AttributeError, TypeError):
            return {}  # a first try, or one that was killed before it knew

    def _present(self, target: Path, commit: str) -> Fetched:
        card = read_card_facts(target)
        if card.get("commit") != commit:
            raise BoxpaintError(
                f"there is a model {self._name!r} already, of commit {card.get('commit') or 'unknown'}.",
                "usage",
                file=str(target),
                field="--name",
                hint="Remove it first, or fetch under another --name.",
            )
        self._note(f"{self._name} is here already, at this commit.")
        return Fetched(folder=target, repository=self._model.repository, commit=commit, bytes=0)

    # -- room, and putting it together

    def _blob(self, file: RemoteFile) -> Path:
        return self._blobs / file.digest

    def _check_room(self, items: Sequence[Item], target: Path) -> None:
        missing = 0
        for item in items:
            blob = self._blob(item.file)
            if not blob.exists() and self._hub.cached(item.snapshot, item.file) is None:
                part = blob.with_name(blob.name + PART)
                missing += item.file.size - (part.stat().st_size if part.exists() else 0)
        # What came is kept until the model is whole, so converted weights lie there twice for a while.
        converted = sum(item.file.size for item in items if item.choice.pickled)
        needed, free = missing + converted + _SPARE, shutil.disk_usage(self._staging).free
        if missing + converted and needed > free:
            raise BoxpaintError(
                f"the disk has {readable_bytes(free)} free, {readable_bytes(needed)} are needed.",
                "download",
                file=str(target.parent),
                hint="Free some space, or let BOXPAINT_MODELS name a folder on another disk.",
            )

    def _assemble(self, items: Sequence[Item], commit: str) -> Path:
        """The model's folder, whole and checked, still in the folder of the fetch."""
        folder = self._staging / "model"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        convert = self._converters.get(self._model.convert)
        files = self._staging / "files" if convert else folder
        shutil.rmtree(self._staging / "files", ignore_errors=True)
        try:
            for item in items:
                self._place(item, files)
            if convert:
                self._note(f"converting {self._name}")
                convert(files, folder, self._name)
        except OSError as error:
            raise output_error(error, folder) from error
        self._set_index(folder)
        card = {"kind": self._kind(folder), **self._model.card}
        if self._model.licence:
            card["licence"] = self._model.licence
        origin = {"repository": self._model.repository, "commit": commit}
        write_json(folder / CARD, {"schema_version": 1, "name": self._name, **card, **origin})
        refuse_serious(folder, self._model.repository)
        write_manifest(folder, self._entries(items, folder, converted=convert is not None))
        return folder

    def _place(self, item: Item, folder: Path) -> None:
        blob, target = self._blob(item.file), folder / item.choice.target
        target.parent.mkdir(parents=True, exist_ok=True)
        if item.choice.pickled:
            self._note(f"converting {item.choice.source} to safetensors")
            to_safetensors(blob, target, shown=f"{item.snapshot.repository}/{item.choice.source}")
            return
        # The blob stays until all is well: the next try then has nothing to receive.
        if blob.is_symlink():
            target.symlink_to(blob.readlink())
            return
        try:
            os.link(blob, target)
        except OSError:  # no hard links here
            shutil.copyfile(blob, target)

    def _kind(self, folder: Path) -> str:
        if self._model.kind:
            return self._model.kind
        return "pipeline" if (folder / INDEX).is_file() else "detector"

    def _set_index(self, folder: Path) -> None:
        if self._model.index and (folder / INDEX).is_file():
            index = read_json_object(folder / INDEX, self._model.repository)
            write_json(folder / INDEX, {**index, **self._model.index})

    def _entries(self, items: Sequence[Item], folder: Path, *, converted: bool) -> list[Entry]:
        if converted:
            paths = {file.relative_to(folder).as_posix(): items[0] for file in folder.rglob("*") if file.is_file()}
        else:
            paths = {item.choice.target: item for item in items}
        return [
            describe(
                folder,
                path,
                repository=item.snapshot.repository,
                commit=item.snapshot.commit,
                source=item.choice.source,
                published=item.file.digest,
                as_published=not converted and not item.choice.pickled and path != INDEX,
            )
            for path, item in sorted(paths.items())
            if path != CARD
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """A fetch that was interrupted.

    Attributes:
        name: The model's.
        repository: Where it comes from; empty when it was interrupted before that was known, as with ``bytes``.
        done: Bytes that are here.
        bytes: Bytes in all; 0 when that is not known.
    """

    name: str
    repository: str
    done: int
    bytes: int


def unfinished() -> list[Unfinished]:
    """The fetches that were begun and not finished, by name."""
    found = []
    for folder in sorted(models_folder().glob(staging_folder("*").name)):
        try:
            record = json.loads((folder / RECORD).read_bytes())
            name, total = str(record["name"]), int(record["bytes"])
            repository = str(next(iter(record["commits"]), ""))
        except (OSError, ValueError, KeyError, TypeError):
            name, total, repository = folder.name.removeprefix(staging_folder("").name), 0, ""
        found.append(Unfinished(name=name, repository=repository, done=received(folder), bytes=total))
    return found


def received(staging: Path) -> int:
    """Bytes that an unfinished fetch has brought here."""
    return sum(file.stat().st_size for file in (staging / "blobs").glob("*") if file.is_file())


def refuse_serious(folder: Path, shown: str) -> None:
    """Raise a BoxpaintError for the first serious finding in a folder."""
    refuse_findings(check_folder(folder), shown)


def refuse_findings(findings: Sequence[Finding], shown: str) -> None:
    """Raise a BoxpaintError for the first serious one of these findings."""
    serious = [item for item in findings if item.serious]
    if serious:
        raise BoxpaintError(
            f"the model cannot be used: {serious[0].text}.",
            "model",
            file=shown,
            item=serious[0].file,
            hint="See `boxpaint models check` for all that is wrong.",
        )


def read_card_facts(folder: Path) -> Mapping[str, Any]:
    """What ``boxpaint.json`` in a model's folder says; empty when there is none or it is broken."""
    try:
        return read_facts(folder)
    except BoxpaintError:
        return {}


def read_json_object(file: Path, shown: str) -> Mapping[str, object]:
    """A JSON object from a model's folder; errors call the folder ``shown``.

    Raises:
        BoxpaintError: It is no JSON object.
    """
    try:
        return read_config(file)
    except BoxpaintError as error:
        error.file, error.item = shown, file.name
        raise
