"""Fetching from the hub: only when asked, resumable, and with the commit that was fetched."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from desktop_app.commands import output
from engine.errors import BoxpaintError


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
    # Loads slowly, and no other command of this module's neighbours needs it.
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import (
        GatedRepoError,
        HfHubHTTPError,
        LocalEntryNotFoundError,
        OfflineModeIsEnabled,
    )

    try:
        # The commit is looked up first and then asked for: what is recorded is what was downloaded.
        commit = HfApi().repo_info(repository, repo_type=kind, revision=revision).sha or revision
        output.note(f"fetching {repository} at {commit} into {folder}")
        snapshot_download(
            repository, repo_type=kind, revision=commit, local_dir=folder, allow_patterns=list(patterns or ()) or None
        )
    except GatedRepoError as error:
        raise BoxpaintError(
            f"the hub gives {repository} only to accounts that accepted its terms.",
            "download",
            hint="Accept them on its page, then log in by `hf auth login` and run the command again.",
        ) from error
    except HfHubHTTPError as error:
        raise BoxpaintError(
            f"the hub refuses {repository} at {revision!r} ({error.response.status_code}).",
            "download",
            hint="Check --revision, or fetch it in a browser and give the folder to Boxpaint.",
        ) from error
    except (OSError, LocalEntryNotFoundError, OfflineModeIsEnabled) as error:
        raise _unreachable(repository, kind, folder, error) from error
    except Exception as error:
        # The hub's client raises its HTTP library's own errors, which differ between its versions.
        if type(error).__module__.startswith(("httpx", "httpcore", "requests", "urllib3")):
            raise _unreachable(repository, kind, folder, error) from error
        raise
    return commit


def _unreachable(repository: str, kind: str, folder: Path, error: Exception) -> BoxpaintError:
    return BoxpaintError(
        f"the hub cannot be reached ({type(error).__name__}).",
        "download",
        hint=f"Connect to the internet and run the command again: it continues. Or download the {kind} {repository} "
        f"on another computer and copy it to {folder}.",
    )
