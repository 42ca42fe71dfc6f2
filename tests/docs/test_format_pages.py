"""Every file format has a page, and what the page says of it is so: its example, what it can do, and what it loses."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from desktop_app.commands.convert import read_dataset
from desktop_app.journal import read_journal
from engine.batch.ledger import FILE, Ledger
from engine.evaluation.kept_scores import _SCHEMA
from engine.formats.registry import Entry, default_registry, read, write
from engine.layout import Box, Layout, LayoutObject
from engine.runs.saved import read_run
from tests.docs.checks import the_parser
from tests.docs.examples import write_examples
from tests.docs.shown import ROOT, shown
from tests.formats.samples import OUTPUTS

FOLDER = ROOT / "docs" / "formats"
FORMATS = {entry.name: entry for entry in default_registry().formats}
OF_RUNS = {"run-folder", "export", "journal"}
"""Pages of what Boxpaint keeps for itself: these are no formats of layouts."""

SIZE = (640, 480)
FULL = Layout(
    *SIZE,
    (LayoutObject("lamp", "red metal cube", Box(0.1, 0.2, 0.3, 0.6), True, True, 7, {"display_color": "#d63a3a"}),),
    "a lamp",
    {"made_by": "hand"},
)
"""A layout that has everything that can be lost."""


def page_of(name: str) -> Path:
    return FOLDER / f"{name}.md"


def facts(name: str) -> dict[str, str]:
    """The rows of the page's first table."""
    return dict(re.findall(r"^\| (.+?) \| (.*) \|$", page_of(name).read_text("utf-8"), re.MULTILINE))


def test_every_format_has_a_page_that_the_overview_leads_to() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} == FORMATS.keys() | OF_RUNS
    overview = (ROOT / "docs" / "formats.md").read_text("utf-8")
    for path in FOLDER.glob("*.md"):
        assert f"(formats/{path.name})" in overview, path.name


@pytest.mark.parametrize("name", FORMATS)
def test_a_page_says_what_the_format_can_do(name: str) -> None:
    told, known = facts(name), FORMATS[name]
    words = {True: "yes", False: "no"}
    assert told["name"] == f"`{name}`"
    assert told["read, written"].split(" (")[0] == f"{words[known.can_read]}, {words[known.can_write]}"
    assert all(f"`{suffix}`" in told["endings"] for suffix in known.suffixes)


@pytest.mark.parametrize("name", FORMATS)
def test_a_pages_example_is_read_as_the_format(name: str, tmp_path: Path) -> None:
    tops = {path.name for path in write_examples(page_of(name), tmp_path)}
    commands = [command.words[1:] for command in shown(page_of(name)) if command.is_whole]
    assert {words[1] for words in commands} == tops, "every example is inspected"
    for words in commands:
        asked = the_parser(in_part=False).parse_args(list(words))
        asked.input = tmp_path / words[1]
        dataset = read_dataset(asked)
        assert dataset.format == name
        assert any(entry.layout.objects for entry in dataset.entries)


@pytest.mark.parametrize("name", OUTPUTS)
def test_a_page_names_all_that_is_lost_on_export(name: str, tmp_path: Path) -> None:
    path = tmp_path / OUTPUTS[name]
    write(path, [Entry("desk", FULL, "few")], name)
    asks = name in ("coco-results", "yolo")
    (entry,) = read(path, size=SIZE if asks else None).entries
    told = facts(name)["lost on export"]
    assert set(told.split(", ")) == (set(lost(entry, asks)) or {"nothing"})


def lost(entry: Entry, asked_for_size: bool) -> Iterator[str]:
    (item,) = entry.layout.objects
    (before,) = FULL.objects
    kept = {
        "the name": entry.name == "desk",
        "the split": entry.split == "few",
        "the size": entry.layout.size == SIZE and not asked_for_size,
        "the caption": entry.layout.caption == FULL.caption,
        "ids": item.id == before.id,
        "locks": item.locked and item.hidden,
        "seeds": item.seed == before.seed,
        "labels": item.prompt == before.prompt,
        "the layout's other fields": FULL.extra.items() <= entry.layout.extra.items(),
        "objects' other fields": before.extra.items() <= item.extra.items(),
    }
    return (what for what, is_kept in kept.items() if not is_kept)


def test_the_record_of_a_run_is_read_whole(tmp_path: Path) -> None:
    write_examples(page_of("run-folder"), tmp_path)
    run = read_run(tmp_path)
    assert run.problems == () and run.request is not None and run.layout is not None
    assert run.layout.objects[0].prompt == "red metal cube"


def test_a_journal_leads_to_the_layout_that_was_on_the_canvas(tmp_path: Path) -> None:
    (journal,) = write_examples(page_of("journal"), tmp_path)
    found = read_journal(journal)
    assert found is not None and len(found.history.entries) == 2 and found.history.position == 1
    assert found.layout.objects[0].box == Box(0.1, 0.2, 0.5, 0.6)


def test_the_tables_of_an_export_are_those_of_its_files(tmp_path: Path) -> None:
    Ledger(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / FILE)) as state, closing(sqlite3.connect(":memory:")) as scores:
        scores.executescript(_SCHEMA)
        real = {**tables(state), **tables(scores)}
    told = re.findall(r"^\| `(\w+)` \| (`.*`) \|$", page_of("export").read_text("utf-8"), re.MULTILINE)
    assert {name: re.findall(r"`(\w+)`", columns) for name, columns in told} == real


def tables(database: sqlite3.Connection) -> dict[str, list[str]]:
    """The columns of every table."""
    names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: [row[1] for row in database.execute(f"PRAGMA table_info({name})")] for name in names}
