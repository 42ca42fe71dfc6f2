"""The gallery at work: from an export to its pictures, and from a picture to the timeline and the canvas."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.background import Background
from desktop_app.errors import sentence
from engine.errors import BoxpaintError
from ui.benchmarks.values import Details, Shot
from ui.compare.view import CompareView
from ui.side_window import SideWindow

if TYPE_CHECKING:
    from desktop_app.main_window import MainWindow
    from engine.batch.overview import Overview, PictureState
    from engine.inpainting.settings import GenerationSettings
    from engine.layout import Layout
    from ui.benchmarks.gallery_panel import GalleryPanel
    from ui.panels.run_options import RunOptions

Opened = tuple["Layout", "GenerationSettings", Path | None]
"""What a picture was painted from, how, and the run that was made of it; None where its steps were not kept."""


class Gallery(QObject):
    """Shows the pictures of an export and opens them."""

    def __init__(self, window: MainWindow, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._panel: GalleryPanel | None = None
        self._export: Overview | None = None
        self._root = ""
        self._states: dict[tuple[str, str, str], PictureState] = {}
        self.opening = Background(self)
        self.comparison: QWidget | None = None

    def set_panel(self, panel: GalleryPanel) -> None:
        """The panel that shows them."""
        self._panel = panel
        panel.run_changed.connect(self.show_run)
        panel.open_wanted.connect(self.open)
        panel.compare_wanted.connect(self.compare)

    # -- showing

    def show(self, export: Overview) -> None:
        """Show an export's pictures."""
        assert self._panel is not None
        self._export = export
        # As text: thousands of Path objects would take most of the time that opening takes.
        self._root = str(export.folder)
        self._states = {(one.run, *one.key): one for one in export.pictures}
        self._panel.view.pictures.clear()  # some may have been painted since
        self._panel.bar.set_runs(list(export.runs))
        self.show_run()

    def show_run(self) -> None:
        """Show the pictures of the chosen run beside those of the one that it is compared with."""
        if self._panel is None or self._export is None:
            return
        run, other = self._panel.bar.run.currentData(), self._panel.bar.other.currentData()
        others: dict[tuple[str, str], Shot] = {}
        if other and other != run:
            others = {one.key: self._shot(one) for one in self._export.pictures if one.run == other}
        self._panel.set_shots([self._shot(one, others.get(one.key)) for one in self._export.pictures if one.run == run])

    def _shot(self, one: PictureState, other: Shot | None = None) -> Shot:
        score = one.score
        error = one.error or {}
        return Shot(
            one.run,
            one.split,
            one.name,
            f"{self._root}/{one.path}" if one.path else "",
            one.state,
            one.labels,
            scored=score is not None,
            ap=score.ap if score is not None and score.ap >= 0 else None,
            targets=score.targets if score is not None else 0,
            hits=score.hits if score is not None else 0,
            verdicts=score.verdicts if score is not None else {},
            problem=" ".join(str(part) for part in (error.get("message"), error.get("hint")) if part),
            other=other,
        )

    def details(self, shot: Shot) -> Details:
        """What became of a picture's objects."""
        from engine.evaluation.kept_scores import read_detail

        if self._export is None:
            return Details()
        try:
            found = read_detail(self._export.folder, shot.run, shot.split, shot.name)
        except BoxpaintError as error:
            return Details(problem=str(error))
        return Details(found.targets, found.surplus) if found is not None else Details()

    # -- opening

    def open(self, shot: Shot, object_id: str = "") -> None:
        """Put a picture's layout on the canvas, and its steps into the timeline, at the step of this object."""
        from engine.batch.as_run import as_run, layout_of

        export, state = self._export, self._states.get((shot.run, shot.split, shot.name))
        if export is None or state is None or self.opening.busy:
            return
        runs = self._window.runs.runs_folder
        details = self.details(shot)
        found = [item["found"] for item in (*details.targets, *details.surplus) if item.get("found")]
        summary = export.runs[shot.run].summary or {}
        detector = str(summary.get("detector") or summary.get("detections") or "") if shot.scored else ""

        def work() -> Opened:
            layout, settings = layout_of(export, state)
            return layout, settings, as_run(export, state, runs, detections=found, detector=detector)

        def done(opened: Opened) -> None:
            self._show_opened(shot, object_id, opened)

        # In a thread: it copies a few dozen files, and looks through the dataset for pictures that are not PNG.
        self.opening.run(work, done, lambda error: self._window.show_error(sentence(error)))

    def _show_opened(self, shot: Shot, object_id: str, opened: Opened) -> None:
        layout, settings, run = opened
        window = self._window
        if not window.files.show_copy(layout, shot.name):
            return
        window.generation.form.set_options(_options(window.generation.form.options(), settings))
        window.middle.setCurrentWidget(window.canvas_frame)
        if run is not None and window.room.open_run(run):
            window.docks["timeline"].show()
            window.docks["timeline"].raise_()
            step = next((view.step for view in window.run_model.steps if view.step.object_id == object_id), None)
            if step is not None and object_id:
                window.run_model.go_to_step(step.index)
        else:
            window.reference.load(Path(shot.file), belongs=True)
            text = self.tr("The export kept no steps. Generate paints the picture again, with its steps.")
            window.messages.show_message(text, actions=((self.tr("Generate"), window.generate),))
        if any(item.id == object_id for item in layout.objects):
            window.document.select((object_id,))
        window.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def compare(self, shot: Shot) -> None:
        """Show a picture beside that of the other run: side by side, wiped, blinking, or as their difference."""
        if shot.other is None:
            return
        if self.comparison is not None:
            self.comparison.close()
        shown = SideWindow(self._window)
        shown.setObjectName("galleryComparison")
        shown.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        shown.setWindowTitle(self.tr("{0}: {1} and {2}").format(shot.name, shot.run, shot.other.run))
        view = CompareView(shown)
        pictures = [self._window.pictures.get(one.file) for one in (shot, shot.other)]
        view.set_pictures(pictures[0].image, pictures[1].image, (pictures[0].problem, pictures[1].problem))
        column = QVBoxLayout(shown)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(view)
        shown.destroyed.connect(self._comparison_gone)
        shown.resize(900, 560)
        self.comparison = shown
        shown.show()
        shown.activateWindow()
        view.setFocus()

    def _comparison_gone(self) -> None:
        self.comparison = None

    async def close(self) -> None:
        """Wait for what is being opened."""
        if self.comparison is not None:
            self.comparison.close()
        await self.opening.close()


def _options(present: RunOptions, settings: GenerationSettings) -> RunOptions:
    """The generation panel as the picture was painted; its model, which may not be listed, stays."""
    shared: dict[str, Any] = {
        name: getattr(settings, name)
        for name in ("method", "steps", "guidance", "scheduler", "order", "compositing", "pixels", "area", "seed")
    }
    return replace(present, width=settings.width, height=settings.height, **shared)
