"""``boxpaint detect`` and ``boxpaint evaluate`` on real pictures with the built-in detector."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from desktop_app.__main__ import main
from engine.evaluation.kept_scores import FOUND, read_picture_scores, read_summary, scored_runs
from engine.formats.registry import read, write

CLEVR = Path(__file__).parents[1] / "data" / "clevr"
SCENES = CLEVR / "scenes.json"


@pytest.fixture
def boxpaint(capsys):
    """Runs a command with --json; its exit code and document."""

    def call(*arguments: object) -> tuple[int, Any]:
        code = main([*map(str, arguments), "--json"])
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        return code, json.loads(printed.out)

    return call


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Path:
    """What the built-in detector finds in the shipped test pictures, written once."""
    file = tmp_path_factory.mktemp("results") / "found.json"
    assert main(["detect", str(CLEVR / "images"), "--layouts", str(SCENES), "--out", str(file)]) == 0
    return file


@pytest.fixture
def pictures(tmp_path) -> Path:
    """The shipped test pictures in the published structure: <split>/<run>/<name>."""
    folder = tmp_path / "out"
    shutil.copytree(CLEVR / "images", folder / "clevr" / "run")
    return folder


def scenes_with(tmp_path: Path, change) -> Path:
    """The shipped scenes, changed."""
    data = json.loads(SCENES.read_text())
    change(data["scenes"])
    file = tmp_path / "scenes.json"
    file.write_text(json.dumps(data))
    return file


def refused(boxpaint, *arguments: object) -> dict[str, dict[str, Any]]:
    """The findings of a refusal, by kind."""
    code, data = boxpaint("evaluate", *arguments)
    assert code == 2 and data["error"]["hint"] and data["error"]["file"]
    return {finding["kind"]: finding for finding in data["preflight"]}


def test_detect_writes_results_that_pycocotools_scores_as_evaluate_does(results, boxpaint, tmp_path) -> None:
    write(tmp_path / "truth.json", read(SCENES).entries, "coco")
    truth = json.loads((tmp_path / "truth.json").read_text())
    ids = {image["file_name"]: image["id"] for image in truth["images"]}
    scenes = json.loads(SCENES.read_text())["scenes"]
    names = {scene["image_index"]: scene["image_filename"] for scene in scenes}
    rows = [row | {"image_id": ids[names[row["image_id"]]]} for row in json.loads(results.read_text())]
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO(str(tmp_path / "truth.json"))
        evaluation = COCOeval(coco, coco.loadRes(rows), "bbox")
        for action in (evaluation.evaluate, evaluation.accumulate, evaluation.summarize):
            action()
    code, data = boxpaint("evaluate", "--detections", results, "--layouts", SCENES, "--protocol", "coco")
    assert code == 0 and data["protocol"] == "coco" and data["preflight"] == []
    names = ("AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100")
    expected = [*evaluation.stats[:9]]
    assert [data["overall"][name] for name in names] == pytest.approx(expected, abs=1e-9)
    assert data["overall"]["AP50"] > 0.85 and set(data["splits"]) == {"clevr"}


def test_pictures_and_their_stored_detections_score_the_same(results, pictures, boxpaint) -> None:
    arguments = ("--layouts", SCENES, "--protocol", "layoutbench")
    code, data = boxpaint("evaluate", pictures, *arguments, "--shuffled")
    assert code == 0
    code, stored = boxpaint("evaluate", "--detections", results, *arguments)
    assert code == 0 and data["overall"]["AP"] == pytest.approx(stored["overall"]["AP"], abs=1e-6)
    assert data["shuffled"]["overall"] < 0.1 and data["detector"] == "clevr-mini-detector"
    assert data["splits"]["clevr"]["pictures"] == 8 and data["splits"]["clevr"]["targets"] == 40
    assert sum(part["targets"] for part in data["bins"]["aspect"].values()) == 40


def test_other_sizes_are_brought_to_320_and_that_is_said(pictures, boxpaint) -> None:
    _, before = boxpaint("evaluate", pictures, "--layouts", SCENES)
    for path in pictures.rglob("*.jpg"):
        Image.open(path).resize((512, 512), Image.Resampling.BICUBIC).save(path.with_suffix(".png"))
        path.unlink()
    code, data = boxpaint("evaluate", pictures, "--layouts", SCENES)
    assert code == 0 and [finding["kind"] for finding in data["preflight"]] == ["resized-pictures"]
    assert "8 of 512 × 512" in data["preflight"][0]["message"]
    assert abs(data["overall"]["AP50"] - before["overall"]["AP50"]) < 0.1


def test_missing_and_black_pictures_are_refused_or_told(pictures, boxpaint) -> None:
    first, second, third, *_ = sorted((pictures / "clevr" / "run").iterdir())
    first.unlink()
    Image.new("RGB", (320, 320)).save(second, quality=95)
    Image.open(third).save(pictures / "clevr" / "run" / "stranger.png")
    findings = refused(boxpaint, pictures, "--layouts", SCENES)
    assert findings["missing-pictures"]["items"] == [first.stem]
    assert findings["black-pictures"]["items"] == [f"clevr/run/{second.name}"]
    assert findings["extra-pictures"]["items"] == ["clevr/run/stranger.png"]
    code, data = boxpaint("evaluate", pictures, "--layouts", SCENES, "--allow-missing")
    assert code == 0 and data["splits"]["clevr"]["pictures"] == 7
    assert {finding["kind"] for finding in data["preflight"]} == {*findings}


def test_two_pictures_of_one_name_are_refused_unless_a_run_is_named(pictures, boxpaint) -> None:
    shutil.copytree(pictures / "clevr" / "run", pictures / "clevr" / "other")
    shutil.copytree(pictures / "clevr" / "run", pictures / "clevr" / "run_boxes")
    assert refused(boxpaint, pictures, "--layouts", SCENES)["doubled-pictures"]["count"] == 8
    code, data = boxpaint("evaluate", pictures, "--layouts", SCENES, "--run", "other")
    assert code == 0 and data["splits"]["clevr"]["pictures"] == 8
    code, data = boxpaint("evaluate", pictures, "--layouts", SCENES, "--run", "third")
    assert code == 2 and "other, run" in data["error"]["hint"]


def test_pictures_that_are_the_same_or_broken_are_named(pictures, boxpaint) -> None:
    first, second, third, *_ = sorted((pictures / "clevr" / "run").iterdir())
    shutil.copy(first, second)
    third.write_bytes(third.read_bytes()[:500])
    findings = refused(boxpaint, pictures, "--layouts", SCENES)
    assert findings["same-pictures"]["count"] == 1 and findings["unreadable-pictures"]["items"]
    code, data = boxpaint("evaluate", pictures, "--layouts", SCENES, "--allow-missing")
    assert code == 0 and data["splits"]["clevr"]["pictures"] == 7


def test_unknown_prompts_and_empty_splits_are_refused_or_told(pictures, boxpaint, tmp_path) -> None:
    def change(scenes: list[dict[str, Any]]) -> None:
        scenes[0]["objects"][0]["color"] = "plaid"
        scenes[1]["objects"], scenes[1]["split"] = [], "nothing"

    scenes = scenes_with(tmp_path, change)
    (pictures / "nothing" / "run").mkdir(parents=True)
    name = json.loads(SCENES.read_text())["scenes"][1]["image_filename"]
    (pictures / "clevr" / "run" / name).rename(pictures / "nothing" / "run" / name)
    findings = refused(boxpaint, pictures, "--layouts", scenes)
    assert findings["unknown-categories"]["items"][0].startswith("plaid")
    assert findings["empty-split"]["items"] == ["nothing"]
    code, data = boxpaint("evaluate", pictures, "--layouts", scenes, "--allow-missing")
    assert code == 0 and data["splits"]["nothing"]["AP"] == -1 and data["overall"]["AP"] > 0


def test_a_refusal_names_the_file_at_fault_and_tells_nothing_that_was_not_done(pictures, boxpaint, tmp_path) -> None:
    def change(scenes: list[dict[str, Any]]) -> None:
        scenes[3]["objects"][0]["color"] = "plaid"

    scenes = scenes_with(tmp_path, change)
    name = Path(json.loads(scenes.read_text())["scenes"][3]["image_filename"]).stem
    code, data = boxpaint("evaluate", pictures, "--layouts", scenes)
    assert code == 2 and data["error"]["file"] == str(scenes) and data["error"]["item"].endswith(f" in {name}")
    assert "left out" not in data["error"]["message"]
    for path in pictures.rglob("*.jpg"):
        path.write_bytes(b"no picture")
    for command in (("evaluate",), ("report", "--out", tmp_path / "report")):
        code, data = boxpaint(*command, pictures, "--layouts", SCENES, "--allow-missing")
        assert code == 2 and data["error"]["field"] == "unreadable-pictures" and data["error"]["file"] == str(pictures)
        assert data["error"]["hint"] == "Nothing is left to score." and data["preflight"][0]["count"] == 8


@pytest.mark.parametrize("field", ["scenes", "images"])
def test_a_split_without_layouts_is_refused_or_told(boxpaint, tmp_path, field) -> None:
    root = tmp_path / "bench"
    shutil.copytree(CLEVR / "images", root / "clevr" / "images")
    folder, end = ("scenes", "") if field == "scenes" else ("coco", "_coco")
    (root / "clevr" / folder).mkdir()
    if field == "scenes":
        shutil.copy(SCENES, root / "clevr" / "scenes" / "scenes_clevr.json")
    else:
        write(root / "clevr" / "coco" / "scenes_clevr_coco.json", read(SCENES).entries, "coco")
    nothing = {"scenes": [], "info": {}} if field == "scenes" else {"images": [], "annotations": [], "categories": []}
    (root / "clevr" / folder / f"scenes_clevr_none{end}.json").write_text(json.dumps(nothing))
    findings = refused(boxpaint, root, "--layouts", root)
    assert findings["empty-split"]["items"] == ["clevr_none"]
    code, data = boxpaint("evaluate", root, "--layouts", root, "--allow-missing")
    assert code == 0 and set(data["splits"]) == {"clevr"} and data["overall"]["AP50"] > 0.85
    assert boxpaint("evaluate", root, "--layouts", root, "--split", "clevr")[0] == 0


def test_a_held_out_share_of_too_few_layouts_is_refused_for_what_it_is(results, boxpaint, tmp_path) -> None:
    def two(scenes: list[dict[str, Any]]) -> None:
        del scenes[2:]

    stored = ("--detections", results, "--allow-missing", "--layouts")
    code, data = boxpaint("evaluate", *stored, scenes_with(tmp_path, two), "--held-out", 0.2)
    error = data["error"]
    assert code == 2 and error["field"] == "--held-out" and error["file"] == str(tmp_path / "scenes.json")
    assert "no split has more than 2" in error["message"] and "such as 1" in error["hint"]
    code, data = boxpaint("evaluate", *stored, scenes_with(tmp_path, two), "--held-out", 1)
    assert code == 0 and data["splits"]["clevr"]["pictures"] == 1

    def apart(scenes: list[dict[str, Any]]) -> None:
        scenes[0]["split"] = "single"

    code, data = boxpaint("evaluate", *stored, scenes_with(tmp_path, apart), "--held-out", 0.3)
    assert code == 0 and set(data["splits"]) == {"clevr"}
    assert ["single"] in [finding["items"] for finding in data["preflight"] if finding["kind"] == "empty-split"]


def test_layouts_without_an_object_are_not_blamed_on_the_prompts(results, boxpaint, tmp_path) -> None:
    def bare(scenes: list[dict[str, Any]]) -> None:
        for scene in scenes:
            scene["objects"] = []

    stored = ("--detections", results, "--allow-missing", "--layouts")
    code, data = boxpaint("evaluate", *stored, scenes_with(tmp_path, bare))
    assert code == 2 and "no target" in data["error"]["message"] and "has an object" in data["error"]["hint"]


def test_what_distances_need_is_asked_before_anything_is_detected(pictures, results, boxpaint, tmp_path) -> None:
    missing = tmp_path / "none.pt"
    (next(pictures.rglob("*.jpg"))).unlink()
    # The preflight, which comes later, would refuse the missing picture.
    code, data = boxpaint("evaluate", pictures, "--layouts", SCENES, "--fid", missing)
    assert code == 2 and data["error"]["file"] == str(missing) and data["error"]["field"] == "--fid"
    code, data = boxpaint("evaluate", "--detections", results, "--layouts", SCENES, "--fid", missing)
    assert code == 2 and data["error"]["field"] == "--fid" and "PICTURES" not in data["error"]["message"]
    assert data["error"]["hint"]


def test_results_of_another_dataset_are_refused(results, boxpaint, tmp_path) -> None:
    def change(scenes: list[dict[str, Any]]) -> None:
        for number, scene in enumerate(scenes):
            scene["image_index"], scene["image_filename"] = 5000 + number, f"other_{number}.png"

    other = scenes_with(tmp_path, change)
    code, data = boxpaint("evaluate", "--detections", results, "--layouts", other)
    assert code == 2 and "another dataset" in data["error"]["message"] and data["error"]["item"]
    rows = json.loads(results.read_text())
    mixed = tmp_path / "mixed.json"
    mixed.write_text(json.dumps([*rows, rows[0] | {"image_id": 999999}, rows[0] | {"category_id": 777}]))
    findings = refused(boxpaint, "--detections", mixed, "--layouts", SCENES)
    assert findings["other-dataset"]["items"] == ["999999"] and findings["unknown-categories"]["items"] == ["777"]
    code, data = boxpaint("evaluate", "--detections", mixed, "--layouts", SCENES, "--allow-missing")
    assert code == 0 and data["overall"]["AP50"] > 0.85


def test_results_may_name_pictures_instead_of_numbering_them(results, boxpaint, tmp_path) -> None:
    scenes = json.loads(SCENES.read_text())["scenes"]
    names = {scene["image_index"]: scene["image_filename"] for scene in scenes}
    rows = [row | {"image_id": names[row["image_id"]]} for row in json.loads(results.read_text())]
    named = tmp_path / "named.json"
    named.write_text(json.dumps(rows))
    _, expected = boxpaint("evaluate", "--detections", results, "--layouts", SCENES)
    code, data = boxpaint("evaluate", "--detections", named, "--layouts", SCENES)
    assert code == 0 and data["overall"] == expected["overall"]


def test_wrong_usage_is_one_sentence(pictures, boxpaint, tmp_path) -> None:
    (tmp_path / "empty").mkdir()
    for arguments, field in (
        ((), "PICTURES"),
        ((pictures, "--detections", "x.json"), "PICTURES"),
        ((pictures, "--protocol", "voc"), "protocol"),
        ((pictures, "--split", "number_few"), "split"),
        ((pictures, "--held-out", "0"), "--held-out"),
        ((pictures, "--detector", "none"), "detector"),
        ((tmp_path / "nowhere",), None),
        ((tmp_path / "empty",), None),
        ((SCENES,), None),
    ):
        code, data = boxpaint("evaluate", *arguments, "--layouts", SCENES)
        assert code == 2 and data["error"]["field"] == field, (arguments, data)


def test_detect_without_layouts_takes_ids_from_names_and_goes_on_past_broken_pictures(boxpaint, tmp_path) -> None:
    source = sorted((CLEVR / "images").iterdir())[0]
    shutil.copy(source, tmp_path / "000000000042.jpg")
    shutil.copy(source, tmp_path / "scene.jpg")
    (tmp_path / "broken.png").write_bytes(b"no picture")
    code, data = boxpaint("detect", tmp_path, "--out", tmp_path / "out" / "found.json")
    rows = json.loads((tmp_path / "out" / "found.json").read_text())
    assert code == 3 and data["pictures"] == 2 and data["failed"] == [str(tmp_path / "broken.png")]
    assert {row["image_id"] for row in rows} == {42, "scene"} and len(rows) == data["detections"]
    assert {row["category_id"] for row in rows} <= {category["id"] for category in data["categories"]}
    code, data = boxpaint("detect", tmp_path / "nothing.png", "--out", tmp_path / "found.json")
    assert code == 2 and data["error"]["file"] == str(tmp_path / "nothing.png")


def test_why_gives_every_target_a_verdict(results, boxpaint, tmp_path) -> None:
    file = tmp_path / "verdicts.jsonl"
    code, data = boxpaint("evaluate", "--detections", results, "--layouts", SCENES, "--why", "--verdicts", file)
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    assert code == 0 and sum(row["object"] is not None for row in rows) == 40
    counts = data["verdicts"]["splits"]["clevr"]
    assert counts["hit"] == sum(row["verdict"] == "hit" for row in rows) > 30
    assert data["gains"]["missing"]["AP"] >= 0 and data["steps_known"] == 0


def test_scores_are_kept_beside_the_pictures(results, pictures, boxpaint, tmp_path) -> None:
    code, data = boxpaint("evaluate", pictures, "--layouts", SCENES, "--keep", "--run", "run")
    assert code == 0 and scored_runs(pictures) == ["run"]
    scores = read_picture_scores(pictures, "run")
    assert sum(score.targets for score in scores) == 40
    assert sum(score.hits for score in scores) == sum(data["verdicts"]["overall"][name] for name in FOUND)
    summary = read_summary(pictures, "run")
    assert summary["overall"] == data["overall"] and summary["pictures"] == str(pictures)
    # Stored detections of anybody's detector are kept beside the same pictures, and give the same.
    more = ("--keep", pictures, "--run", "theirs")
    assert boxpaint("evaluate", "--detections", results, "--layouts", SCENES, *more)[0] == 0
    assert [score.verdicts for score in read_picture_scores(pictures, "theirs")] == [score.verdicts for score in scores]
    code, data = boxpaint("evaluate", "--detections", results, "--layouts", SCENES, "--keep")
    assert code == 2 and data["error"]["field"] == "--keep"
    assert boxpaint("evaluate", "--detections", results, "--layouts", SCENES, "--keep", tmp_path / "none")[0] == 2


def test_attached_it_tells_findings_and_progress_and_ends_with_its_input(pictures) -> None:
    words = ["evaluate", str(pictures), "--layouts", str(SCENES), "--json", "--attached"]
    child = subprocess.Popen(
        [sys.executable, "-m", "desktop_app", *words], stdin=-1, stdout=-1, stderr=subprocess.PIPE, text=True
    )
    told = []
    for line in child.stderr:
        told += [json.loads(line)] if line.startswith("{") else []
        if told and "preflight" in told[-1]:
            break
    child.stdin.close()
    assert child.wait(60) == 130 and child.stdout.read() == ""
    assert told[0]["progress"]["what"] == "looking at pictures"
    assert all(one["progress"]["done"] <= one["progress"]["total"] for one in told[:-1])
    child.stdout.close()
    child.stderr.close()
