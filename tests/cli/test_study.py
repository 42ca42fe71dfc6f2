"""``boxpaint study``: an export, its scores and one figure, with a tiny pipeline and the built-in detector."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from desktop_app.__main__ import main
from desktop_app.commands.study import NAMES
from engine.batch.studies import STUDIES

SCENES = Path(__file__).parents[1] / "data" / "clevr" / "scenes.json"


@pytest.fixture
def study(tiny_pipeline, tmp_path, capsys):
    """Runs a study on the first layout; its exit code and document."""

    def call(name: str, *more: object) -> tuple[int, dict]:
        arguments = ["study", name, SCENES, "--model", tiny_pipeline, "--out", tmp_path / "out", "--first", "1"]
        arguments += ["--size", "64x64", "--workers", "1", *more, "--json"]
        code = main(list(map(str, arguments)))
        return code, json.loads(capsys.readouterr().out)

    return call


def test_every_study_has_a_command() -> None:
    assert tuple(STUDIES) == NAMES


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


def test_values_that_are_wrong_are_told_before_painting(study, tmp_path) -> None:
    assert study("propagation", "--values", "1")[1]["error"]["field"] == "--values"
    assert study("steps", "--values", "0")[1]["error"]["field"] == "steps"
    assert study("orders", "--values", "sideways")[0] == 2
    assert study("steps", "--protocol", "voc")[0] == 2
    assert study("steps", "--detector", "none")[0] == 2
    assert not (tmp_path / "out").exists()
