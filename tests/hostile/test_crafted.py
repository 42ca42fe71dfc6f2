"""Files made to do harm: each is refused in words, by a limit that is looked at before anything large happens."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import stat
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from desktop_app import clipboard
from engine.detection.pictures import read_picture
from engine.errors import BoxpaintError
from engine.formats import registry, source
from engine.formats.boxpaint_png import carries_layout
from engine.formats.pictures import picture_size
from engine.formats.project import MAX_DIRECTORY, read_project
from engine.formats.yolo_names import names_of_yaml
from engine.layout.layout import MAX_OBJECTS
from engine.models.anatomy import read_header
from engine.models.card import read_card
from engine.models.checking import check_folder
from engine.models.importing import import_folder
from engine.models.loading import load_pipeline
from engine.models.parts import check_complete
from engine.picture_files import MAX_SCANS
from engine.runs.saved import list_runs, read_run
from tests.hostile.watch import watched

BOX = '{"x": 1, "y": 1, "width": 2, "height": 3, "label": "a"}'
NATIVE = '{"schema_version": 1, "width": 8, "height": 8, "objects": [{"id": "o1", "prompt": "a", "box": [0, 0, 1, 1]}]}'


# -- layouts


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 100_000, "nested too deeply"),
        ("[" * 10_000_001, "more than 10000000 objects and lists"),
        (f"[{','.join([BOX] * (MAX_OBJECTS + 1))}]", "at most 10000"),
        (f"[{BOX.replace('1', '9' * 5000, 1)}]", "not valid JSON"),
        (f"[{BOX.replace('1', '9' * 400, 1)}]", "not a usable number"),
        (f"[{BOX.replace('1', '1e999', 1)}]", "not a usable number"),
        (f"[{BOX.replace('1', 'NaN', 1)}]", "NaN is no number"),
        (f"[{BOX[:-2]}{chr(92)}ud800{BOX[-2:]}]", "lone surrogate"),
        (f"[{BOX[:-2]}{'a' * 999_999}{BOX[-2:]}]", "1000000 characters"),
        (f"[{','.join([BOX[:-2] + 'a' * 9_000 + BOX[-2:]] * 240)}]", "its prompts and ids have 216"),
        (NATIVE.replace('"a"', '"a", "outline": [' + "1," * 600_000 + "1]"), "beside its boxes and prompts"),
        (NATIVE.replace('"a"', '"a", "outline": ' + "[" * 100 + "]" * 100), "nested more than 100 deep"),
        (NATIVE.replace(": 1,", ': 1, "picture": "' + "A" * 2**24 + '",', 1), "beside its boxes and prompts"),
        (NATIVE.replace('"o1"', '"' + "x" * 10**6 + '"'), "the id has 1000000 characters"),
        (NATIVE.replace(": 1,", ': {"' + "k" * 10**6 + '": 1},', 1), ""),
    ],
)  # fmt: skip
def test_layouts(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(BoxpaintError) as caught:
        registry.read(path)
    assert words in str(caught.value)
    assert caught.value.file == str(path) and len(str(caught.value)) < 5000


def test_of_a_name_that_comes_twice_the_last_counts(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(f'[{BOX[:-1]}, "label": "b"}}]')
    assert registry.read_entry(path, size=(64, 64)).layout.objects[0].prompt == "b"


def test_a_long_list_of_numbers_is_no_layout_and_takes_no_gigabytes(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("[" + "1," * 250_000 + "1]")
    tracemalloc.start()
    try:
        with pytest.raises(BoxpaintError, match="no layout file"):
            registry.read(path)
        assert tracemalloc.get_traced_memory()[1] < 20 * 2**20
    finally:
        tracemalloc.stop()


def test_long_json_that_does_not_go_apart_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.formats.json_pieces.WHOLE", 2**20)
    path = tmp_path / "a.json"
    path.write_text(f"[{', '.join([BOX] * 30_000)}")  # cut off
    with pytest.raises(BoxpaintError, match="Is the file complete"):
        registry.read(path)


def test_tables_and_label_files_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MAX_TEXT", 1000)
    path = tmp_path / "a.txt"
    path.write_text("0 0.5 0.5 0.1 0.1\n" * 100)
    with pytest.raises(BoxpaintError, match="as text it is larger"):
        registry.read(path, size=(8, 8))


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    for name in ("a.json", "a.png", "a.boxpaint"):
        os.mkfifo(tmp_path / name)
    for look in (
        lambda: registry.read(tmp_path / "a.json"),
        lambda: registry.read(tmp_path / "a.png", format="boxpaint-png"),
        lambda: read_project(tmp_path / "a.boxpaint"),
        lambda: picture_size(tmp_path / "a.png"),
        lambda: read_picture(tmp_path / "a.png"),
    ):
        with pytest.raises(BoxpaintError, match="no file"):
            look()
    assert not carries_layout(tmp_path / "a.png")


def test_class_names_of_a_megabyte_are_read_at_once() -> None:
    assert len(names_of_yaml("names: ['" + "a" * 2**20 + "', \"it's\", b]", "data.yaml")) == 3


# -- projects


def test_a_directory_that_is_larger_than_any_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.boxpaint"
    with path.open("wb") as file:  # a sparse file: the directory is said to be in it
        file.truncate(2 * MAX_DIRECTORY)
        file.seek(0, 2)
        file.write(struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, 2 * MAX_DIRECTORY, 0, 0))
    with pytest.raises(BoxpaintError, match="lists more files"):
        read_project(path)


def project(path: Path, members: dict[str, bytes], mode: int = 0) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.json", '{"schema_version": 1, "settings": {}, "layouts": ["a"]}')
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return path


@pytest.mark.parametrize(
    ("name", "content", "mode", "words"),
    [
        ("../outside.json", b"", 0, "leads outside"),
        ("layouts/../../outside.layout.json", b"", 0, "leads outside"),
        ("/outside", b"", 0, "leads outside"),
        ("C:\\outside", b"", 0, "leads outside"),
        ("link", b"/etc/passwd", stat.S_IFLNK | 0o777, "is a link"),
        ("runs/bomb", bytes(65 * 2**20), 0, "besides layouts"),
        ("layouts/a.layout.json", b"[" * 2**20, 0, "nested too deeply"),
    ],
)
def test_projects(name: str, content: bytes, mode: int, words: str, tmp_path: Path) -> None:
    path = project(tmp_path / "a.boxpaint", {name: content}, mode)
    with watched(tmp_path) as seen, pytest.raises(BoxpaintError, match=words) as caught:
        read_project(path)
    assert seen == [] and caught.value.file == str(path)
    assert [each.name for each in tmp_path.iterdir()] == ["a.boxpaint"]


# -- pictures


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, *chunks: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def progressive(path: Path, scans: int) -> Path:
    """A JPEG whose last pass over the pixels comes again and again."""
    Image.new("RGB", (32, 32)).save(path, "JPEG", progressive=True)
    content = path.read_bytes()
    start = content.rindex(b"\xff\xda")
    path.write_bytes(content[:start] + content[start:-2] * scans + content[-2:])
    return path


BOMB = zlib.compress(bytes(17 * 2**20))


@pytest.mark.parametrize(
    "content",
    [
        png(10_000, 10_000),
        png(2**31 - 1, 2**31 - 1),
        png(8, 8, chunk(b"zTXt", b"a\0\0" + BOMB)),
        png(8, 8, chunk(b"iTXt", b"a\0\1\0\0\0" + BOMB)),
        png(8, 8)[:40],
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 8 8\n%%EndComments\n",
        b"GIF89a" + b"\xff" * 10,
    ],
)
def test_pictures(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(content)
    with watched(tmp_path) as seen:
        for look in (read_picture, registry.read):
            with pytest.raises(BoxpaintError) as caught:
                look(path)
            assert caught.value.file == str(path)
    assert seen == []


def test_a_jpeg_of_very_many_passes(tmp_path: Path) -> None:
    assert read_picture(progressive(tmp_path / "a.jpg", 20)).size == (32, 32)
    with pytest.raises(BoxpaintError, match="too many passes"):
        read_picture(progressive(tmp_path / "b.jpg", MAX_SCANS))


def test_the_layout_of_a_picture_is_found_without_reading_what_is_before_it(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(png(8, 8, *[chunk(b"iTXt", b"other")] * 5000, chunk(b"iTXt", b"boxpaint\0\1\0\0\0" + BOMB)))
    assert carries_layout(path)
    with pytest.raises(BoxpaintError, match="unpacks to more"):
        registry.read(path)
    path.write_bytes(png(8, 8, *[chunk(b"teXt", b"")] * 100_001))
    with pytest.raises(BoxpaintError, match="more than 100000 parts"):
        registry.read(path)


# -- models


class Harm:
    """What unpickling this would do."""

    def __init__(self, mark: Path) -> None:
        self._mark = mark

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Path.touch, (self._mark,)


@pytest.fixture
def model(tiny_pipeline: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_pipeline, tmp_path / "model"))


def change(file: Path, **values: object) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text()), **values}))


def test_code_in_a_models_folder_is_never_run(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = tmp_path / "harm"
    code = f"from pathlib import Path\nPath({str(mark)!r}).touch()\n"
    for name in ("evil.py", "unet/evil.py", "pipeline.py"):
        (model / name).write_text(code)
    change(model / "model_index.json", unet=["evil", "UNet2DConditionModel"])
    change(model / "text_encoder" / "config.json", auto_map={"AutoModel": "evil.Model"}, trust_remote_code=True)
    with pytest.raises(BoxpaintError):
        load_pipeline(read_card(model), device="cpu", precision="fp32")
    (model / "unet" / "diffusion_pytorch_model.safetensors").unlink()
    (model / "unet" / "diffusion_pytorch_model.bin").write_bytes(pickle.dumps({"weight": Harm(mark)}))
    change(model / "model_index.json", unet=["diffusers", "UNet2DConditionModel"])
    with pytest.raises(BoxpaintError, match="safetensors"):
        load_pipeline(read_card(model), device="cpu", precision="fp32")
    monkeypatch.setenv("BOXPAINT_MODELS", str(tmp_path / "models"))
    with pytest.raises(BoxpaintError, match="could run code"):
        import_folder(model, "taken", lambda text: None)
    assert not mark.exists() and not list((tmp_path / "models").iterdir())


@pytest.mark.parametrize(
    ("file", "values", "words"),
    [
        ("model_index.json", {"../../outside": ["diffusers", "UNet2DConditionModel"]}, "names a part '../../outside'"),
        ("boxpaint.json", {"working_size": 10**12}, "working_size is 1000000000000"),
        ("boxpaint.json", {"defaults": {"guidance": float("nan")}}, "guidance is nan"),
        ("boxpaint.json", {"size": [10**30, 1]}, "not two whole numbers"),
        ("vae/config.json", {"block_out_channels": [8] * 10_000}, "10000 blocks"),
        ("unet/config.json", {"in_channels": 10**9, "cross_attention_dim": 10**9}, "takes 1000000000"),
    ],
)
def test_absurd_models(file: str, values: dict[str, object], words: str, model: Path) -> None:
    (model / "boxpaint.json").write_text("{}")
    change(model / file, **values)
    findings = check_folder(model)
    assert any(finding.serious and words in finding.text for finding in findings), findings


def test_a_billion_channels_are_not_allocated(model: Path) -> None:
    change(model / "unet" / "config.json", block_out_channels=[10**9, 10**9])
    with pytest.raises(BoxpaintError):
        load_pipeline(read_card(model), device="cpu", precision="fp32")


def test_shards_lie_in_the_models_folder(model: Path) -> None:
    (model / "unet" / "diffusion_pytorch_model.safetensors.index.json").write_text(
        json.dumps({"weight_map": {"a": "../../outside.safetensors"}})
    )
    with pytest.raises(BoxpaintError, match="no safetensors file beside it"):
        check_complete(model)


@pytest.mark.parametrize(
    "header",
    [{"a": {"shape": [10**12] * 20, "data_offsets": [0, 0]}}, {"a": {"shape": [-1], "data_offsets": [0, 0]}}],
)
def test_shapes_that_cannot_be(header: dict[str, object], tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text)
    with pytest.raises(BoxpaintError, match="cannot be"):
        read_header(path)
    path.write_bytes(struct.pack("<Q", 2**62))
    with pytest.raises(BoxpaintError, match="a header of"):
        read_header(path)


# -- runs and the clipboard


def test_a_run_shows_only_pictures_of_its_own_folder(tmp_path: Path) -> None:
    run = tmp_path / "runs" / "a"
    run.mkdir(parents=True)
    steps = [{"index": number, "composite": "../../outside.png"} for number in (0, 10**9)]
    (run / "run.json").write_text(json.dumps({"schema_version": 1, "steps": steps, "width": 8, "height": 8}))
    (found,) = list_runs(run.parent)
    assert set(found.composites.values()) == {str(run / "outside.png")}
    assert len(read_run(run).events) < 10


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x" * (clipboard.LIMIT + 1), "longer than"),
        ("```" + "\n" * 10**6, "no boxes"),
        ("```\n" * 10**5, "no boxes"),
        ("[" * 10**6, "nested too deeply"),
        ("\ud800", "no boxes"),
    ],
)
def test_texts_on_the_clipboard(text: str, words: str) -> None:
    with pytest.raises(BoxpaintError, match=words):
        clipboard.parse(text)
