"""What becomes of every kind of bad input: an error that names the place, or a warning that is counted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from engine.errors import BoxpaintError
from engine.formats import registry
from engine.formats.boxpaint_layout import layout_from_dict, layout_to_dict
from engine.formats.dataset import Dataset, Entry, is_safe_name, safe_name, unique_names
from engine.layout import Box, Layout, LayoutObject
from tests.formats.samples import FOLDER

ROOT = Path(__file__).parents[2]


def native(**changes: Any) -> dict[str, Any]:
    item = {"id": "a", "prompt": "cat", "box": [0.1, 0.2, 0.3, 0.4]} | changes.pop("object", {})
    return {"schema_version": 1, "width": 64, "height": 64, "objects": [item]} | changes


def custom(**changes: Any) -> list[dict[str, Any]]:
    good = {"x": 1, "y": 2, "width": 30, "height": 40, "label": "cat"}
    return [good, good | changes]


def coco(**changes: Any) -> dict[str, Any]:
    annotation = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4]} | changes
    return {
        "images": [{"id": 1, "file_name": "a.png", "width": 64, "height": 64}],
        "annotations": [annotation],
        "categories": [{"id": 1, "name": "cat"}],
    }


def scenes(**changes: Any) -> dict[str, Any]:
    item = {"shape": "cube", "material": "metal", "color": "red", "bbox": [1, 2, 30, 40]}
    return {"info": {}, "scenes": [{"objects": [item]}, {"objects": [item, item | changes]}]}


def read_text(tmp_path: Path, text: str, **asked: Any) -> Dataset:
    path = tmp_path / "file.json"
    path.write_text(text, "utf-8")
    return registry.read(path, **asked)


def refused(tmp_path: Path, text: str, **asked: Any) -> BoxpaintError:
    with pytest.raises(BoxpaintError) as caught:
        read_text(tmp_path, text, **asked)
    assert caught.value.file == str(tmp_path / "file.json")
    assert str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("data", "item", "field"),
    [
        (native(object={"box": [0.1, 0.2, 0.3]}), "object 0", "box"),
        (native(object={"box": [0.1, 0.2, "a", 0.4]}), "object 0", "box"),
        (native(object={"box": [0.5, 0.2, 0.3, 0.4]}), "object 0", "box"),
        (native(object={"box": [0.1, 0.2, 0.1, 0.4]}), "object 0", "box"),
        (native(object={"box": [1.1, 0.2, 1.3, 0.4]}), "object 0", "box"),
        (native(object={"prompt": 5}), "object 0", "prompt"),
        (native(object={"seed": -1}), "object 0", "seed"),
        (native(object={"seed": 2**63}), "object 0", "seed"),
        (native(object={"locked": "yes"}), "object 0", "locked"),
        (native(object={"id": ""}), "object 0", "id"),
        (native(width=0), None, "width"),
        (native(width=-5), None, "width"),
        (native(height=True), None, "height"),
        (native(height=10**9), None, "height"),
        (native(objects={}), None, "objects"),
        (native(objects=[5]), "object 0", None),
        (native(caption=[]), None, "caption"),
        (native(schema_version=2), None, "schema_version"),
        (native(schema_version="1"), None, "schema_version"),
        (native(objects=[native()["objects"][0]] * 2), "object 1", "id"),
        (custom(width=-30), "object 1", "box"),
        (custom(width=0), "object 1", "box"),
        (custom(x=600), "object 1", "box"),
        (custom(x="1"), "object 1", "x"),
        (custom(x=True), "object 1", "x"),
        (custom(y=10**400), "object 1", "y"),
        (custom(label=None), "object 1", "label"),
        (scenes(bbox=[1, 2, -3, 4]), "scene 1, object 1", "box"),
        (scenes(bbox=[1, 2, 3]), "scene 1, object 1", "bbox"),
        (scenes(color=["red"]), "scene 1, object 1", "color"),
        (coco(bbox=[1, 2, -3, 4]), "annotation 0", "box"),
        (coco(image_id=5), "annotation 0", "image_id"),
        (coco(category_id=5), "annotation 0", "category_id"),
        (coco(image_id=[1]), "annotation 0", "image_id"),
        (coco() | {"images": []}, None, "images"),
        (coco() | {"annotations": [7]}, "annotation 0", None),
        (coco() | {"categories": {}}, None, "categories"),
        ([{"id": "a.png", "objects": [{"text": "cat", "box": [5, 5, 1, 9]}]}], "picture 0, object 0", "box"),
        ([{"caption": "a", "box_captions": [], "boxes_normalized": [[0, 0, 1, 1]]}], "layout 0", "box_captions"),
    ],
)
def test_wrong_values_are_refused_with_their_place(
    data: Any, item: str | None, field: str | None, tmp_path: Path
) -> None:
    error = refused(tmp_path, json.dumps(data))
    assert (error.item, error.field) == (item, field)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n",
        "{",
        "[1, 2",
        "[]",
        "{}",
        "null",
        '"text"',
        "[[[[",
        "[" * 100_000,
        "{" * 3,
        "9" * 5000,
        "[" + "9" * 5000 + "]",
        '{"scenes": []}',
        '[{"x": NaN, "y": 1, "width": 2, "height": 3, "label": "a"}]',
        '[{"x": Infinity, "y": 1, "width": 2, "height": 3, "label": "a"}]',
        '[{"x": 1e999, "y": 1, "width": 2, "height": 3, "label": "a"}]',
        '[{"x": 1, "y": 1, "width": 2, "height": 3, "label": "\\ud800"}]',
        '{"schema_version": 1, "width": 5, "height": 5, "objects": "none"}',
    ],
)
def test_broken_files_are_refused(text: str, tmp_path: Path) -> None:
    assert len(str(refused(tmp_path, text))) < 500


def test_a_syntax_error_is_placed(tmp_path: Path) -> None:
    assert "line 2, column 3" in str(refused(tmp_path, '{"a": 1,\n  b}'))


def test_a_missing_file_a_folder_and_bytes(tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(BoxpaintError):
            registry.read(path)
    (tmp_path / "file.json").write_bytes(b'[{"label": "\xff\xfe"}]')
    with pytest.raises(BoxpaintError, match="UTF-8"):
        registry.read(tmp_path / "file.json")


def test_a_byte_order_mark_is_read_over(tmp_path: Path) -> None:
    assert read_text(tmp_path, "\ufeff" + json.dumps(native())).format == "boxpaint"


@pytest.mark.parametrize(
    ("data", "box"),
    [
        (native(object={"box": [-0.5, 0.5, 0.5, 1.5]}), Box(0, 0.5, 0.5, 1)),
        (custom(x=500, width=100), Box(500 / 512, 2 / 512, 1, 42 / 512)),
        (scenes(bbox=[-10, 300, 20, 40]), Box(0, 300 / 320, 10 / 320, 1)),
        (coco(bbox=[60, -5, 10, 10]), Box(60 / 64, 0, 1, 5 / 64)),
    ],
)
def test_a_box_that_sticks_out_is_clipped_and_told(data: Any, box: Box, tmp_path: Path) -> None:
    dataset = read_text(tmp_path, json.dumps(data))
    assert dataset.entries[-1].layout.objects[-1].box == box
    assert [warning for warning in dataset.warnings if "clipped" in warning]


@pytest.mark.parametrize("bbox", [[1, 2, 0, 4], [400, 2, 5, 5]])
def test_in_datasets_unusable_boxes_are_left_out_and_told(bbox: list[int], tmp_path: Path) -> None:
    for data in (scenes(bbox=bbox), coco(bbox=bbox)):
        dataset = read_text(tmp_path, json.dumps(data))
        assert len(dataset.warnings) == 1
        assert "left out" in dataset.warnings[0]


def test_rounding_beyond_the_edge_is_no_news(tmp_path: Path) -> None:
    dataset = read_text(tmp_path, json.dumps(coco(bbox=[60, 60, 4.00001, 4])))
    assert dataset.warnings == ()


def test_twins_are_kept(tmp_path: Path) -> None:
    dataset = read_text(tmp_path, json.dumps(custom()))
    assert [item.prompt for item in dataset.entries[0].layout.objects] == ["cat", "cat"]


def test_crowds_are_counted(tmp_path: Path) -> None:
    dataset = read_text(tmp_path, json.dumps(coco(iscrowd=1)))
    assert dataset.entries[0].layout.objects == ()
    assert "1 crowd annotation left out" in dataset.warnings[0]


def test_an_empty_layout_is_fine(tmp_path: Path) -> None:
    assert read_text(tmp_path, json.dumps(native(objects=[]))).entries[0].layout.objects == ()
    assert read_text(tmp_path, "[]", format="iterinpaint-custom").entries[0].layout.objects == ()


def test_clevr_scenes_say_that_they_have_no_boxes() -> None:
    with pytest.raises(BoxpaintError, match="no boxes") as caught:
        registry.read(FOLDER / "clevr_scenes.json")
    assert "--boxes project" in (caught.value.hint or "")


@pytest.mark.parametrize("place", [[0, 0, 1e-320], [0, 0, 0.009], [0, 0, 100], [7.481, -6.508, 5.344], [0, 0, 99]])
def test_a_clevr_object_without_an_outline_is_refused(tmp_path: Path, place: list[float]) -> None:
    """Found by fuzzing: the first one's outline was not a number."""
    data = json.loads((FOLDER / "clevr_scenes.json").read_text())
    data["scenes"][0]["objects"][0]["3d_coords"] = place
    with pytest.raises(BoxpaintError) as caught:
        read_text(tmp_path, json.dumps(data), format="clevr", boxes="project")
    assert caught.value.field == "3d_coords"


def test_a_size_that_nothing_tells_is_asked_for() -> None:
    with pytest.raises(BoxpaintError, match="--size") as caught:
        registry.read(FOLDER / "nsr1k.json")
    assert caught.value.field == "size"


def test_a_reading_is_refused_where_the_format_is_clear() -> None:
    with pytest.raises(BoxpaintError, match="leave --boxes out"):
        registry.read(FOLDER / "instances.json", boxes="xyxy")
    with pytest.raises(BoxpaintError, match="choose from"):
        registry.read(FOLDER / "nsr1k.json", size=(9, 9), boxes="diagonal")


def test_layoutbench_takes_clevr_prompts_only(tmp_path: Path) -> None:
    layout = Layout(320, 320, (LayoutObject("a", "a dog", Box(0, 0, 1, 1)),))
    with pytest.raises(BoxpaintError, match="is not a colour") as caught:
        registry.write(tmp_path / "out.json", [Entry("picture", layout)], "layoutbench")
    assert (caught.value.item, caught.value.field) == ("picture, object 0", "prompt")
    assert list(tmp_path.iterdir()) == []


def test_a_full_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(BoxpaintError, match="something there"):
        registry.write(tmp_path / "out", [Layout(9, 9)], "yolo")
    assert [path.name for path in tmp_path.rglob("*")] == ["out", "mine.txt"]


def test_nothing_is_left_behind_when_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("engine.formats.output.write_bytes", full)
    with pytest.raises(BoxpaintError, match="full"):
        registry.write(tmp_path / "out", [Layout(9, 9)], "yolo")
    assert list(tmp_path.iterdir()) == []


NAMES = ("../../evil", "/etc/passwd", "..\\..\\evil", "C:\\evil", "a/../../b", "..", ".", "", "con", "a\0b", "x" * 999)


@pytest.mark.parametrize("name", NAMES)
def test_no_name_leads_out_of_a_folder(name: str, tmp_path: Path) -> None:
    assert is_safe_name(safe_name(name))
    data = [{"caption": "a", "box_captions": ["cat"], "boxes_normalized": [[0, 0, 1, 1]], "file_name": f"{name}.png"}]
    folder = tmp_path / "some" / "where"
    folder.mkdir(parents=True)
    dataset = read_text(folder, json.dumps(data))
    for to in ("labelme", "yolo", "boxpaint"):
        registry.write(folder / to, dataset.entries, to)
    assert [path.name for path in tmp_path.iterdir()] == ["some"]
    assert [path.name for path in folder.parent.iterdir()] == ["where"]
    assert sorted(path.name for path in folder.iterdir()) == ["boxpaint", "file.json", "labelme", "yolo"]
    if not is_safe_name(name):
        with pytest.raises(BoxpaintError):
            Entry(name, Layout(9, 9))


def test_repeated_names_get_numbers() -> None:
    assert unique_names(["a", "b", "A", "a", "a-2"]) == ["a", "b", "A-3", "a-4", "a-2"]


def test_the_schema_accepts_what_is_written_and_refuses_what_is_refused() -> None:
    schema = json.loads((ROOT / "resources" / "schemas" / "layout.schema.json").read_text("utf-8"))
    for path in [FOLDER / "native.layout.json", *(ROOT / "resources" / "layouts").glob("*.json")]:
        data = json.loads(path.read_text("utf-8"))
        jsonschema.validate(data, schema)
        jsonschema.validate(layout_to_dict(layout_from_dict(data)), schema)
    for bad in (native(width=0), native(object={"box": [0, 0, 2, 1]}), native(object={"seed": -1}), native(caption=5)):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(bad, schema)


def test_the_browser_is_never_empty() -> None:
    dataset = registry.read(ROOT / "resources" / "layouts")
    assert dataset.warnings == ()
    assert {"number_few", "number_many", "position_center", "position_boundary", "size_tiny", "size_large"} <= {
        *dataset.splits
    }
    eight = next(entry for entry in dataset.entries if entry.name == "eight_objects")
    assert len(eight.layout.objects) == 8
    assert eight.layout.size == (512, 512)
