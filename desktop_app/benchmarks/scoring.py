"""Scores in the window: computed in a process of their own, run after run; kept beside the pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from desktop_app.benchmarks.words import evaluate_words, report_words
from desktop_app.child import Child, Ended
from engine.errors import BoxpaintError
from ui.benchmarks.values import Note, ScoredRun, ScoreWish

if TYPE_CHECKING:
    from engine.batch.overview import Overview
    from ui.benchmarks.scores_panel import ScoresPanel


class Scoring(QObject):
    """Scores the runs of an export, and writes reports about them.

    Args:
        panel: Shows the scores.
        folder: The open export's folder.
    """

    scored = Signal()
    """There are new scores beside the pictures."""
    failed = Signal(str)
    reported = Signal(object)
    """A report was written: its page."""

    def __init__(self, panel: ScoresPanel, folder: Callable[[], Path | None], parent: QObject) -> None:
        super().__init__(parent)
        self._panel = panel
        self._folder = folder
        self.child = Child(self)
        self._waiting: list[tuple[str, list[str]]] = []
        self._what = ""
        self._reporting = False
        self._told = False
        """Whether the panel says how the last scoring ended; what is kept is not told over it."""
        self.child.progressed.connect(self._progressed)
        self.child.told.connect(lambda found: self._show_findings(found, refused=False))
        self.child.ended.connect(self._ended)

    @property
    def busy(self) -> bool:
        """Whether something is being scored."""
        return self.child.busy

    def score(self, wish: ScoreWish) -> bool:
        """Score the runs one after the other; False while others are scored, or without an export."""
        folder = self._folder()
        if self.busy or folder is None or not self._can_compare(wish):
            return False
        self._reporting = False
        self._waiting = [(run, evaluate_words(wish, folder, run)) for run in wish.runs]
        self._panel.show_findings((), refused=False)
        self._panel.set_busy(True)
        self._next()
        return True

    def report(self, wish: ScoreWish, out: Path) -> bool:
        """Write a report into a folder; False while something else is done."""
        folder = self._folder()
        if self.busy or folder is None or not self._can_compare(wish):
            return False
        self._reporting = True
        self._waiting = [(self.tr("Report"), report_words(wish, folder, out))]
        self._panel.set_busy(True)
        self._next()
        return True

    def _can_compare(self, wish: ScoreWish) -> bool:
        """Whether the weights that FID needs are there; told where they are not, before anything is started."""
        from engine.evaluation.inception import find_weights

        if wish.fid is None:
            return True
        try:
            find_weights(Path(wish.fid) if wish.fid else None)
        except BoxpaintError:
            text = self.tr(
                "FID needs the weights of Inception, and none were found. Choose a TorchScript file of them, or install"
                " boxpaint[fid], which brings one."
            )
            if wish.fid:
                text = self.tr("FID needs the weights of Inception, and there is no such file: {}").format(wish.fid)
            self._told = True
            self._panel.say(text)
            self.failed.emit(text)
            return False
        return True

    def stop(self) -> None:
        """Give up what is being scored; former scores stay."""
        self._waiting.clear()
        self.child.stop()

    async def close(self) -> None:
        """Give up, and wait for the end."""
        self._waiting.clear()
        await self.child.close()

    def show(self, export: Overview) -> None:
        """Show the scores that are kept beside an export."""
        self._panel.form.set_runs(list(export.runs))
        if not self._panel.form.layouts.text and export.dataset:
            self._panel.form.layouts.set_text(export.dataset)
        scored = [ScoredRun(name, run.summary) for name, run in export.runs.items() if run.summary is not None]
        self._panel.show_scored(scored)
        if self.busy or self._told:
            return
        stale = sum(run.stale for run in export.runs.values())
        if stale:
            self._panel.say(self.tr("Painted since they were scored: {}. Score again.").format(stale))
        elif not scored:
            self._panel.say(self.tr("Not scored yet."))
        else:
            self._panel.say(
                self.tr("1 run is scored.") if len(scored) == 1 else self.tr("{} runs are scored.").format(len(scored))
            )

    # -- following

    def _next(self) -> None:
        self._told = False
        self._what, words = self._waiting.pop(0)
        self._panel.say(self.tr("{}: starting …").format(self._what))
        self.child.start(words)

    def _progressed(self, what: str, done: int, total: int) -> None:
        doing = {
            "looking at pictures": self.tr("looking at the pictures"),
            "detecting": self.tr("looking for objects"),
            "detecting in steps": self.tr("looking for objects in the steps"),
            "comparing": self.tr("comparing with the dataset's pictures"),
            "FID": self.tr("comparing with the dataset's pictures"),
        }.get(what, what)
        text = self.tr("{0}: {1}, {2} of {3}").format(self._what, doing, done, total)
        self._panel.show_progress(text, done, total)

    def _show_findings(self, found: Sequence[Mapping[str, Any]], *, refused: bool) -> None:
        notes = [Note(_sentence(one, refused), one["severity"] == "refuse") for one in found]
        self._panel.show_findings(notes, refused=refused)

    def _ended(self, ended: Ended) -> None:
        if ended.code == 0 and self._waiting:
            self._next()
            return
        self._waiting.clear()
        self._panel.set_busy(False)
        self._told = ended.code != 0 or self._reporting
        if ended.stopped:
            self._panel.say(self.tr("Stopped."))
        elif ended.problem:
            self._panel.say(ended.problem)
            if "preflight" in ended.document:
                self._show_findings(ended.document["preflight"], refused=not self._reporting)
            else:
                self.failed.emit(ended.problem)
        elif self._reporting:
            page = Path(ended.document["files"][0])
            self._panel.say(self.tr("The report is in {}.").format(page.parent))
            self.reported.emit(page)
        self.scored.emit()
        if ended.code == 0 and not self._reporting:
            self._panel.show_charts()


def _sentence(finding: Mapping[str, Any], refused: bool) -> str:
    """A finding with the names of the first things concerned, and unless it was refused, what was done about it.

    These sentences are the engine's, and English.
    """
    items = finding.get("items", ())
    shown = ", ".join(items[:5]) + (", …" if len(items) > 5 else "")
    parts = (finding["message"], f"({shown})" if shown else "", "" if refused else finding.get("consequence", ""))
    return " ".join(part for part in parts if part)


def open_page(page: Path) -> None:
    """Show a report in the system's browser."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(page)))
