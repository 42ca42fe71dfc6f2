"""Fetching from the hub: only when asked, resumable, and with the commit that was fetched."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path

from desktop_app.commands import output
from desktop_app.commands.progress import TransferLines
from engine.models.hub import Hub, Meter


def fetch(repository: str, kind: str, revision: str, folder: Path, patterns: Sequence[str] | None) -> str:
    """Download a repository's files into ``folder``; the commit that they are at.

    Args:
        repository: ``owner/name``.
        kind: ``dataset`` or ``model``.
        revision: Branch, tag or commit.
        folder: Where to; what an earlier call left there is continued.
        patterns: Names of the files that are wanted; None for all.

    Raises:
        BoxpaintError: The hub cannot be reached, or refuses.
    """
    hub = Hub()
    # The commit is looked up first and then asked for: what is recorded is what was downloaded.
    snapshot = hub.snapshot(repository, kind, revision)
    output.note(f"fetching {repository} at {snapshot.commit} into {folder}")
    wanted = [
        file for file in snapshot.files if patterns is None or any(fnmatch(file.path, pattern) for pattern in patterns)
    ]
    meter = Meter(sum(file.size for file in wanted), TransferLines(repository))
    for file in wanted:
        hub.bring(snapshot, file, folder / file.path, meter, link=False)
    return snapshot.commit
