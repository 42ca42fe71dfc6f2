"""``boxpaint study``: an export, its scores and one figure, with a tiny pipeline and the built-in detector."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from desktop_app.__main__ import main
from desktop_app.commands.study import NAMES, TABLE
from engine.batch.studies import STUDIES
from tests.pipelines import make_tiny_pipeline

SCENES = Path(__file__).parents[1] / "data" / "clevr" / "scenes.json"


@pytest.fixture
def study(tiny_pipeline, tmp_path, capsys):
    """Runs a study on the first layout; its exit code and document."""

    def call(name: str, *more: object) -> tuple[int, dict]:
        arguments = ["study", name, SCENES, "--model", tiny_pipeline, "--out", tmp_path / "out", "--first", "1"]
        arguments += ["--size", "64x64", "--workers", "0", *more, "--json"]
        code = main(list(map(str, arguments)))
        return code, json.loads(capsys.readouterr().out)

    return call


def test_every_study_has_a_command() -> None:
    assert (*STUDIES, TABLE) == NAMES


@pytest.mark.parametrize(
    ("name", "more", "column", "values"),
    [
        ("steps", ("--values", "1,2"), "steps", [1, 2]),
        ("orders", ("--values", "given,top-down", "--steps", "1"), "order", ["given", "top-down"]),
        ("compositing", ("--steps", "1"), "compositing", ["paste", "repaint"]),
        ("propagation", ("--steps", "1"), "step", [1, 2, 3, 4, 5]),
    ],
)
def test_a_study_ends_in_one_figure_and_its_table(name, more, column, values, study, tmp_path) -> None:
    code, data = study(name, *more)
    assert code == 0 and [row[column] for row in data["rows"]] == values
    figure = ElementTree.parse(tmp_path / "out" / f"{name}.svg").getroot()
    assert figure.tag.endswith("svg")
    with (tmp_path / "out" / f"{name}.csv").open() as file:
        assert len(list(csv.DictReader(file))) == len(values)


def test_waves_go_from_two_to_one_for_each_step(study, tmp_path) -> None:
    everything = ("--values", "sequential,auto,parallel", "--steps", "1")
    code, data = study("waves", *everything)
    assert code == 2 and data["error"]["item"] == "tiny_waves_waves-parallel"
    # All objects in one prompt need a text encoder that reads so much.
    model = make_tiny_pipeline(tmp_path / "long", text_length=48)
    code, data = study("waves", "--model", model, *everything)
    assert code == 0
    waves = {row["waves"]: row["waves per picture"] for row in data["rows"]}
    # Area "full" sees the whole picture, so that no two steps go together; there are five objects.
    assert waves == {"parallel": 2, "auto": 6, "sequential": 6}
    assert (tmp_path / "out" / "waves.svg").read_text().count("2.0 waves") == 1


def test_values_that_are_wrong_are_told_before_painting(study, tmp_path) -> None:
    assert study("propagation", "--values", "1")[1]["error"]["field"] == "--values"
    assert study("steps", "--values", "0")[1]["error"]["field"] == "steps"
    assert study("orders", "--values", "sideways")[0] == 2
    assert study("steps", "--protocol", "voc")[0] == 2
    assert study("steps", "--detector", "none")[0] == 2
    assert study("waves", "--values", "none")[1]["error"]["field"] == "--values"
    assert study("steps", "--models", "clevr-mini")[1]["error"]["field"] == "--models"
    assert study("table", "--models", "none")[1]["error"]["field"] == "model"
    assert study("table", "--models", "clevr-mini:area=")[1]["error"]["field"] == "--models"
    assert study("table", "--models", "clevr-mini:speed=1")[1]["error"]["field"] == "--sweep"
    assert study("table", "--held-out", "0")[1]["error"]["field"] == "--held-out"
    assert not (tmp_path / "out").exists()


def test_the_table_has_the_ground_truth_chance_and_a_row_for_each_model(study, tiny_pipeline, tmp_path) -> None:
    models = (tiny_pipeline, f"{tiny_pipeline}:steps=2")
    more = ("--steps", "1", "--first", "2")
    code, data = study("table", "--models", *models, *more)
    assert code == 0 and list(data["rows"]) == ["ground truth", "shuffled ground truth", "tiny", "tiny_steps-2"]
    truth, chance = data["rows"]["ground truth"], data["rows"]["shuffled ground truth"]
    assert truth["mean"]["AP50"] > 0.9 > 0.1 > chance["mean"]["AP50"] and truth["clevr"] == truth["mean"]
    assert data["rows"]["tiny"]["pictures"] == 2
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.jpg")}
    assert len(before) == 4
    with (tmp_path / "out" / "table_AP.csv").open() as file:
        assert [row["model"] for row in csv.DictReader(file)] == list(data["rows"])
    markdown = (tmp_path / "out" / "table_AP50.md").read_text().splitlines()
    assert markdown[0] == "| model | pictures | clevr | mean |" and len(markdown) == 6
    assert ElementTree.parse(tmp_path / "out" / "table_AP.svg").getroot().tag.endswith("svg")
    # Started again it paints nothing; another row can join.
    assert study("table", "--models", *models, f"{tiny_pipeline}:steps=3", *more)[0] == 0
    after = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.jpg")}
    assert len(after) == 6 and after.items() >= before.items()
