"""Links and pictures of the documentation lead somewhere; pictures of the guide stay small."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.shown import PAGES, ROOT

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_LARGEST = 200_000


def anchors(page: Path) -> set[str]:
    """What the page's headings are called in links."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_to_files_and_headings(page: Path) -> None:
    for link in _LINK.findall(page.read_text("utf-8")):
        if link.startswith(("https:", "http:", "data:")):
            continue
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_picture_of_the_guide_is_shown_and_small() -> None:
    folder = ROOT / "docs" / "guide"
    shown = {link for page in folder.glob("*.md") for link in _LINK.findall(page.read_text("utf-8"))}
    for picture in folder.glob("*.png"):
        assert picture.name in shown and picture.stat().st_size < _LARGEST, picture.name
