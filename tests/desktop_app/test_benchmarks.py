"""Benchmarks in the real window: a small export, its scores, the gallery, and from a picture to the timeline."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import psutil
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop_app.__main__ import main
from desktop_app.model_choices import folder_choice
from engine.batch.ledger import FILE
from engine.batch.overview import read_overview
from engine.evaluation.kept_scores import score_files
from tests.detectors import make_tiny_detector, make_tiny_inception
from tests.ui.driver import CTRL, LEFT, SHIFT, press_key
from ui.compare.view import CompareView

SCENES = Path(__file__).parents[1] / "data" / "clevr" / "scenes.json"
CHILD = 250_000
"""Milliseconds that a command in a process of its own may take on a busy machine."""


@pytest.fixture(scope="module")
def dataset(tmp_path_factory) -> Path:
    """Four layouts of one to three objects in two splits."""
    scenes = json.loads(SCENES.read_text())["scenes"][:4]
    for number, scene in enumerate(scenes):
        split = ("number_few", "size_tiny")[number % 2]
        scene |= {"split": split, "image_index": number, "image_filename": f"scene_{number}.png"}
        scene["objects"] = scene["objects"][: number % 3 + 1]
    file = tmp_path_factory.mktemp("layouts") / "scenes.json"
    file.write_text(json.dumps({"info": {}, "scenes": scenes}))
    return file


@pytest.fixture(scope="module")
def detector(tmp_path_factory) -> Path:
    return make_tiny_detector(tmp_path_factory.mktemp("detector") / "tiny")


@pytest.fixture(scope="module")
def painted(dataset, pipeline, tmp_path_factory) -> Path:
    """An export of two runs with its steps, scored by the built-in detector.

    The first run's pictures are real renders in the place of what the tiny pipeline painted, so that there are hits.
    """
    out = tmp_path_factory.mktemp("export") / "out"
    words = ["batch", str(dataset), "--out", str(out), "--model", str(pipeline), "--size", "192x128", "--name", "run"]
    assert main([*words, "--sweep", "steps=1,2", "--iterations", "--workers", "0", "--json"]) == 0
    for number, scene in enumerate(json.loads(SCENES.read_text())["scenes"][:4]):
        (file,) = out.glob(f"*/run_steps-1/scene_{number}.png")
        info = PngInfo()
        info.add_itxt("boxpaint", Image.open(file).text["boxpaint"])
        render = Image.open(SCENES.parent / "images" / scene["image_filename"])
        render.convert("RGB").resize((192, 128)).save(file, pnginfo=info)
    for run in ("run_steps-1", "run_steps-2"):
        assert main(["evaluate", str(out), "--layouts", str(dataset), "--keep", "--json", "--run", run]) == 0
    return out


@pytest.fixture
def export(painted, tmp_path) -> Path:
    """The export, for one test alone."""
    return Path(shutil.copytree(painted, tmp_path / "export"))


@pytest.fixture
def benchmarks(window):
    return window.benchmarks


def open_export(benchmarks, answers, qtbot, folder: Path) -> None:
    answers.folder = folder
    benchmarks._window.actions_by_id["bench_open"].trigger()
    assert answers.asked[-1] == "choose Folder of an export"
    qtbot.waitUntil(lambda: not benchmarks._opening.busy)


def shown(panel) -> list[str]:
    return [panel.model.shot_at(row).name for row in range(panel.model.rowCount())]


def pick(combo, value: str) -> None:
    """Choose an entry as a person does: the list drops, arrow keys, Enter."""
    combo.showPopup()
    QTest.keyClick(combo.view(), Qt.Key.Key_Home)
    for _ in range(combo.findData(value)):
        QTest.keyClick(combo.view(), Qt.Key.Key_Down)
    QTest.keyClick(combo.view(), Qt.Key.Key_Return)
    assert combo.currentData() == value


class TestExport:
    @pytest.fixture
    def form(self, window, benchmarks, pipeline, dataset, tmp_path):
        """The form, filled in by keyboard for an export with the tiny pipeline."""
        window.generation.form.add_model(folder_choice(str(pipeline)))
        window.generation.form.steps.setValue(1)
        window.generation.form.width_box.setValue(64)
        window.generation.form.height_box.setValue(48)
        QTest.keyClick(window, Qt.Key.Key_E, CTRL | SHIFT)
        form = benchmarks.page.export.form
        assert benchmarks.shown and not benchmarks.page.export.start.isEnabled()
        QTest.keyClicks(form.dataset.line, str(dataset))
        QTest.keyClicks(form.out.line, str(tmp_path / "out"))
        QTest.keyClicks(form.name, "run")
        form.workers.setValue(1)
        said = form.painting.text().replace("\xa0", " ")
        assert "tiny" in said and "64 × 48" in said
        return form

    def test_by_mouse_and_keyboard_to_the_gallery(self, window, benchmarks, form, qtbot, tmp_path) -> None:
        panel = benchmarks.page.export
        QTest.keyClicks(form.splits, "number_few")
        qtbot.mouseClick(panel.start, LEFT)
        assert benchmarks.busy and panel.stop.isEnabled() and not panel.form.isEnabled()
        qtbot.waitUntil(lambda: not benchmarks.busy, timeout=CHILD)
        qtbot.waitUntil(lambda: "2 of 2 pictures are painted" in panel.state.text())
        assert [panel.runs.topLevelItem(0).text(place) for place in range(4)] == ["run", "2", "0", "2"]
        assert panel.failures.isHidden() and not panel.resume.isEnabled()
        assert (tmp_path / "out" / "number_few" / "run_iter" / "scene_0" / "steps.json").is_file()
        QTest.keyClick(window, Qt.Key.Key_G, CTRL | SHIFT)
        assert shown(benchmarks.page.gallery) == ["scene_0", "scene_2"]

    def test_stopped_it_goes_on_and_the_window_answers_meanwhile(
        self, window, benchmarks, form, qtbot, tmp_path
    ) -> None:
        window.generation.form.steps.setValue(20)
        panel = benchmarks.page.export
        qtbot.mouseClick(panel.start, LEFT)
        turns: list[int] = []
        benchmarks.exporting.child.progressed.connect(lambda what, done, total: turns.append(done))
        qtbot.waitUntil(lambda: any(turns), timeout=CHILD)
        press_key(window.canvas, Qt.Key.Key_D)  # the event loop turns: a key is taken while it paints
        qtbot.mouseClick(panel.stop, LEFT)
        qtbot.waitUntil(lambda: not benchmarks.busy, timeout=CHILD)
        qtbot.waitUntil(lambda: "“Go on” paints the rest" in panel.state.text())
        done = read_overview(tmp_path / "out").counts().done
        assert 0 < done < 4 and panel.resume.isEnabled()
        qtbot.mouseClick(panel.resume, LEFT)
        qtbot.waitUntil(lambda: not benchmarks.busy, timeout=CHILD)
        qtbot.waitUntil(lambda: "4 of 4 pictures are painted" in panel.state.text())

    def test_the_window_asks_before_it_closes_and_the_next_one_offers_to_go_on(
        self, session, window, benchmarks, form, qtbot, answers, tmp_path
    ) -> None:
        qtbot.mouseClick(benchmarks.page.export.start, LEFT)
        assert session.settings.get("painting_export") == str(tmp_path / "out")
        answers.stop = False
        window.close()
        assert answers.asked[-1] == "stop the export" and window.isVisible()
        # The end of the window's process closes the pipe; here the process is killed, which leaves less behind.
        psutil.Process(benchmarks.exporting.child.pid).kill()
        qtbot.waitUntil(lambda: not benchmarks.busy, timeout=CHILD)
        assert "ended by itself" in window.messages.text.text()

    def test_an_export_that_was_cut_off_is_offered(self, window, benchmarks, export, qtbot) -> None:
        with sqlite3.connect(export / FILE) as database:
            database.execute("UPDATE items SET state = 'open' WHERE name = 'scene_3'")
        (export / "size_tiny" / "run_steps-2" / "scene_3.png").unlink()
        (export / "size_tiny" / "run_steps-1" / "scene_3.png").unlink()
        benchmarks.offer(export)
        qtbot.waitUntil(lambda: "was cut off: 6 of 8 pictures" in window.messages.text.text())
        assert window.messages.buttons[0].text() == "Go on"
        qtbot.mouseClick(window.messages.buttons[0], LEFT)
        qtbot.waitUntil(lambda: benchmarks.busy)
        qtbot.waitUntil(lambda: not benchmarks.busy, timeout=CHILD)
        qtbot.waitUntil(lambda: "8 of 8 pictures" in benchmarks.page.export.state.text())

    def test_bad_input_is_told(self, window, benchmarks, form, qtbot, tmp_path) -> None:
        form.dataset.set_text(str(tmp_path / "nothing.json"))
        qtbot.mouseClick(benchmarks.page.export.start, LEFT)
        qtbot.waitUntil(lambda: not benchmarks.busy, timeout=CHILD)
        assert "nothing.json" in window.messages.text.text() and "nothing.json" in benchmarks.page.export.state.text()
        assert not (tmp_path / "out").exists()


class TestGallery:
    @pytest.fixture
    def gallery(self, benchmarks, answers, qtbot, export):
        open_export(benchmarks, answers, qtbot, export)
        return benchmarks.page.gallery

    def test_sorting_filters_and_the_worst_picture(self, gallery, benchmarks, export, qtbot) -> None:
        assert benchmarks.shown and gallery.view.hasFocus()
        assert shown(gallery) == ["scene_0", "scene_2", "scene_1", "scene_3"], "as they were painted, split by split"
        pick(gallery.bar.sort, "objects")
        qtbot.mouseClick(gallery.bar.down, LEFT)
        assert shown(gallery)[0] == "scene_2", "the one with three objects"
        pick(gallery.bar.sort, "ap")
        scores = {one.name: one.score for one in read_overview(export).pictures if one.run == "run_steps-1"}
        aps = [scores[name].ap for name in shown(gallery)]
        assert aps == sorted(aps) and aps[0] < aps[-1]
        assert gallery.view.current.name == shown(gallery)[0], "the worst is looked at"
        pick(gallery.bar.split, "size_tiny")
        assert sorted(shown(gallery)) == ["scene_1", "scene_3"] and "2 of 4" in gallery.bar.count.text()
        pick(gallery.bar.split, "")
        QTest.keyClicks(gallery.bar.search, "scene_2")
        qtbot.waitUntil(lambda: shown(gallery) == ["scene_2"])
        assert gallery.view.current.name == "scene_2" and gallery.verdicts.topLevelItemCount() >= 3

    def test_thumbnails_are_read_when_they_are_seen(self, gallery, qtbot) -> None:
        qtbot.waitUntil(lambda: len(gallery.view.pictures) == 4)
        image = gallery.view.pictures.get(gallery.view.current.file)
        assert (image.width(), image.height()) == (192, 128)

    def test_wins_and_losses_of_two_runs(self, gallery, benchmarks, qtbot) -> None:
        pick(gallery.bar.other, "run_steps-2")
        assert all(shot.other is not None and shot.other.run == "run_steps-2" for shot in gallery.model.shots)
        outcomes = [shot.outcome for shot in gallery.model.shots]
        assert "win" in outcomes
        for outcome in ("win", "loss", "draw"):
            pick(gallery.bar.outcome, outcome)
            assert len(shown(gallery)) == outcomes.count(outcome)
        pick(gallery.bar.outcome, "")
        qtbot.mouseClick(gallery.compare, LEFT)
        pair = benchmarks.gallery.comparison
        view = pair.findChild(CompareView)
        qtbot.waitUntil(pair.isActiveWindow)
        assert view.hasFocus() and view.equal() is False
        QTest.keyClick(view, Qt.Key.Key_Escape)
        assert not pair.isVisible()

    def test_from_a_missed_box_to_its_step_and_a_branch(self, window, gallery, benchmarks, qtbot, pipeline) -> None:
        window.generation.form.add_model(folder_choice(str(pipeline)))
        benchmarks.show("gallery")
        gallery.view.show_row(shown(gallery).index("scene_2"))
        second = gallery.verdicts.topLevelItem(1)
        place = gallery.verdicts.visualItemRect(second).center()
        qtbot.mouseClick(gallery.verdicts.viewport(), LEFT, pos=place)
        QTest.keyClick(gallery.verdicts, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: not benchmarks.shown)
        wanted = window.document.layout.objects[1].id
        assert len(window.document.layout.objects) == 3 and window.document.selection == (wanted,)
        model = window.run_model
        assert len(model.steps) == 4 and model.shown.step.object_id == wanted
        assert window.generation.form.options().steps == 1, "as the picture was painted"
        assert all(view.detections is None for view in model.steps[:-1]) and model.steps[-1].detections
        base = model.run
        window.edits.duplicate()
        window.generation.form.detect.setChecked(False)
        QTest.keyClick(window, Qt.Key.Key_B, CTRL)
        qtbot.waitUntil(lambda: model.run != base and model.finished, timeout=CHILD)
        assert [view.reused for view in model.steps] == [True, False, False, False, False]

    def test_a_picture_without_steps_lies_behind_its_boxes(self, window, gallery, benchmarks, export, qtbot) -> None:
        for folder in export.glob("*/*_iter"):
            shutil.rmtree(folder)
        QTest.keyClick(gallery.view, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: not benchmarks.shown)
        assert window.reference.shown and "kept no steps" in window.messages.text.text()

    def test_what_is_not_saved_is_asked_about(self, window, gallery, benchmarks, answers, qtbot) -> None:
        window.document.apply("Draw", window.document.layout.with_objects(()))
        layout = window.document.layout
        window.document.mark_saved(None)
        answers.changes = "cancel"
        qtbot.mouseClick(gallery.open, LEFT)
        qtbot.waitUntil(lambda: answers.asked[-1].startswith("changes"))
        assert window.document.layout is layout and benchmarks.shown

    def test_keys_mean_the_gallery_and_not_the_canvas_behind_it(self, window, gallery, benchmarks) -> None:
        benchmarks.leave()
        window.files.show_copy(_two_objects(), "two")
        window.edits.select_all()
        benchmarks.show("gallery")
        for key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_F2):
            QTest.keyClick(gallery.view, key)
        assert len(window.document.layout.objects) == 2 and not window.canvas.editor.open
        QTest.keyClick(gallery.view, Qt.Key.Key_Escape)
        assert not benchmarks.shown

    def test_missing_and_damaged_pictures_are_shown_as_such(self, window, gallery, export, qtbot) -> None:
        (export / "number_few" / "run_steps-1" / "scene_0.png").unlink()
        (export / "size_tiny" / "run_steps-1" / "scene_1.png").write_bytes(b"no picture")
        window.pictures.forget()
        gallery.view.pictures.clear()
        gallery.view.show_row(shown(gallery).index("scene_1"))
        assert "cannot be read" in gallery.picture.accessibleDescription()
        gallery.view.show_row(shown(gallery).index("scene_0"))
        assert "missing" in gallery.picture.accessibleDescription()
        qtbot.mouseClick(gallery.open, LEFT)
        qtbot.waitUntil(lambda: "the picture is missing" in window.messages.text.text())


def test_folders_that_are_no_export_and_damaged_ones_are_told(window, benchmarks, answers, qtbot, export, tmp_path):
    (tmp_path / "empty").mkdir()
    open_export(benchmarks, answers, qtbot, tmp_path / "empty")
    assert "there is no export in this folder" in window.messages.text.text() and not benchmarks.shown
    file = score_files(export, "run_steps-1")[1]
    file.write_bytes(b"no database" * 400)
    open_export(benchmarks, answers, qtbot, export)
    assert "these scores are damaged" in window.messages.text.text()
    assert shown(benchmarks.page.gallery), "the pictures are shown all the same"
    for end in ("", "-wal", "-shm"):
        Path(f"{export / FILE}{end}").unlink(missing_ok=True)
    (export / FILE).write_bytes(b"no database" * 400)
    open_export(benchmarks, answers, qtbot, export)
    assert "state is damaged" in window.messages.text.text()


class TestScores:
    @pytest.fixture
    def panel(self, benchmarks, answers, qtbot, export):
        """The panel of an export that was not scored yet."""
        shutil.rmtree(export / "boxpaint-scores")
        open_export(benchmarks, answers, qtbot, export)
        QTest.keyClick(benchmarks._window, Qt.Key.Key_E, CTRL | Qt.KeyboardModifier.AltModifier)
        panel = benchmarks.page.scores
        assert panel.state.text() == "Not scored yet." and panel.run.count() == 0
        assert panel.form.source.currentData() == "clevr-mini-detector"
        return panel

    def test_scoring_two_runs_and_on_to_the_pictures_behind_a_bar(
        self, panel, benchmarks, dataset, qtbot, export
    ) -> None:
        assert panel.form.layouts.text == str(dataset), "the export remembers it"
        qtbot.mouseClick(panel.score, LEFT)
        assert benchmarks.scoring.busy and not panel.score.isEnabled()
        qtbot.waitUntil(lambda: not benchmarks.scoring.busy and panel.run.count() == 2, timeout=CHILD)
        rows = {bar.row for bar in panel.precision.bars}
        assert rows == {"number_few", "size_tiny", "overall"}, "the skill of a single split is that split's"
        summary = read_overview(export).runs["run_steps-1"].summary
        model = panel.figures.model()
        assert model.rowCount() == 3 and model.index(0, 0).data() == "number_few"
        assert model.index(0, 1).data() == f"{summary['splits']['number_few']['AP']:.3f}"
        assert panel.bins.model().rowCount() > 3 and panel.gains.model().rowCount() == 10
        bar = next(bar for bar in panel.verdicts.bars if bar.row == "size_tiny")
        qtbot.mouseClick(panel.verdicts, LEFT, pos=bar.place.center().toPoint())
        gallery = benchmarks.page.gallery
        assert benchmarks.page.tabs.currentWidget() is gallery
        found = [gallery.model.shot_at(row) for row in range(gallery.model.rowCount())]
        assert found and all(shot.split == "size_tiny" and shot.count(bar.series) for shot in found)

    def test_what_the_preflight_refuses_is_told_and_can_be_gone_on_with(self, panel, benchmarks, qtbot, export) -> None:
        (export / "number_few" / "run_steps-1" / "scene_0.png").unlink()
        panel.form.runs.item(1).setCheckState(Qt.CheckState.Unchecked)
        qtbot.mouseClick(panel.score, LEFT)
        qtbot.waitUntil(lambda: not benchmarks.scoring.busy, timeout=CHILD)
        assert panel.go_on.isVisible() and panel.findings.item(0).text().startswith("✕ 1 layout without a picture")
        assert panel.run.count() == 0
        qtbot.mouseClick(panel.go_on, LEFT)
        qtbot.waitUntil(lambda: not benchmarks.scoring.busy and panel.run.count() == 1, timeout=CHILD)
        assert read_overview(export).runs["run_steps-1"].summary["splits"]["number_few"]["pictures"] == 1

    def test_an_unknown_detector_is_told(self, panel, window, benchmarks, qtbot, tmp_path) -> None:
        pick(panel.form.source, "folder:")
        QTest.keyClicks(panel.form.detector.line, str(tmp_path / "no-detector"))
        qtbot.mouseClick(panel.score, LEFT)
        qtbot.waitUntil(lambda: not benchmarks.scoring.busy, timeout=CHILD)
        assert "no-detector" in window.messages.text.text() and "no-detector" in panel.state.text()

    def test_fid_with_chosen_weights_and_without_any(
        self, panel, window, benchmarks, dataset, answers, qtbot, export, tmp_path
    ) -> None:
        layouts = Path(shutil.copy(dataset, tmp_path / "scenes.json"))
        (tmp_path / "images").mkdir()
        for file in export.glob("*/run_steps-2/*.png"):
            shutil.copy(file, tmp_path / "images")
        panel.form.layouts.set_text(str(layouts))
        panel.form.runs.item(1).setCheckState(Qt.CheckState.Unchecked)
        assert not panel.form.inception.isVisible() and not panel.tabs.isTabVisible(panel.tabs.indexOf(panel.distances))
        press_key(panel.form.fid, Qt.Key.Key_Space)
        assert panel.form.fid.isChecked() and panel.form.inception.isVisible()
        QTest.keyClicks(panel.form.inception.line, str(tmp_path / "none.pt"))
        qtbot.mouseClick(panel.score, LEFT)
        assert not benchmarks.scoring.busy, "it is told before anything is started"
        assert "weights of Inception" in panel.state.text() and "none.pt" in window.messages.text.text()
        answers.file = make_tiny_inception(tmp_path / "mean.pt")
        qtbot.mouseClick(panel.form.inception.buttons["file"], LEFT)
        qtbot.mouseClick(panel.score, LEFT)
        qtbot.waitUntil(lambda: not benchmarks.scoring.busy and panel.run.count() == 1, timeout=CHILD)
        model = panel.distances.model()
        assert [model.index(row, 0).data() for row in range(2)] == ["FID", "SceneFID"]
        assert float(model.index(0, 1).data()) > 0 and panel.tabs.isTabVisible(panel.tabs.indexOf(panel.distances))
        pick(panel.form.source, "detections:")
        assert not panel.form.fid.isEnabled() and panel.form.wish().fid is None

    def test_stored_detections_and_a_report(
        self, panel, window, benchmarks, dataset, detector, answers, qtbot, tmp_path
    ) -> None:
        results, pictures = tmp_path / "found.json", tmp_path / "export" / "number_few" / "run_steps-1"
        words = ["detect", str(pictures), "--layouts", str(dataset), "--detector", str(detector)]
        assert main([*words, "--protocol", "layoutbench", "--out", str(results)]) == 0
        pick(panel.form.source, "detections:")
        assert not panel.form.complete, "one file of detections is of one run"
        panel.form.runs.item(1).setCheckState(Qt.CheckState.Unchecked)
        answers.file = results
        qtbot.mouseClick(panel.form.detections.buttons["file"], LEFT)
        qtbot.mouseClick(panel.score, LEFT)
        qtbot.waitUntil(lambda: not benchmarks.scoring.busy and panel.run.count() == 1, timeout=CHILD)
        notes = [panel.findings.item(row).text() for row in range(panel.findings.count())]
        assert any(note.startswith("• 2 pictures without any detection") for note in notes)
        pick(panel.form.source, "folder:")
        QTest.keyClicks(panel.form.detector.line, str(detector))
        answers.folder = tmp_path / "report"
        qtbot.mouseClick(panel.report, LEFT)
        qtbot.waitUntil(lambda: not benchmarks.scoring.busy, timeout=CHILD)
        assert "The report was written" in window.messages.text.text()
        assert (tmp_path / "report" / "report.html").stat().st_size > 10_000


def _two_objects():
    from engine.layout import Box, Layout, LayoutObject

    boxes = (Box(0.1, 0.1, 0.4, 0.4), Box(0.5, 0.5, 0.9, 0.9))
    return Layout(64, 64, tuple(LayoutObject(f"o{n}", "red metal cube", box) for n, box in enumerate(boxes)))
