"""``boxpaint datasets fetch``: the published benchmarks, from the hub."""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

from desktop_app.commands import output
from engine.errors import BoxpaintError
from engine.files import make_folder, write_json

RECORD = "boxpaint-download.json"
"""File in the downloaded folder that says where it came from, and at which commit."""


@dataclass(frozen=True)
class Published:
    """A dataset on the hub.

    Attributes:
        repository: ``owner/name``.
        revision: Branch, tag or commit. No commit could be checked when this was written, so it is the branch; the
            commit that it stood for is put in the record of each download, and ``--revision`` takes it back.
    """

    repository: str
    revision: str


DATASETS = {
    "layoutbench": Published("j-min/layoutbench", "main"),
    "layoutbench-coco": Published("j-min/layoutbench-coco", "main"),
}


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Register the command."""
    parser = subparsers.add_parser("datasets", help="fetch the published benchmarks")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    fetch = actions.add_parser("fetch", help="download a dataset; continues where it was interrupted")
    fetch.add_argument("name", choices=tuple(DATASETS), help="which one")
    fetch.add_argument("--out", help="the folder (its name, here)")
    fetch.add_argument("--revision", help="commit, tag or branch on the hub; a commit makes the download repeatable")
    fetch.add_argument("--layouts-only", action="store_true", help="leave the pictures out")
    output.add_json_option(fetch)
    fetch.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry the command out."""
    published = DATASETS[args.name]
    revision = args.revision or published.revision
    folder = make_folder(Path(args.out or args.name))
    commit = _fetch(published.repository, revision, folder, args.layouts_only)
    data = {
        "dataset": args.name,
        "repository": published.repository,
        "revision": revision,
        "commit": commit,
        "folder": str(folder),
    }
    write_json(folder / RECORD, {**data, "fetched": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())})
    output.emit(args, data, f"{folder}: {published.repository} at {commit}")
    return 0


def _fetch(repository: str, revision: str, folder: Path, layouts_only: bool) -> str:
    """Download the repository into ``folder``; the commit that it is at."""
    # Loads slowly, and no other command of this module's neighbours needs it.
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError, OfflineModeIsEnabled

    patterns = ["*.json", "*.md", "*.txt", "*.csv"] if layouts_only else None
    try:
        # The commit is looked up first and then asked for: what is recorded is what was downloaded.
        commit = HfApi().dataset_info(repository, revision=revision).sha or revision
        output.note(f"fetching {repository} at {commit} into {folder}")
        snapshot_download(repository, repo_type="dataset", revision=commit, local_dir=folder, allow_patterns=patterns)
    except HfHubHTTPError as error:
        raise BoxpaintError(
            f"the hub refuses {repository} at {revision!r} ({error.response.status_code}).",
            "download",
            hint="Check --revision, or fetch it in a browser and give the folder to Boxpaint.",
        ) from error
    except (OSError, LocalEntryNotFoundError, OfflineModeIsEnabled) as error:
        raise _unreachable(repository, folder, error) from error
    except Exception as error:
        # The hub's client raises its HTTP library's own errors, which differ between its versions.
        if type(error).__module__.startswith(("httpx", "httpcore", "requests", "urllib3")):
            raise _unreachable(repository, folder, error) from error
        raise
    return commit


def _unreachable(repository: str, folder: Path, error: Exception) -> BoxpaintError:
    return BoxpaintError(
        f"the hub cannot be reached ({type(error).__name__}).",
        "download",
        hint=f"Connect to the internet and run the command again: it continues. Or download the dataset {repository} "
        f"on another computer and copy it to {folder}.",
    )
