"""Everything about benchmarks in the window: the page in place of the canvas, and what joins it to the commands."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.background import Background
from desktop_app.errors import sentence
from desktop_app.questions import Questions
from engine.errors import BoxpaintError
from ui.message_bar import Severity
from ui.spoken import tell_focus_again

if TYPE_CHECKING:
    from desktop_app.benchmarks.exporting import Exporting
    from desktop_app.benchmarks.gallery import Gallery
    from desktop_app.benchmarks.scoring import Scoring
    from desktop_app.main_window import MainWindow
    from engine.batch.overview import Overview
    from ui.benchmarks.page import BenchmarksPage
    from ui.benchmarks.values import ExportWish


class Benchmarks(QObject):
    """Owns the page, which is made when it is first shown: the window's start is measured."""

    about_to_show = Signal()
    painting = Signal(str)
    """An export is being painted in this folder; empty when none is any more. Not told when the window closes."""

    def __init__(self, window: MainWindow, questions: Questions) -> None:
        super().__init__(window)
        self._window = window
        self._questions = questions
        self._page: BenchmarksPage | None = None
        self.exporting: Exporting | None = None
        self.scoring: Scoring | None = None
        self.gallery: Gallery | None = None
        self._opening, self._looking = Background(self), Background(self)
        self.folder: Path | None = None
        """The folder of the open export."""
        self.export: Overview | None = None
        """The open export as it was read last."""
        self._closing = False
        window.document.replaced.connect(self.leave)

    @property
    def page(self) -> BenchmarksPage:
        """The page; made now if it was not shown yet."""
        return self._page if self._page is not None else self._make_page()

    @property
    def shown(self) -> bool:
        """Whether the page is seen instead of the canvas."""
        return self._page is not None and self._window.middle.currentWidget() is self._page

    @property
    def busy(self) -> bool:
        """Whether an export is being painted."""
        return self.exporting is not None and self.exporting.busy

    def _make_page(self) -> BenchmarksPage:
        from desktop_app.benchmarks.exporting import Exporting
        from desktop_app.benchmarks.gallery import Gallery
        from desktop_app.benchmarks.scoring import Scoring
        from desktop_app.runs.sweeps import AXES
        from ui.benchmarks.page import BenchmarksPage

        window = self._window
        gallery = self.gallery = Gallery(window, self)
        axes = [(axis.option, axis.title, axis.usual) for axis in AXES if axis.option != "model"]
        page = self._page = BenchmarksPage(axes, window.pictures, gallery.details, window)
        gallery.set_panel(page.gallery)
        exporting = self.exporting = Exporting(page.export, window.generation.form.options, self.refresh, self)
        scoring = self.scoring = Scoring(page.scores, lambda: self.folder, self)
        for part in (exporting, scoring):
            part.failed.connect(window.show_error)
        self._connect_export(page, exporting)
        self._connect_scores(page, scoring)
        page.left.connect(self.leave)
        page.open_wanted.connect(self.choose_export)
        page.tabs.currentChanged.connect(self._tab_changed)
        window.generation.form.options_changed.connect(self._show_painting)
        window.middle.addWidget(page)
        try:
            page.scores.form.set_detectors(_detectors())
        except BoxpaintError as error:
            window.show_error(str(error))  # the catalogue is damaged; a detector's folder can be chosen all the same
        self._show_painting()
        return page

    def _connect_export(self, page: BenchmarksPage, exporting: Exporting) -> None:
        export, form = page.export, page.export.form
        export.start_wanted.connect(lambda: self.start(form.wish()))
        export.stop_wanted.connect(exporting.stop)
        export.resume_wanted.connect(self.resume)
        form.dataset_wanted.connect(self._ask_dataset)
        form.out_wanted.connect(self._ask_out)
        exporting.began.connect(self._began)
        exporting.ended.connect(self._ended)

    def _connect_scores(self, page: BenchmarksPage, scoring: Scoring) -> None:
        scores = page.scores
        scores.score_wanted.connect(lambda allow: scoring.score(scores.form.wish(allow=allow)))
        scores.stop_wanted.connect(scoring.stop)
        scores.report_wanted.connect(self._ask_report)
        scores.pictures_wanted.connect(self._show_pictures)
        scores.form.layouts_wanted.connect(lambda kind: self._ask_into(scores.form.layouts.set_text, kind))
        scores.form.detections_wanted.connect(self._ask_detections)
        scores.form.detector_wanted.connect(lambda: self._ask_into(scores.form.detector.set_text, "folder"))
        scores.form.inception_wanted.connect(self._ask_inception)
        scoring.scored.connect(self.refresh)
        scoring.reported.connect(self._reported)

    def slots(self) -> dict[str, Callable[[], object]]:
        """The functions of this room's commands."""
        return {
            "bench_export": partial(self.show, "export"),
            "bench_scores": partial(self.show, "scores"),
            "bench_gallery": partial(self.show, "gallery"),
            "bench_open": self.choose_export,
            "bench_leave": self.leave,
        }

    # -- showing

    def show(self, tab: str) -> None:
        """Show the page with this tab in front."""
        page = self.page
        self.about_to_show.emit()
        self._window.messages.hide()  # what it said was about the canvas
        if not page.export.form.dataset.text:
            self._take_from_browser()
        page.show_tab(tab)
        self._window.middle.setCurrentWidget(page)
        page.tabs.currentWidget().setFocus()
        if tab == "gallery":
            page.gallery.view.setFocus()
        tell_focus_again(self._window)

    def leave(self) -> None:
        """Show the canvas again."""
        if self.shown:
            self._window.middle.setCurrentWidget(self._window.canvas_frame)
            self._window.canvas.setFocus()

    def choose_export(self) -> None:
        """Ask for an export's folder and show it."""
        folder = self._questions.choose_folder(self.tr("Folder of an export"), self._window.files.folder)
        if folder is not None:
            self.open_export(folder)

    def open_export(self, folder: Path, tab: str = "gallery") -> None:
        """Read an export and show it; a folder that is none is told, and the former one stays."""

        def done(export: Overview) -> None:
            self.folder = folder
            self._take(export, all_of_it=True)
            form = self.page.export.form
            if not form.dataset.text and not form.out.text:  # another run of the same is near at hand
                form.dataset.set_text(export.dataset or "")
                form.out.set_text(str(folder))
            self.show(tab)
            if export.problems:
                self._window.messages.show_message(export.problems[0], Severity.WARNING)

        self._read(folder, done, self._window.show_error, self._opening)

    def refresh(self) -> None:
        """Read the open export anew."""
        folder = self.folder
        if folder is not None:
            quick = self.busy

            def done(export: Overview) -> None:
                if folder == self.folder:
                    self._take(export, all_of_it=not quick)

            failed = self._not_yet if quick else self.page.export.say
            self._read(folder, done, failed, self._looking, scores=not quick)

    def _read(
        self,
        folder: Path,
        done: Callable[[Overview], None],
        failed: Callable[[str], object],
        background: Background,
        *,
        scores: bool = True,
    ) -> None:
        from engine.batch.overview import read_overview

        background.run(lambda: read_overview(folder, scores=scores), done, lambda error: failed(sentence(error)))

    def _not_yet(self, text: str) -> None:
        """Before the first picture there may be no state yet: the next look finds it."""

    def _take(self, export: Overview, *, all_of_it: bool) -> None:
        page = self.page
        assert self.exporting is not None and self.scoring is not None and self.gallery is not None
        page.show_folder(export.folder)
        self.exporting.show(export)
        if all_of_it:
            self.export = export
            self.scoring.show(export)
            self.gallery.show(export)

    def _tab_changed(self) -> None:
        # While an export is painted, the gallery stays as it is under the eyes, and is up to date when it comes.
        if self.busy and self.page.tabs.currentWidget() is not self.page.export and self.folder is not None:
            take = partial(self._take, all_of_it=True)
            self._read(self.folder, take, self.page.export.say, self._opening)

    def _show_pictures(self, run: str, row: str, verdict: str) -> None:
        """From a bar of a chart to its pictures, the worst first."""
        if self.export is None:
            return
        bar = self.page.gallery.bar
        if bar.run.currentData() != run:
            bar.run.setCurrentIndex(max(bar.run.findData(run), 0))
        is_split = row in self.export.splits
        words = "" if is_split or row == "overall" else row  # a skill is the beginning of its splits' names
        bar.choose(split=row if is_split else "", verdict=verdict, words=words, sort=verdict or "ap")
        self.show("gallery")

    # -- exporting

    def start(self, wish: ExportWish) -> None:
        """Paint an export."""
        assert self.exporting is not None
        if self._window.generation.form.choice is None:
            self._window.show_error(self.tr("No model is installed. Choose the folder of an inpainting pipeline."))
            return
        self.exporting.start(wish)

    def resume(self, retry: bool = False) -> None:
        """Go on with the open export."""
        if self.export is not None and self.exporting is not None:
            self.exporting.resume(self.export, retry=retry)

    def offer(self, folder: Path) -> None:
        """Offer to go on with an export that was cut off."""

        def done(export: Overview) -> None:
            counts = export.counts()
            if not counts.open + counts.claimed:
                self.painting.emit("")
                return
            text = self.tr("The export {0} was cut off: {1} of {2} pictures are painted.")
            actions = ((self.tr("Go on"), partial(self._go_on, folder)),)
            self._window.messages.show_message(
                text.format(folder.name, counts.done, counts.total), Severity.WARNING, actions
            )

        self._read(folder, done, lambda _: self.painting.emit(""), self._opening)

    def _go_on(self, folder: Path) -> None:
        def done(export: Overview) -> None:
            self.folder = folder
            self._take(export, all_of_it=True)
            self.show("export")
            self.resume()

        self._read(folder, done, self._window.show_error, self._opening)

    def _began(self, folder: Path) -> None:
        if folder != self.folder:
            self.folder, self.export = folder, None
        self.page.show_folder(folder)
        self.painting.emit(str(folder.absolute()))

    def _ended(self, folder: Path) -> None:
        from engine.batch.overview import is_export

        if not self._closing:
            self.painting.emit("")
        if folder == self.folder and (self.export is not None or is_export(folder)):
            self.refresh()

    def _show_painting(self) -> None:
        """How an export would be painted, in a line."""
        options, choice = self._window.generation.form.options(), self._window.generation.form.choice
        if choice is None:
            self.page.export.form.show_painting(self.tr("No model is chosen."))
            return
        parts = [choice.title, options.method or "", options.scheduler if options.scheduler != "model" else ""]
        if options.steps:
            parts.append(self.tr("{} denoising steps").format(options.steps))
        if options.width and options.height:
            parts.append(f"{options.width} × {options.height}")
        parts.append(self.tr("seed {}").format(options.seed))
        listed = ", ".join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in parts if part)
        self.page.export.form.show_painting(self.tr("as the Generation panel says: {}").format(listed))

    # -- asking

    def _take_from_browser(self) -> None:
        dataset = self._window.library.datasets.dataset
        if dataset is not None and dataset.path is not None:
            self.page.export.form.dataset.set_text(str(dataset.path))

    def _ask_dataset(self, kind: str) -> None:
        if kind == "browser":
            self._take_from_browser()
        else:
            self._ask_into(self.page.export.form.dataset.set_text, kind)

    def _ask_out(self) -> None:
        title = self.tr("Folder of the pictures")
        folder = self._questions.choose_folder(title, self._window.files.folder)
        if folder is not None:
            self.page.export.form.out.set_text(str(folder))

    def _ask_into(self, take: Callable[[str], object], kind: str) -> None:
        folder = self._window.files.folder
        path = self._questions.file_to_open(folder) if kind == "file" else self._questions.folder_to_open(folder)
        if path is not None:
            take(str(path))

    def _ask_detections(self) -> None:
        title, kinds = self.tr("Stored detections"), self.tr("COCO results (*.json)")
        path = self._questions.choose_file(title, kinds, self._window.files.folder)
        if path is not None:
            self.page.scores.form.detections.set_text(str(path))

    def _ask_inception(self) -> None:
        title, kinds = self.tr("Weights of Inception"), self.tr("TorchScript (*.pt *.pth)")
        path = self._questions.choose_file(title, kinds, self._window.files.folder)
        if path is not None:
            self.page.scores.form.inception.set_text(str(path))

    def _ask_report(self) -> None:
        assert self.scoring is not None
        out = self._questions.choose_folder(self.tr("Folder of the report"), str(self.folder or ""))
        if out is not None:
            self.scoring.report(self.page.scores.form.wish(), out)

    def _reported(self, page: Path) -> None:
        from desktop_app.benchmarks.scoring import open_page

        text = self.tr("The report was written: {}").format(page)
        self._window.messages.show_message(text, actions=((self.tr("Open it"), partial(open_page, page)),))

    # -- closing

    def may_close(self) -> bool:
        """Whether the window may go: nothing is being painted, or the user lets it be stopped."""
        return not self.busy or self._questions.stop_export()

    async def close(self) -> None:
        """Stop what is under way; an export that is stopped here is offered again at the next start."""
        self._closing = True
        for part in (self.exporting, self.scoring, self.gallery):
            if part is not None:
                await part.close()
        await self._opening.close()
        await self._looking.close()


def _detectors() -> list[tuple[str, str]]:
    """The installed detectors, the built-in one first."""
    from engine.models.catalogue import list_models

    return [(entry.name, entry.name) for entry in list_models() if entry.kind == "detector" and entry.installed]
