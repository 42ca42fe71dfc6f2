"""Puts a project together again: from the journal what had changed, from the project file the rest."""

from __future__ import annotations

from pathlib import Path

from desktop_app.errors import logger
from desktop_app.journal import Listed, Recovered
from desktop_app.project import Sheet
from engine.errors import BoxpaintError
from engine.layout import Layout


def sheets_of(found: Recovered) -> tuple[list[Sheet], list[str]]:
    """The sheets of a recovered project, and the names of those that neither journal nor file still hold."""
    assert found.listing is not None
    stored = _stored(found)
    sheets, missing = [], []
    for row in found.listing:
        saved = stored.get(row.stored) if row.stored is not None else None
        sheet = _sheet(row, found, saved)
        if sheet is None:
            missing.append(row.name)
        else:
            sheets.append(sheet)
    return sheets, missing


def _stored(found: Recovered) -> dict[str, Layout]:
    """The layouts in the project file by name; none when it is gone or broken."""
    from engine.formats.project import read_project

    if found.file is None:
        return {}
    try:
        return {entry.name: entry.layout for entry in read_project(Path(found.file)).entries}
    except BoxpaintError as error:
        logger.warning("The project of the journal %s cannot be read: %s", found.journal.name, error)
        return {}


def _sheet(row: Listed, found: Recovered, saved: Layout | None) -> Sheet | None:
    told = found.sheets.get(row.id)
    if told is None and saved is None:
        return None
    stored = row.stored if saved is not None else None
    if told is None:
        assert saved is not None
        return Sheet(row.id, row.name, saved, row.split, stored, saved)
    return Sheet(row.id, row.name, told.layout, row.split, stored, saved, told.history, modified=told.layout != saved)
