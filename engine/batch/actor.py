"""What runs on the machines of a cluster: holds the model, paints items that it is given, and sends bytes back.

It writes neither pictures nor the export's state, so no disk has to be shared. A machine that does not have the model
gets its files once, and keeps them in the user's cache.
"""

from __future__ import annotations

import os
import platform
import shutil
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePosixPath

from platformdirs import user_cache_path

from engine.batch.items import Item
from engine.batch.painting import Extras, Painted
from engine.batch.worker import ItemPainter
from engine.errors import BoxpaintError
from engine.files import output_error
from engine.leftovers import clear_leftovers, unfinished_name
from engine.models.card import ModelCard, read_card
from engine.models.catalogue import find_model, fingerprint
from engine.models.failures import device_failed

PACKAGES = ("boxpaint", "torch", "diffusers", "transformers", "numpy", "pillow")
"""Packages whose versions change pictures, or the meaning of what is sent."""


@dataclass(frozen=True, slots=True)
class ActorJob:
    """Everything that an actor needs to know.

    Attributes:
        model: The model's name or folder, as it was named where the export was started.
        fingerprint: That of its files.
        extras: What is made beside the pictures.
        threads: CPU threads.
    """

    model: str
    fingerprint: str
    extras: Extras
    threads: int


@dataclass(frozen=True, slots=True)
class Greeting:
    """What an actor says when it has started: its machine, its packages, and whether it has the model."""

    machine: str
    versions: dict[str, str]
    has_model: bool


class PaintingActor:
    """Paints items for an export elsewhere. One call at a time."""

    def __init__(self, job: ActorJob) -> None:
        self._job = job
        self._painter: ItemPainter | None = None
        self._arriving: Path | None = None

    def greet(self) -> Greeting:
        """Tell who this is."""
        return Greeting(platform.node(), package_versions(), self._find() is not None)

    def receive(self, path: str, content: bytes) -> None:
        """Take the next piece of one of the model's files.

        Args:
            path: The file's path within the model's folder.
            content: Its next bytes.

        Raises:
            BoxpaintError: It cannot be written, or leads out of the folder.
        """
        pure = PurePosixPath(path)
        if pure.is_absolute() or ".." in pure.parts:
            raise BoxpaintError("the path leads out of the model's folder.", "model", file=path)
        folder = self._kept()
        try:
            if self._arriving is None:
                folder.parent.mkdir(parents=True, exist_ok=True)
                clear_leftovers(folder.parent)
                self._arriving = folder.parent / unfinished_name()
                self._arriving.mkdir()
            target = self._arriving / pure
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("ab") as file:
                file.write(content)
        except OSError as error:
            raise output_error(error, folder) from error

    def received(self) -> bool:
        """Put the model that has arrived in its place; whether it is what was sent.

        Raises:
            BoxpaintError: It cannot be put there.
        """
        folder = self._kept()
        if self._arriving is not None:
            try:
                # A folder that is there but is not found is a damaged one.
                shutil.rmtree(folder, ignore_errors=True)
                self._arriving.rename(folder)
            except OSError as error:
                shutil.rmtree(self._arriving, ignore_errors=True)
                if not folder.is_dir():
                    raise output_error(error, folder) from error
                # Another actor on this machine was faster.
            self._arriving = None
        return self._find() is not None

    def paint(self, item: Item) -> Painted | BoxpaintError:
        """The painted item, or why it could not be painted.

        Raises:
            BoxpaintError: The model cannot be loaded.
        """
        if self._painter is None:
            card = self._find()
            if card is None:
                raise BoxpaintError("the model is not on this machine.", "model", file=self._job.model)
            self._painter = ItemPainter(card, self._job.extras, self._job.threads)
        try:
            return self._painter.paint(item)
        except BoxpaintError as error:
            if device_failed(error):
                os._exit(1)  # another actor takes its place; see ClusterExport
            raise

    def _find(self) -> ModelCard | None:
        """The card of the model on this machine, if its files are the same ones."""
        for look in (lambda: find_model(self._job.model), lambda: read_card(self._kept())):
            try:
                card = look()
            except BoxpaintError:
                continue
            if fingerprint(card.folder) == self._job.fingerprint:
                return card
        return None

    def _kept(self) -> Path:
        return user_cache_path("boxpaint", appauthor=False) / "cluster-models" / self._job.fingerprint


def package_versions() -> dict[str, str]:
    """Versions of the packages that matter; without what stands for a build, as in ``2.13.0+cpu``."""
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package).split("+")[0]
        except PackageNotFoundError:
            found[package] = "not installed"
    return found
