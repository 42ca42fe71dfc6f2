"""The timeline's models and panels, fed with events as the engine sends them."""

from __future__ import annotations

import weakref
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.events import (
    DenoisePreview,
    Detection,
    DetectionsReady,
    DetectorReady,
    Frames,
    KeptPreviews,
    RunFinished,
    RunStarted,
    Step,
    StepFinished,
    StepLost,
    StepStarted,
)
from engine.layout import Box, Layout, LayoutObject, PixelBox
from ui.compare.view import CompareView, Mode, difference
from ui.document import Document
from ui.panels.objects_model import FOUND_COLUMNS, Column
from ui.panels.objects_panel import ObjectsPanel
from ui.timeline.composer import FrameComposer
from ui.timeline.frame_handle import FrameHandle
from ui.timeline.model import FrameKind, Position, RunModel, StepState
from ui.timeline.overlay import DetectionTags
from ui.timeline.pictures import PictureCache
from ui.timeline.playback import Player
from ui.timeline.results import Results, Verdict
from ui.timeline.strip import StepStrip

SIZE = (40, 30)
CUBE, SPHERE = Box(0.1, 0.1, 0.4, 0.6), Box(0.5, 0.3, 0.9, 0.9)
LAYOUT = Layout(*SIZE, (LayoutObject("a", "red metal cube", CUBE), LayoutObject("b", "blue rubber sphere", SPHERE)))
STEPS = (
    Step(0, "foreground", "a", "Add red metal cube", 11),
    Step(1, "foreground", "b", "Add blue rubber sphere", 12),
    Step(2, "background", None, "Add gray background", 13),
)
HEAD = {"run": "r", "sequence": 0}
READY = DetectorReady(**HEAD, name="eye", labels=("red metal cube", "blue rubber sphere"))


@pytest.fixture
def frames(tmp_path: Path):
    """Writes a step's four pictures, each of one grey, and gives their paths."""

    def write(index: int) -> Frames:
        paths = {}
        for place, kind in enumerate(("context", "mask", "raw", "composite")):
            image = QImage(*SIZE, QImage.Format.Format_RGB32)
            grey = 40 * index + 10 * place
            image.fill(QColor(grey, grey, grey))
            paths[kind] = str(tmp_path / f"step_{index:03d}_{kind}.png")
            image.save(paths[kind])
        return Frames(**paths)

    return write


@pytest.fixture
def run(qapp, frames) -> RunModel:
    """A finished run of three steps."""
    model = RunModel()
    model.begin("r", LAYOUT)
    model.apply(RunStarted(**HEAD, folder="f", width=SIZE[0], height=SIZE[1], steps=STEPS))
    for index in range(3):
        model.apply(StepStarted(**HEAD, index=index, iterations=4))
        model.apply(StepFinished(**HEAD, index=index, seconds=1.0, frames=frames(index), drift=0.5 * index))
    model.apply(RunFinished(**HEAD, picture="p", seconds=3.0))
    return model


def found(index: int, *detections: Detection) -> DetectionsReady:
    return DetectionsReady(**HEAD, index=index, detections=detections)


def show(run: RunModel, *events) -> None:
    """The run once more with these events before its end."""
    told = [RunStarted(**HEAD, folder="f", width=SIZE[0], height=SIZE[1], steps=STEPS)]
    for view in run.steps:
        frames = Frames(**{kind.value: path for kind, path in view.frames.items()})
        told.append(StepFinished(**HEAD, index=view.step.index, seconds=1.0, frames=frames))
    run.show("r", LAYOUT, [*told, *events, RunFinished(**HEAD, picture="p", seconds=3.0)])


def test_hits_misses_and_where_an_object_was_lost(run) -> None:
    results = Results(run)
    cube = Detection(CUBE, "red metal cube", 0.9)
    weak = Detection(SPHERE, "blue rubber sphere", 0.25)
    # What is found before the detector's labels are known counts all the same.
    show(run, found(0, cube), READY, found(1, cube, weak), found(2, weak))
    assert [results.hit(index) for index in range(3)] == [True, False, None]
    lost, missed = results.objects()
    assert (lost.verdict, lost.lost_at, lost.iou) == (Verdict.LOST, 2, None)
    assert (missed.verdict, missed.iou) == (Verdict.MISS, None)
    results.set_threshold(0.2)
    assert results.hit(1) is True
    assert [(row.verdict, row.iou, row.score) for row in results.objects()][1] == (Verdict.HIT, 1.0, 0.25)
    assert results.hits(1) == ["a", "b"] and results.hits(2) == ["b"]


def test_of_what_nobody_asked_for_only_what_is_sure_is_drawn(run) -> None:
    results = Results(run)
    cube = Detection(CUBE, "red metal cube", 0.4)
    mistaken = Detection(SPHERE, "gray metal sphere", 0.5)
    unsure, sure = (Detection(Box(0.0, 0.7, 0.3, 1.0), "gray metal cube", score) for score in (0.69, 0.7))
    show(run, READY, found(0, cube, mistaken, unsure), found(1, cube, mistaken, sure))
    assert results.detections(0) == [cube], "where the sphere will be there is nothing to be seen yet"
    assert results.detections(1) == [sure, mistaken, cube]
    results.set_threshold(0.45)
    assert results.detections(1) == [sure, mistaken]


def test_the_objects_list_tells_what_was_found_and_where_it_was_lost(run, qtbot) -> None:
    document, results = Document(LAYOUT), Results(run)
    panel = ObjectsPanel(document, lambda *_: [], lambda _name: QIcon())
    qtbot.addWidget(panel)
    results.changed.connect(lambda: panel.show_results(results.objects()))
    view, model = panel.view, panel.model
    panel.show_results(results.objects())
    assert all(view.isColumnHidden(column) for column in FOUND_COLUMNS), "nobody has looked yet"

    def row(place: int) -> list[str]:
        return [model.index(place, column).data() for column in FOUND_COLUMNS]

    cube, near = Detection(CUBE, "red metal cube", 0.9), Detection(Box(0.5, 0.3, 0.9, 0.8), "blue rubber sphere", 0.75)
    show(run, READY, found(0, cube), found(1, cube, near), found(2, near))
    assert not any(view.isColumnHidden(column) for column in FOUND_COLUMNS) and view.header().isVisibleTo(view)
    assert row(0) == ["–", "–", "✗ 3"], "lost at step 3, the background"
    assert row(1) == ["0.83", "0.75", "✓"]
    spoken = Qt.ItemDataRole.AccessibleTextRole
    assert model.index(0, Column.FOUND).data(spoken) == "lost at step 3"
    told = [model.index(1, column).data(spoken) for column in FOUND_COLUMNS]
    assert told == ["IoU 0.83", "score 0.75", "hit"], "rows are read cell by cell"
    assert model.index(1, Column.IOU).data(Qt.ItemDataRole.ToolTipRole) == "hit, IoU 0.83, score 0.75"
    results.set_threshold(0.8)
    assert row(1) == ["–", "–", "✗"]
    results.set_threshold(0.3)
    moved = document.layout.with_object(replace(document.layout.objects[1], box=Box(0.0, 0.0, 0.2, 0.2)))
    document.apply("move", moved)
    assert "changed since" in model.index(1, Column.FOUND).data(spoken)
    run.clear()
    assert all(view.isColumnHidden(column) for column in FOUND_COLUMNS)


def test_two_objects_of_one_name_need_two_detections(qapp) -> None:
    beside = Box(CUBE.x0 + CUBE.width / 2, CUBE.y0, CUBE.x1 + CUBE.width / 2, CUBE.y1)
    layout = Layout(*SIZE, (LayoutObject("a", "red metal cube", CUBE), LayoutObject("b", "Red  metal cube", beside)))
    run = RunModel()
    results = Results(run)
    steps = (Step(0, "foreground", "a", "", 1), Step(1, "foreground", "b", "", 2))
    one = Detection(CUBE, "red metal cube", 0.9)
    frames = Frames("", "", "", "")
    head = [RunStarted(**HEAD, folder="f", width=40, height=30, steps=steps), READY]
    done = [StepFinished(**HEAD, index=index, seconds=1.0, frames=frames) for index in range(2)]
    run.show("r", layout, [*head, *done, found(1, one)])
    assert sorted(row.verdict for row in results.objects()) == [Verdict.HIT, Verdict.MISS]
    run.show("r", layout, [*head, *done, found(1, one, one)])
    assert sorted(row.verdict for row in results.objects()) == [Verdict.HIT, Verdict.MISS], "twice the same thing"
    run.show("r", layout, [*head, *done, found(1, one, Detection(beside, "red metal cube", 0.8))])
    assert [row.verdict for row in results.objects()] == [Verdict.HIT, Verdict.HIT]


def test_what_the_detector_does_not_know_is_no_miss(run) -> None:
    results = Results(run)
    show(run, DetectorReady(**HEAD, name="eye", labels=("red metal cube",)), found(0), found(1), found(2))
    assert [row.verdict for row in results.objects()] == [Verdict.MISS, Verdict.UNKNOWN]
    show(run, DetectorReady(**HEAD, name="eye", problem="the weights are missing."))
    assert results.note() == "the weights are missing."
    assert [row.verdict for row in results.objects()] == [Verdict.WAITING, Verdict.WAITING]


def test_a_preview_is_shown_only_where_it_will_stay(run, frames) -> None:
    model = RunModel()
    model.begin("r", LAYOUT)
    model.apply(RunStarted(**HEAD, folder="f", width=SIZE[0], height=SIZE[1], steps=STEPS))
    model.apply(StepStarted(**HEAD, index=0, iterations=4))
    white = bytes([255]) * (10 * 10 * 3)
    window = PixelBox(0, 0, *SIZE)
    model.apply(
        DenoisePreview(**HEAD, index=0, iteration=1, iterations=4, window=window, width=10, height=10, rgb=white)
    )
    composer = FrameComposer(model, PictureCache())
    image = composer.picture(Position(0, FrameKind.PREVIEW, 1)).image
    x0, y0, x1, y1 = CUBE.to_pixels(*SIZE)
    white_ones = {(x, y) for x in range(SIZE[0]) for y in range(SIZE[1]) if image.pixelColor(x, y) != QColor(0, 0, 0)}
    assert white_ones == {(x, y) for x in range(x0, x1) for y in range(y0, y1)}


def test_kept_previews_are_scrubbed_like_those_of_a_run_under_way(qapp, frames, tmp_path) -> None:
    sheet = QImage(4, 6, QImage.Format.Format_RGB32)  # two pictures of 4 × 3 pixels: red, then blue
    for row in range(6):
        for column in range(4):
            sheet.setPixelColor(column, row, QColor("red") if row < 3 else QColor("blue"))
    kept = KeptPreviews(str(tmp_path / "step_000_previews.png"), (2, 4), 5, PixelBox(0, 0, *SIZE))
    sheet.save(kept.file)
    model = RunModel()
    model.begin("r", LAYOUT)
    model.apply(RunStarted(**HEAD, folder="f", width=SIZE[0], height=SIZE[1], steps=STEPS))
    model.apply(StepStarted(**HEAD, index=0, iterations=5))
    rough = {"window": kept.window, "width": 10, "height": 10, "rgb": bytes(300)}
    for iteration in range(1, 6):
        model.apply(DenoisePreview(**HEAD, index=0, iteration=iteration, iterations=5, **rough))
    model.go_to(Position(0, FrameKind.PREVIEW, 3))
    model.apply(StepFinished(**HEAD, index=0, seconds=1.0, frames=frames(0), previews=kept))
    assert model.position == Position(0, FrameKind.PREVIEW, 2), "the nearest one that was kept"
    shown = [place.iteration for place in model.positions_of(0) if place.kind is FrameKind.PREVIEW]
    assert shown == [2, 4] and model.preview_at(Position(0, FrameKind.PREVIEW, 5)) is None
    composer = FrameComposer(model, PictureCache())
    middle = CUBE.to_pixels(*SIZE)
    inside = ((middle.x0 + middle.x1) // 2, (middle.y0 + middle.y1) // 2)
    for iteration, color in ((2, QColor("red")), (4, QColor("blue"))):
        image = composer.picture(Position(0, FrameKind.PREVIEW, iteration)).image
        assert image.pixelColor(*inside) == color
        assert image.pixelColor(SIZE[0] - 1, SIZE[1] - 1) == QColor(0, 0, 0), "only where it will stay"
    Path(kept.file).unlink()
    gone = FrameComposer(model, PictureCache()).picture(Position(0, FrameKind.PREVIEW, 2))
    assert gone.image is None and "step_000_previews.png is missing" in gone.problem


def test_steps_painted_together_are_all_seen_while_they_are(run, qapp) -> None:
    model = RunModel()
    model.begin("r", LAYOUT)
    model.apply(RunStarted(**HEAD, folder="f", width=SIZE[0], height=SIZE[1], steps=STEPS))
    for index in range(2):
        model.apply(StepStarted(**HEAD, index=index, iterations=4))
    assert model.progress == 0.0
    previews = []
    model.previewed.connect(previews.append)
    for index, box in enumerate((CUBE, SPHERE)):
        shown = {"window": box.to_pixels(*SIZE), "width": 1, "height": 1, "rgb": b"\xff\xff\xff"}
        model.apply(DenoisePreview(**HEAD, index=index, iteration=2, iterations=4, **shown))
    assert model.progress == 1 / 3, "half of two steps of three"
    composer = FrameComposer(model, PictureCache())
    image = composer.with_preview(previews[-1], model.beside(previews[-1]))
    for box in (CUBE, SPHERE):
        pixels = box.to_pixels(*SIZE)
        assert image.pixelColor(pixels.x0, pixels.y0) == QColor(255, 255, 255)
    alone = composer.with_preview(previews[-1])
    assert alone.pixelColor(CUBE.to_pixels(*SIZE).x0, CUBE.to_pixels(*SIZE).y0) == QColor(0, 0, 0)


def test_playing_ends_at_the_end_or_begins_anew(run, qtbot) -> None:
    player = Player(run)
    player.set_speed(30)
    run.go_to(Position(2, FrameKind.RAW))
    player.play()
    qtbot.waitUntil(lambda: player.direction == 0)
    assert run.position == Position(2, FrameKind.COMPOSITE)
    player.play()  # from the end: from the beginning
    assert run.position == Position(0, FrameKind.CONTEXT)
    player.stop()
    player.loop, player.steps_only = True, True
    seen: list[int] = []
    run.position_changed.connect(lambda: seen.append(run.position.step))
    run.go_to(Position(1, FrameKind.COMPOSITE))
    player.play()
    qtbot.waitUntil(lambda: seen[-4:] == [2, 0, 1, 2] or len(seen) > 20)
    player.play(-1)
    qtbot.waitUntil(lambda: seen[-2:] == [0, 2])
    player.stop()
    assert {run.position.kind} == {FrameKind.COMPOSITE}


def test_playing_faster_by_the_same_key(run) -> None:
    player = Player(run)
    player.set_speed(4)
    player.play()
    player.play()
    assert player.speed == 8
    player.toggle()
    assert player.direction == 0


def test_a_gap_is_marked_with_its_reason(run, qtbot, frames) -> None:
    left = {"mask": run.steps[1].frames[FrameKind.MASK]}
    lost = StepLost(**HEAD, index=1, frames=left, reason="the raw is missing.")
    model = RunModel()
    head = RunStarted(**HEAD, folder="f", width=SIZE[0], height=SIZE[1], steps=STEPS)
    model.show("r", LAYOUT, [head, lost])
    assert model.steps[1].state is StepState.LOST
    assert model.positions() == [Position(1, FrameKind.MASK)]
    pictures = PictureCache()
    strip = StepStrip(model, pictures, Results(model))
    qtbot.addWidget(strip)
    text = strip.model().index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "pictures are missing" in text and "the raw is missing" in text
    strip.show()
    strip.grab()


def test_the_strip_zooms_and_reads_its_pictures_bit_by_bit(run, qtbot) -> None:
    pictures = PictureCache()
    strip = StepStrip(run, pictures, Results(run))
    qtbot.addWidget(strip)
    strip.resize(600, strip.height())
    strip.show()
    strip.grab()
    assert pictures.bytes == 0, "painting does not wait for a disk"
    qtbot.waitUntil(lambda: pictures.bytes > 0)
    before = strip.thumbnail
    place = QPointF(50, 50)
    wheel = QWheelEvent(
        place,
        QPointF(strip.mapToGlobal(QPoint(50, 50))),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(strip.viewport(), wheel)
    assert strip.thumbnail > before
    strip.set_thumbnail(48)
    strip.grab()
    data = strip.model().mimeData([strip.model().index(2, 0)])
    assert data.urls()[0].toLocalFile() == run.steps[2].frames[FrameKind.COMPOSITE]


def test_the_shown_frame_is_dragged_out_as_a_file_and_as_a_picture(run, qtbot) -> None:
    handle = FrameHandle(run, lambda _name: QIcon())
    qtbot.addWidget(handle)
    handle.composer = FrameComposer(run, PictureCache())
    run.go_to(Position(1, FrameKind.RAW))
    data = handle.content()
    assert [url.toLocalFile() for url in data.urls()] == [run.steps[1].frames[FrameKind.RAW]]
    assert data.imageData() == QImage(run.steps[1].frames[FrameKind.RAW])
    Path(run.steps[1].frames[FrameKind.RAW]).unlink()
    handle.composer = FrameComposer(run, PictureCache())
    assert handle.content() is None, "what is gone is not dragged as something else"
    run.clear()
    assert handle.content() is None and not handle.isEnabled()


def test_the_cache_holds_no_more_bytes_than_it_may(run) -> None:
    limit = 3 * SIZE[0] * SIZE[1] * 4
    pictures = PictureCache(limit=limit)
    for view in run.steps:
        for path in view.frames.values():
            assert pictures.get(path).image is not None
            assert pictures.bytes <= limit


def test_tiny_pictures_count_with_what_is_kept_around_them(run, tmp_path) -> None:
    pictures = PictureCache(limit=64 * 2**10)
    QImage(1, 1, QImage.Format.Format_RGB32).save(str(tmp_path / "0.png"))
    for number in range(1, 200):
        (tmp_path / f"{number}.png").hardlink_to(tmp_path / "0.png")
    held = [pictures.get(str(tmp_path / f"{number}.png")) for number in range(200)]
    alive = [weakref.ref(picture.image) for picture in held]
    del held
    assert sum(reference() is not None for reference in alive) < 100, "200 pixels are 800 bytes only"


def test_tags_of_detections_take_no_more_than_a_few_mib(qapp) -> None:
    tags = DetectionTags()
    for score in range(101):
        for number in range(15):
            tags(Detection(Box(0, 0, 1, 1), f"green metal cylinder {number}", score / 100))
    assert sum(each.width() * each.height() * 4 for each in tags._tags.values()) < 8 * 2**20


def picture(color: tuple[int, int, int]) -> QImage:
    image = QImage(16, 16, QImage.Format.Format_RGB32)
    image.fill(QColor(*color))
    return image


def test_the_difference_is_absolute_amplified_and_clipped() -> None:
    made = difference(picture((100, 50, 10)), picture((90, 60, 10)), 4)
    assert made.pixelColor(3, 3) == QColor(40, 40, 0)
    assert difference(picture((255, 0, 0)), picture((0, 0, 0)), 8).pixelColor(0, 0) == QColor(255, 0, 0)


def test_comparing_by_mouse_and_keys(qtbot) -> None:
    view = CompareView()
    qtbot.addWidget(view)
    view.resize(400, 240)
    view.show()
    view.set_pictures(picture((200, 0, 0)), picture((0, 0, 200)))
    assert view.equal() is False
    shown = view.grab().toImage()
    assert shown.pixelColor(100, 120) == QColor(200, 0, 0) and shown.pixelColor(300, 120) == QColor(0, 0, 200)
    QTest.keyClick(view, Qt.Key.Key_2)
    assert view.mode is Mode.WIPE
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(200, 120))
    QTest.mouseMove(view, QPoint(250, 120))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(250, 120))
    assert view.wipe > 0.6
    shown = view.grab().toImage()
    assert shown.pixelColor(230, 40) == QColor(200, 0, 0)
    QTest.keyClick(view, Qt.Key.Key_3)
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert view.grab().toImage().pixelColor(200, 120) == QColor(0, 0, 200)
    QTest.keyClick(view, Qt.Key.Key_4)
    assert view.grab().toImage().pixelColor(200, 120) == QColor(255, 0, 255)
    scale = view.viewport.scale
    QTest.keyClick(view, Qt.Key.Key_Plus)
    assert view.viewport.scale > scale
    QTest.keyClick(view, Qt.Key.Key_0)
    assert view.viewport.scale == scale
    view.set_mode(Mode.SIDE)
    view.set_pictures(picture((1, 2, 3)), picture((1, 2, 3)))
    assert view.equal() is True
    view.set_pictures(None, picture((1, 2, 3)), ("The picture is missing.", ""))
    assert view.equal() is None
    view.grab()
