"""Writes docs/licences.md: what Boxpaint stands on, and under which licences, as the installed packages tell.

python resources/packaging/licences.py
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "licences.md"
NAME = "boxpaint"
NOT_SHIPPED = frozenset({"dev", "docs"})
"""The extras with what tests, checks and the documentation's tools need."""

_HEAD = """# Licences

The packages that Boxpaint needs at run time, its optional ones among them, and those that these need; licences as their
own metadata names them. Made by `make licences`; a test compares it with `constraints.txt`. The built-in models are
Boxpaint's own, see their cards.

| package | version | licence | needed by |
|---|---|---|---|
"""


def needed(name: str, extras: frozenset[str] = frozenset()) -> Iterator[str]:
    """The canonical names of what a distribution needs on this machine, with these extras; perhaps more than once."""
    for text in distribution(name).requires or ():
        requirement = Requirement(text)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in (extras or {""})):
            yield canonicalize_name(requirement.name)


def runtime() -> dict[str, str]:
    """Every package that Boxpaint may use at run time, and who needs it."""
    told = distribution(NAME).metadata.get_all("Provides-Extra") or []
    extras = frozenset(told) - NOT_SHIPPED
    found: dict[str, str] = {}
    waiting = [(name, NAME) for name in needed(NAME, extras)]
    while waiting:
        name, by = waiting.pop(0)
        if name in found:
            continue
        found[name] = by
        with suppress(PackageNotFoundError):  # an optional one
            waiting += [(other, name) for other in needed(name)]
    return found


def pinned() -> dict[str, str]:
    """The version of each package in ``constraints.txt``, by its canonical name."""
    lines = (line.split("==") for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if "==" in line)
    return {canonicalize_name(name): version for name, version in lines}


def licence(package: Distribution) -> str:
    """What its metadata says: an SPDX expression, a short text, or classifiers."""
    told = package.metadata
    texts = [told.get("License-Expression") or "", (told.get("License") or "").strip()]
    kinds = [line.rsplit(" :: ", 1)[1] for line in told.get_all("Classifier") or [] if line.startswith("License :: ")]
    short = [text for text in texts if text and "\n" not in text and len(text) < 200]
    return short[0] if short else ", ".join(kinds) or "see its files"


def document() -> str:
    """The whole page."""
    rows, versions = [], pinned()
    for name, by in sorted(runtime().items()):
        try:
            told = licence(distribution(name))
        except PackageNotFoundError:
            told = "was not installed when this was made"
        rows.append(f"| {name} | {versions.get(name, 'not pinned')} | {told} | {by} |\n")
    return _HEAD + "".join(rows)


if __name__ == "__main__":
    DOCUMENT.write_text(document(), "utf-8")
    sys.stdout.write(f"{DOCUMENT}\n")
