"""Pictures and projects that carry layouts, and what they must refuse."""

from __future__ import annotations

import json
import stat
import zipfile
import zlib
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from engine.errors import BoxpaintError
from engine.formats import boxpaint_png, project, registry
from engine.formats.boxpaint_layout import layout_to_dict
from engine.formats.boxpaint_png import png_info
from engine.formats.dataset import Entry
from engine.formats.project import read_project, write_project
from engine.layout import Layout
from tests.formats.samples import FOLDER


@pytest.fixture
def entry() -> Entry:
    return registry.read_entry(FOLDER / "native.layout.json")


def save(path: Path, info: PngInfo) -> Path:
    Image.new("RGB", (16, 12), "gray").save(path, pnginfo=info)
    return path


def chunk(text: str) -> PngInfo:
    info = PngInfo()
    info.add_itxt("boxpaint", text, zip=True)
    return info


def test_a_picture_brings_its_layout_back(entry: Entry, tmp_path: Path) -> None:
    path = save(tmp_path / "final.png", png_info(entry.layout, {"seed": 3, "model": {"name": "built-in"}}))
    dataset = registry.read(path)
    assert dataset.format == "boxpaint-png"
    assert dataset.entries[0].layout == entry.layout
    assert dataset.entries[0].layout.objects[0].extra == {"note": "warm"}
    assert dataset.entries[0].picture == path
    assert dataset.extra["settings"] == {"seed": 3, "model": {"name": "built-in"}}
    assert Image.open(path).size == (16, 12)


def test_the_chunk_may_be_plain_text(entry: Entry, tmp_path: Path) -> None:
    info = PngInfo()
    info.add_itxt("boxpaint", json.dumps({"schema_version": 1, "layout": layout_to_dict(entry.layout)}))
    assert registry.read_entry(save(tmp_path / "a.png", info)).layout == entry.layout


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{}", "missing"),
        ("[1]", "JSON object"),
        ("{", "not valid JSON"),
        ('{"schema_version": 9, "layout": {}}', "newer Boxpaint"),
        ('{"schema_version": 1, "layout": {"schema_version": 1}}', "missing"),
        ('{"schema_version": 1, "settings": 5, "layout": {}}', "JSON object"),
    ],
)
def test_a_picture_with_a_broken_layout_is_refused(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(BoxpaintError, match=words):
        registry.read(save(tmp_path / "a.png", chunk(text)))


def test_a_picture_without_a_layout_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BoxpaintError, match="carries no layout"):
        registry.read(save(tmp_path / "a.png", PngInfo()))


def test_a_text_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    bomb = chunk(" " * (boxpaint_png.MAX_TEXT + 1))
    with pytest.raises(BoxpaintError, match="unpacks to more"):
        registry.read(save(tmp_path / "a.png", bomb))


def test_a_damaged_picture_is_refused(entry: Entry, tmp_path: Path) -> None:
    path = save(tmp_path / "a.png", png_info(entry.layout, {}))
    content = bytearray(path.read_bytes())
    content[content.index(b"boxpaint") + 20] ^= 1
    path.write_bytes(content)
    with pytest.raises(BoxpaintError, match="checksum"):
        registry.read(path)


def test_a_project_keeps_layouts_settings_and_unknown_fields(entry: Entry, tmp_path: Path) -> None:
    path = tmp_path / "work.boxpaint"
    entries = [entry, Entry("other", Layout(8, 8), "train"), entry]
    write_project(path, entries, {"steps": 20, "nested": [1, {"a": None}]}, extra={"made_by": "hand"})
    read = read_project(path)
    assert [made.name for made in read.entries] == ["native", "other", "native-2"]
    assert [made.layout for made in read.entries] == [made.layout for made in entries]
    assert read.entries[1].split == "train"
    assert read.settings == {"steps": 20, "nested": [1, {"a": None}]}
    assert read.extra == {"made_by": "hand"}
    again = tmp_path / "again.boxpaint"
    write_project(again, read.entries, read.settings, extra=read.extra)
    assert again.read_bytes() == path.read_bytes()


def test_an_empty_project_is_fine(tmp_path: Path) -> None:
    write_project(tmp_path / "a.boxpaint", [], {})
    assert registry.read(tmp_path / "a.boxpaint").entries == ()


def test_a_project_is_written_whole_or_not_at_all(
    entry: Entry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "work.boxpaint"
    write_project(path, [entry], {})
    before = path.read_bytes()

    def broken(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", broken)
    with pytest.raises(BoxpaintError, match="full"):
        write_project(path, [entry, entry], {})
    with pytest.raises(BoxpaintError, match="JSON"):
        write_project(path, [entry], {"bad": float("inf")})
    assert path.read_bytes() == before
    assert [other.name for other in tmp_path.iterdir()] == ["work.boxpaint"]


def zipped(path: Path, members: dict[str, str], mode: int = 0) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return path


INDEX = '{"schema_version": 1, "settings": {}, "layouts": []}'


@pytest.mark.parametrize("name", ["../evil.json", "/etc/evil", "a/../../evil", "..\\evil", "C:/evil"])
def test_members_that_lead_outside_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(BoxpaintError, match="leads outside"):
        read_project(zipped(tmp_path / "a.boxpaint", {"project.json": INDEX, name: "x"}))


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"other.json": "{}"}, "no Boxpaint project"),
        ({"project.json": "{"}, "not valid JSON"),
        ({"project.json": INDEX.replace("1", "2")}, "newer Boxpaint"),
        ({"project.json": INDEX.replace("[]", '["../a"]')}, "there is no layout"),
        ({"project.json": INDEX.replace("[]", '["a"]')}, "there is no layout"),
        ({"project.json": INDEX.replace("[]", '["a"]'), "layouts/a.layout.json": "{}"}, "missing"),
        ({"project.json": INDEX.replace("[]", "[5]")}, "text belongs here"),
    ],
)
def test_broken_projects_are_refused(members: dict[str, str], words: str, tmp_path: Path) -> None:
    with pytest.raises(BoxpaintError, match=words) as caught:
        read_project(zipped(tmp_path / "a.boxpaint", members))
    assert caught.value.file == str(tmp_path / "a.boxpaint")


def test_links_in_a_project_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BoxpaintError, match="is a link"):
        read_project(zipped(tmp_path / "a.boxpaint", {"project.json": INDEX}, stat.S_IFLNK | 0o777))


def test_a_project_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project, "MAX_TOTAL", 2**20)
    padded = INDEX + " " * 2**20
    with pytest.raises(BoxpaintError, match="unpacks to more"):
        read_project(zipped(tmp_path / "a.boxpaint", {"project.json": padded}))
    monkeypatch.setattr(project, "MAX_MEMBERS", 3)
    with pytest.raises(BoxpaintError, match="holds 5 files"):
        read_project(zipped(tmp_path / "b.boxpaint", {f"{number}": "" for number in range(5)}))


def test_a_truncated_project_is_refused(entry: Entry, tmp_path: Path) -> None:
    path = tmp_path / "a.boxpaint"
    write_project(path, [entry], {})
    content = path.read_bytes()
    for length in (0, 10, len(content) // 2, len(content) - 3):
        path.write_bytes(content[:length])
        with pytest.raises(BoxpaintError):
            read_project(path)
    assert zlib.crc32(content)
