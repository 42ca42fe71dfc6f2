"""``boxpaint report``: a page that needs nothing else, tables, and COCO files that pycocotools reads."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from desktop_app.__main__ import main
from engine.evaluation.report import charts
from engine.evaluation.report.tables import Table

CLEVR = Path(__file__).parents[1] / "data" / "clevr"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
VOID = {"meta", "br", "rect", "image", "line"}


class Tags(HTMLParser):
    """Checks that every tag is closed, and collects what a page refers to."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag, attrs) -> None:
        self.links += [value for name, value in attrs if name in ("href", "src", "xlink:href")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs) -> None:
        self.links += [value for name, value in attrs if name in ("href", "src", "xlink:href")]

    def handle_endtag(self, tag) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> tuple[Path, dict]:
    """A report on two runs: the shipped test pictures, and the same ones with their neighbours' content."""
    folder = tmp_path_factory.mktemp("report")
    pictures = sorted((CLEVR / "images").iterdir())
    for run, shift in (("good", 0), ("bad", 1)):
        (folder / "out" / "clevr" / run).mkdir(parents=True)
        for place, path in enumerate(pictures):
            shutil.copy(pictures[(place + shift) % len(pictures)], folder / "out" / "clevr" / run / path.name)
    arguments = ["report", folder / "out", "--layouts", CLEVR / "scenes.json", "--out", folder / "report"]
    arguments += ["--run", "good", "--run", "bad", "--samples", "50", "--shuffled", "--title", "Runs <good> & bad"]
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        assert main([*map(str, arguments), "--json"]) == 0
    return folder / "report", json.loads(printed.getvalue())


def test_the_page_is_whole_and_refers_to_nothing_outside(report) -> None:
    page = (report[0] / "report.html").read_text()
    tags = Tags()
    tags.feed(page)
    assert tags.open == [] and tags.links and all(link.startswith("data:") for link in tags.links)
    assert "<script" not in page and "Runs &lt;good&gt; &amp; bad" in page
    for what in ("Worst examples", "Best examples", "Paired bootstrap", "torch", "AP of each split"):
        assert what in page
    assert page.count("<figure>") == 24


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
def test_a_browser_shows_the_page_without_complaint(report, tmp_path) -> None:
    page, picture = report[0] / "report.html", tmp_path / "page.png"
    options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
    options += ["--disable-background-networking", "--enable-logging=stderr", "--hide-scrollbars"]
    options += [f"--user-data-dir={tmp_path / 'profile'}", "--window-size=1000,1600", f"--screenshot={picture}"]
    command = [CHROMIUM, *options, "--dump-dom", page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=True)
    assert "CONSOLE" not in done.stderr
    written = page.read_text()
    for tag in ("<table", "<svg", "<figure", "<rect", "<caption"):
        assert done.stdout.count(tag) == written.count(tag) > 0, tag
    with Image.open(picture) as shot:
        assert shot.size == (1000, 1600)
        # Text and the charts' bars in their colours: a page that did not render is of one colour.
        colors = {color for _, color in shot.convert("RGB").getcolors(2**21)}
        assert {(0x00, 0x72, 0xB2), (0xE6, 0x9F, 0x00)} <= colors


def test_runs_are_compared(report) -> None:
    _, data = report
    good, bad = (run["overall"]["AP"] for run in data["runs"])
    (difference,) = data["differences"]
    assert good > 0.7 > 0.2 > bad
    assert difference["runs"] == ["bad", "good"] and difference["is_real"]
    assert difference["value"] == pytest.approx(bad - good)
    assert data["runs"][1]["verdicts"]["overall"]["hit"] < data["runs"][0]["verdicts"]["overall"]["hit"]


def test_wins_and_losses_are_told_picture_by_picture(report) -> None:
    _, data = report
    (path,) = [file for file in data["files"] if "against" in file]
    duels = json.loads(Path(path).read_text())
    assert (duels["first"], duels["second"]) == ("good", "bad") and len(duels["pictures"]) == 8
    assert duels["outcomes"]["loss"] >= 7
    for duel in duels["pictures"]:
        assert duel["hits"][1] - duel["hits"][0] == len(duel["won"]) - len(duel["lost"])
    assert duels["pictures"][0]["lost"] and duels["pictures"][0]["outcome"] == "loss"


def test_tables_say_what_the_scores_say(report) -> None:
    folder, data = report
    with (folder / "overview.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [float(row["overall"]) for row in rows] == [run["overall"]["AP"] for run in data["runs"]]
    assert {"splits_good.csv", "verdicts_bad.tex", "spread.csv", "bins_good.tex"} <= {p.name for p in folder.iterdir()}
    latex = (folder / "verdicts_good.tex").read_text()
    assert latex.count(r"\\") >= 3 and re.search(r"wrong-attribute", latex) and "_" not in latex.replace(r"\_", "")


def test_coco_files_give_pycocotools_the_same_ap(report) -> None:
    folder, data = report
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO(str(folder / "ground_truth_coco.json"))
        evaluation = COCOeval(coco, coco.loadRes(str(folder / "detections_coco_good.json")), "bbox")
        for action in (evaluation.evaluate, evaluation.accumulate, evaluation.summarize):
            action()
    assert evaluation.stats[0] == pytest.approx(data["runs"][0]["pooled"]["AP"], abs=1e-9)


def test_what_the_preflight_saw_is_refused_or_stands_on_the_page(tmp_path, capsys) -> None:
    folder, scenes = tmp_path / "pictures", json.loads((CLEVR / "scenes.json").read_text())
    shutil.copytree(CLEVR / "images", folder)
    first, second, third, fourth, *_ = sorted(folder.iterdir())
    first.rename(folder / "stranger.jpg")
    Image.new("RGB", (320, 320)).save(second)
    shutil.copy(third, third.with_suffix(".jpeg"))
    Image.open(fourth).resize((200, 100)).save(fourth)
    scenes["scenes"][4]["objects"][0]["color"] = "plaid"
    scenes["scenes"][5] |= {"objects": [], "split": "nothing"}
    (tmp_path / "scenes.json").write_text(json.dumps(scenes))
    words = ["report", folder, "--layouts", tmp_path / "scenes.json", "--out", tmp_path / "report", "--json"]
    assert main(list(map(str, words))) == 2
    data = json.loads(capsys.readouterr().out)
    assert all(data["error"][name] for name in ("kind", "message", "file", "item", "field", "hint"))
    assert not (tmp_path / "report").exists()
    assert main([*map(str, words), "--allow-missing"]) == 0
    (told,) = json.loads(capsys.readouterr().out)["preflight"]
    kinds = {finding["kind"] for finding in told["findings"]}
    assert kinds == {finding["kind"] for finding in data["preflight"]}
    assert {"missing-pictures", "extra-pictures", "black-pictures", "doubled-pictures", "empty-split"} <= kinds
    assert {"unknown-categories", "resized-pictures", "stretched-pictures"} <= kinds
    page = (tmp_path / "report" / "report.html").read_text()
    for what in (first.stem, second.name, f"{third.stem}.jpeg", "200 × 100", "stranger.jpg", "plaid", "(nothing)"):
        assert what in page[page.index("<h2>Preflight") : page.index("<h2>Charts")], what


def test_bad_input_is_told(tmp_path, unwritable, capsys) -> None:
    scenes = str(CLEVR / "scenes.json")
    assert main(["report", "--layouts", scenes, "--out", str(tmp_path), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["field"] == "PICTURES"
    arguments = ["report", str(CLEVR / "images"), "--layouts", scenes, "--out", str(unwritable), "--json"]
    assert main(arguments) == 2
    assert json.loads(capsys.readouterr().out)["error"]["kind"] == "output"


def test_charts_and_tables_cope_with_nothing_and_with_odd_names() -> None:
    assert "nothing to show" in charts.lines({}, title="t", x_title="x", y_title="y")
    line = charts.lines({"a": [(1, 0.5), (2, 0.5)]}, title="<t>", x_title="x", y_title="y", marks={"a": ["1 s", "2 s"]})
    assert "&lt;t&gt;" in line and "<t>" not in line
    assert "–" in charts.bars({"a": {"AP": -1.0}}, title="t")
    assert charts.stacked({"a": {"hit": 0}}, title="t").endswith("</svg>")
    table = Table("t", "50 % & more", ("a_b", "AP"), (("x<y", -1.0), ("z", 0.5)))
    assert "x&lt;y" in table.html() and r"50 \% \& more" in table.latex() and "x<y,\n" in table.csv()
