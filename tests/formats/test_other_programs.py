"""What is written opens in the programs that it is for; what they write in folders opens here."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from engine.errors import BoxpaintError
from engine.formats import registry
from engine.formats.dataset import Entry
from tests.formats.samples import FOLDER, OUTPUTS

READ_WITH_LABELME = """
import json, sys
from labelme._label_file import LabelFile
made = LabelFile(sys.argv[1])
print(json.dumps({"shapes": [[s["label"], s["points"], s["shape_type"]] for s in made.shapes],
                  "bytes": len(made.image_data), "path": made.image_path}))
"""


@pytest.mark.parametrize("file", ["instances.json", "scenes_number_few.json", "native.layout.json"])
def test_pycocotools_loads_our_coco(file: str, tmp_path: Path) -> None:
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    dataset = registry.read(FOLDER / file)
    registry.write(tmp_path / "coco.json", dataset.entries, "coco")
    registry.write(tmp_path / "results.json", dataset.entries, "coco-results") if "native" not in file else None
    truth = COCO(str(tmp_path / "coco.json"))
    assert len(truth.imgs) == len(dataset.entries)
    assert len(truth.anns) == sum(len(entry.layout.objects) for entry in dataset.entries)
    assert all(identity >= 1 for identity in truth.anns)
    if "native" in file:
        return
    # The truth, scored against itself, is perfect: ids, boxes and categories mean the same in both files.
    detections = json.loads((tmp_path / "results.json").read_text())
    numbers = {category["name"]: category["id"] for category in truth.dataset["categories"]}
    names = {18: "dog", 1: "person"} if file == "instances.json" else {}
    for detection in detections:
        detection["category_id"] = numbers.get(names.get(detection["category_id"], ""), detection["category_id"])
        detection["image_id"] = next(
            image["id"]
            for image in truth.dataset["images"]
            if str(detection["image_id"]) in (str(image["id"]), Path(image["file_name"]).stem)
        )
    evaluation = COCOeval(truth, truth.loadRes(detections), "bbox")
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    assert evaluation.stats[0] == pytest.approx(1.0)


def test_labelme_reads_our_files(tmp_path: Path) -> None:
    # labelme brings its own Qt, so it may live in an environment of its own.
    python = os.environ.get("BOXPAINT_LABELME_PYTHON")
    if python is None and importlib.util.find_spec("labelme") is None:
        pytest.skip("labelme is not installed; BOXPAINT_LABELME_PYTHON may name a Python that has it")
    Image.new("RGB", (640, 427)).save(tmp_path / "000000000007.jpg")
    dataset = registry.read(FOLDER / "instances.json")
    entries = [
        Entry(e.name, e.layout, e.split, tmp_path / f"{e.name}.jpg" if "7" in e.name else None) for e in dataset.entries
    ]
    entries.append(registry.read_entry(FOLDER / "labelme.json"))
    entries.append(registry.read_entry(FOLDER / "native.layout.json"))
    registry.write(tmp_path / "labels", entries, "labelme")
    for entry in entries:
        path = tmp_path / "labels" / f"{entry.name}.json"
        done = subprocess.run(
            [python or sys.executable, "-c", READ_WITH_LABELME, str(path)],
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        read = json.loads(done.stdout.strip().splitlines()[-1])
        assert [shape[0] for shape in read["shapes"]] == [item.prompt for item in entry.layout.objects]
        assert {shape[2] for shape in read["shapes"]} <= {"rectangle"}
        assert read["bytes"] > 0


def test_labelme_shapes_become_boxes() -> None:
    dataset = registry.read(FOLDER / "labelme.json")
    lamp, mug = dataset.entries[0].layout.objects
    assert lamp.box.scaled(400, 300) == (40.25, 20, 200.5, 150)
    assert mug.box.scaled(400, 300) == (220, 180, 260, 240)
    assert mug.extra["group_id"] == 3
    assert dataset.warnings == ("1 shape other than rectangles became bounding boxes (file 0, shape 1).",)


def test_a_labelme_circle_reaches_its_radius(tmp_path: Path) -> None:
    data = json.loads((FOLDER / "labelme.json").read_text())
    data["shapes"] = [{"label": "a", "points": [[100, 100], [130, 140]], "shape_type": "circle"}]
    (tmp_path / "a.json").write_text(json.dumps(data))
    box = registry.read_entry(tmp_path / "a.json").layout.objects[0].box
    assert box.scaled(400, 300) == (50, 50, 150, 150)


def test_a_folder_of_labelme_files_is_one_dataset(tmp_path: Path) -> None:
    for name in ("a", "b"):
        data = json.loads((FOLDER / "labelme.json").read_text()) | {"imagePath": f"{name}.jpg"}
        (tmp_path / f"{name}.json").write_text(json.dumps(data))
    Image.new("RGB", (400, 300)).save(tmp_path / "b.jpg")
    dataset = registry.read(tmp_path)
    assert (dataset.format, [entry.name for entry in dataset.entries]) == ("labelme", ["a", "b"])
    assert [entry.picture for entry in dataset.entries] == [None, tmp_path / "b.jpg"]


def test_yolo_takes_sizes_from_pictures_and_names_from_the_description(tmp_path: Path) -> None:
    for folder in ("images/train", "labels/train"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "labels/train/a.txt").write_text("1 0.5 0.5 0.5 0.5\n\n0 0.1 0.1 0.3 0.1 0.3 0.3 0.1 0.3\n")
    Image.new("RGB", (200, 100)).save(tmp_path / "images/train/a.png")
    for names in ("names: [cat, 'a, dog']", "names:\n- cat\n- 'a, dog'", 'names:\n  0: cat\n  1: "a, dog"  # two',
                  "names: {0: cat, 1: 'a, dog'}", "names: [cat,\n  'a, dog']"):  # fmt: skip
        (tmp_path / "data.yaml").write_text(f"path: .\n{names}\nnc: 2\n")
        dataset = registry.read(tmp_path)
        (entry,) = dataset.entries
        assert (entry.split, entry.layout.size) == ("train", (200, 100))
        assert [item.prompt for item in entry.layout.objects] == ["a, dog", "cat"]
        assert entry.layout.objects[0].box.scaled(200, 100) == (50, 25, 150, 75)
    (tmp_path / "data.yaml").unlink()
    assert any("class names" in warning for warning in registry.read(tmp_path).warnings)
    (tmp_path / "classes.txt").write_text("cat\n")
    with pytest.raises(BoxpaintError, match="no class 1"):
        registry.read(tmp_path)


def test_yolo_without_pictures_asks_for_the_size() -> None:
    with pytest.raises(BoxpaintError, match="--size"):
        registry.read(FOLDER / "yolo")


def test_a_layoutbench_root_holds_every_split(tmp_path: Path) -> None:
    from engine.clevr.rules import SPLITS, rules_of
    from engine.clevr.sampler import sample_scenes

    made = [scene for split in SPLITS for scene in sample_scenes(rules_of(split), 2, 0)]
    entries = {scene.name: Entry(scene.name, scene.layout, scene.split) for scene in made}
    root = tmp_path / "root"
    registry.write(root, entries.values(), "layoutbench-root")
    assert sorted(str(path.relative_to(root)) for path in root.rglob("*few*")) == [
        "number/coco/scenes_number_few_coco.json",
        "number/scenes/scenes_number_few.json",
    ]
    dataset = registry.read(root)
    assert dataset.format == "layoutbench-root"
    assert set(dataset.splits) == set(SPLITS)
    assert {entry.name: entry.layout for entry in dataset.entries} == {name: e.layout for name, e in entries.items()}
    for folder in root.glob("*/scenes"):
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
    by_coco = registry.read(root)
    assert set(by_coco.splits) == set(SPLITS)
    for entry in by_coco.entries:
        same = zip(entry.layout.objects, entries[entry.name].layout.objects, strict=True)
        assert all((one.box, one.prompt) == (other.box, other.prompt) for one, other in same)


def test_layoutbench_coco_picks_up_its_sub_splits(tmp_path: Path) -> None:
    text = (FOLDER / "count_layouts_all.json").read_text()
    for name in ("all_layouts", "count_layouts_all", "position_layouts_all"):
        (tmp_path / f"{name}.json").write_text(text)
    dataset = registry.read(tmp_path)
    assert dataset.splits == ("count", "position")
    assert [entry.name for entry in dataset.entries[:3]] == ["3", "dog", "a bench"]


def test_pictures_beside_a_file_are_found_whatever_the_file_says(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    Image.new("RGB", (640, 427)).save(tmp_path / "images" / "000000000007.jpg")
    data = json.loads((FOLDER / "instances.json").read_text())
    data["images"][0]["file_name"] = "../../../somewhere/000000000007.jpg"
    del data["images"][0]["width"], data["images"][0]["height"]
    (tmp_path / "instances.json").write_text(json.dumps(data))
    first, second = registry.read(tmp_path / "instances.json").entries
    assert first.picture == tmp_path / "images" / "000000000007.jpg"
    assert first.layout.size == (640, 427)
    assert second.picture is None


def test_reading_formats_loads_nothing_heavy() -> None:
    code = "import sys, engine.formats.registry; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"torch", "numpy", "PIL", "PySide6", "diffusers", "transformers", "huggingface_hub"}
    assert set(OUTPUTS)
