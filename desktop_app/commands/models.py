"""``boxpaint models``: which models there are, and how others get here."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from desktop_app.commands import model_fetch, model_import
from desktop_app.commands.attached import add_attached_option, progress_of, stop_with_input
from desktop_app.commands.detector_models import check_detector, detector_facts, detector_words
from desktop_app.commands.output import add_json_option, emit
from desktop_app.exit_codes import BAD_INPUT
from engine.errors import BoxpaintError
from engine.models.anatomy import read_anatomy
from engine.models.card import read_card
from engine.models.catalogue import list_models
from engine.models.checking import Finding, check_folder
from engine.models.fetching import unfinished
from engine.models.installed import remove
from engine.models.machine import this_machine
from engine.models.manifest import read_manifest, verify
from engine.models.offers import BROKEN, BUILT_IN, FETCHABLE, INSTALLED, UNFINISHED, Offer, list_offers
from engine.models.placement import choose
from engine.progress import readable_bytes


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command."""
    parser = commands.add_parser("models", help="list, fetch, import, check and remove models")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="names, sizes, licences, and what can be fetched")
    listing.add_argument("--fits", action="store_true", help="also tell whether each fits this machine's memory")
    listing.set_defaults(run=run_list)
    fetching = model_fetch.add_parser(actions)
    importing = model_import.add_parser(actions)
    checking = actions.add_parser("check", help="look for what is missing, broken, changed or unsafe in a model")
    checking.add_argument("model", help="a name from the list, or a folder")
    checking.set_defaults(run=run_check)
    removing = actions.add_parser("remove", help="delete a fetched or imported model, or what there is of it")
    removing.add_argument("name")
    removing.set_defaults(run=run_remove)
    for action in (listing, fetching, importing, checking, removing):
        add_json_option(action)
        add_attached_option(action)


def run_list(args: argparse.Namespace) -> int:
    """Print the catalogue: what is here, then what could be fetched."""
    stop_with_input(args)
    offers = list_offers(this_machine if args.fits else None)
    emit(args, {"models": [_as_dict(offer) for offer in offers]}, "\n".join(map(_line, offers)))
    return 0


def _as_dict(offer: Offer) -> dict[str, Any]:
    data: dict[str, Any] = {
        "name": offer.name,
        "kind": offer.kind,
        "path": str(offer.path),
        "installed": offer.state in (BUILT_IN, INSTALLED),
        "licence": offer.licence,
        "bytes": offer.bytes,
        "state": offer.state,
        "about": offer.about,
    }
    more: Mapping[str, Any] = {
        "done": offer.done,
        "repository": offer.repository,
        "commit": offer.commit,
        "gated": offer.gated,
        "problem": offer.problem,
        "room": offer.room,
        "safety_checker": offer.safety_checker,
        "fit": {"level": offer.fit.level, "text": offer.fit.text} if offer.fit else None,
    }
    return data | {name: value for name, value in more.items() if value} | detector_facts(offer)


def _line(offer: Offer) -> str:
    size = readable_bytes(offer.bytes) if offer.bytes else ""
    state = "to fetch" if offer.state == FETCHABLE else offer.kind
    if offer.state == UNFINISHED:
        state, size = "unfinished", f"{readable_bytes(offer.done)} of {size or '?'}"
    told = [offer.problem if offer.state == BROKEN else offer.licence or "licence not stated"]
    if offer.state in (FETCHABLE, UNFINISHED):
        told = [f"{offer.about} ({offer.repository})" if offer.repository else "", *told]
        told.append("needs an account" if offer.gated else "")
    told.append(f"safety checker {offer.safety_checker}" if offer.safety_checker else "")
    told += [detector_words(offer), offer.room.rstrip("."), offer.fit.text.rstrip(".") if offer.fit else ""]
    return f"{offer.name:20} {state:10} {size:>8}  " + "; ".join(text for text in told if text)


def run_check(args: argparse.Namespace) -> int:
    """Print what is found in a model; exit code 2 when it cannot be used."""
    known = {entry.name: entry.path for entry in list_models()}
    folder = known.get(args.model, Path(args.model))
    stop_with_input(args)
    _refuse_unfinished(args.model, folder)
    progress = progress_of(args)
    findings = [] if folder.is_file() else check_folder(folder)
    findings += check_detector(folder, findings)
    findings += verify(folder, lambda _, done, total: progress("megabytes checked", done // 10**6, total // 10**6))
    listed = read_manifest(folder)
    serious = any(finding.serious for finding in findings)
    data = [{"serious": item.serious, "file": item.file, "text": item.text} for item in findings]
    told = {"model": args.model, "path": str(folder), "usable": not serious, "findings": data}
    placing = "" if serious else _placing(folder)
    if placing:
        told["placing"] = placing
    if listed is not None:
        told |= {"hashed": len(listed), "commit": listed[0].commit if listed else ""}
    lines = [
        _told(findings, None if listed is None else len(listed)),
        *([f"on this machine: {placing}"] if placing else []),
    ]
    emit(args, told, "\n".join(lines))
    return BAD_INPUT if serious else 0


def _placing(folder: Path) -> str:
    """How a pipeline would be placed on this machine's device, and why; empty for what is no pipeline's folder."""
    if not (folder / "model_index.json").is_file():
        return ""
    return choose(read_anatomy(folder), this_machine(), size=read_card(folder).size).text


def _refuse_unfinished(name: str, folder: Path) -> None:
    """Say of a model that is half here that it is, and not that it is not there."""
    half = next((fetch for fetch in unfinished() if fetch.name == name), None)
    if half is not None and not folder.exists():
        total = f" of {readable_bytes(half.bytes)}" if half.bytes else ""
        raise BoxpaintError(
            f"{name} is not whole: {readable_bytes(half.done)}{total} are here.",
            "model",
            field="model",
            hint=f"Go on by `boxpaint models fetch {name}`, or delete what is here by `boxpaint models remove {name}`.",
        )


def run_remove(args: argparse.Namespace) -> int:
    """Delete one of the user's models."""
    folder = remove(args.name)
    emit(args, {"removed": args.name, "folder": str(folder)}, f"removed {folder}")
    return 0


def _told(findings: list[Finding], hashed: int | None) -> str:
    if findings:
        return "\n".join(f"{'ERROR' if item.serious else 'note '} {item.file}: {item.text}" for item in findings)
    files = "" if hashed is None else f"; {hashed} files have the content that was fetched"
    return f"sound: nothing is missing, broken or unsafe{files}"
