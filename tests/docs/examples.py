"""The files that pages show as examples: fenced blocks that name a file behind their language, as in "json a.json"."""

from __future__ import annotations

import zipfile
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from engine.formats.boxpaint_png import KEYWORD
from tests.docs.shown import Block, blocks


def named(page: Path) -> dict[str, Block]:
    """The page's examples by the names of their files."""
    found = ((block.language.partition(" ")[2], block) for block in blocks(page))
    return {name: block for name, block in found if name}


def write_examples(page: Path, folder: Path) -> list[Path]:
    """Make the page's files in the folder, and tell what lies in it then; what is inside of a file is put into it."""
    tops = []
    for name, block in named(page).items():
        content = "\n".join(block.lines) + "\n"
        top = folder / name.split("/")[0]
        tops.append(top)
        if top.suffix == ".boxpaint":
            with zipfile.ZipFile(top, "a") as archive:
                archive.writestr(name.partition("/")[2], content)
        elif name.endswith(f".png/{KEYWORD}"):
            info = PngInfo()
            info.add_itxt(KEYWORD, content)
            Image.new("RGB", (8, 8)).save(top, pnginfo=info)
        else:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content, "utf-8")
    return list(dict.fromkeys(tops))
