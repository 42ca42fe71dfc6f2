"""The model manager: lists the models, and carries out what the list's buttons ask for; the window never waits."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QMessageBox, QVBoxLayout

from desktop_app.background import Background
from desktop_app.child import Child, Ended
from desktop_app.errors import sentence
from desktop_app.models.fetches import Fetches, Wish
from ui.comfort import roomy
from ui.message_bar import Severity
from ui.models.panel import ModelsPanel
from ui.models.rows import ModelRow, State, size_text
from ui.tab_order import follow_layout

if TYPE_CHECKING:
    from desktop_app.main_window import MainWindow
    from engine.models.offers import Offer

_HUB = "https://huggingface.co"


class ModelsDialog(QDialog):
    """The list of models, beside the work."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.setObjectName("modelsDialog")
        self.setWindowTitle(self.tr("Models"))
        self.panel = ModelsPanel(self)
        column = QVBoxLayout(self)
        column.addWidget(self.panel)
        follow_layout(self)
        self.resize(roomy(1080, 620, self))


class ModelManager(QObject):
    """Owns the list of models, those that are on their way, and the work on one of them."""

    changed = Signal()
    """Other models are here than before."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.dialog: ModelsDialog | None = None
        self.fetches = Fetches(self)
        self.work = Child(self)
        """Checks and imports, one at a time."""
        self._machine = Child(self)
        self._listing = Background(self)
        self._removing = Background(self)
        self._offers: list[Offer] = []
        self._fits: dict[str, tuple[str, str]] = {}
        self._problems: dict[str, str] = {}
        self._discarding: set[str] = set()
        self._worked_on = ""
        self._source: Path | None = None
        self.fetches.moved.connect(self._moved)
        self.fetches.fetched.connect(self._fetched)
        self.fetches.failed.connect(self._failed)
        self.work.ended.connect(self._worked)
        self._machine.ended.connect(self._machine_told)

    @property
    def panel(self) -> ModelsPanel:
        """The list; made when it is first wanted."""
        if self.dialog is None:
            self.dialog = ModelsDialog(self._window)
            self._connect(self.dialog.panel)
        return self.dialog.panel

    def _connect(self, panel: ModelsPanel) -> None:
        panel.fetch_wanted.connect(self.fetch)
        panel.pause_wanted.connect(self.fetches.pause)
        panel.discard_wanted.connect(self.discard)
        panel.check_wanted.connect(self.check)
        panel.remove_wanted.connect(self.ask_remove)
        panel.folder_wanted.connect(self.show_folder)
        panel.import_folder_wanted.connect(lambda: self.import_from(file=False))
        panel.import_file_wanted.connect(lambda: self.import_from(file=True))
        panel.refresh_wanted.connect(self.refresh)

    # -- showing

    def show(self) -> None:
        """Show the list of models."""
        panel = self.panel
        assert self.dialog is not None
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
        panel.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.refresh()
        if not self._machine.busy and not self._fits:
            # Asking the machine loads torch, which this process does without.
            self._machine.start(["models", "list", "--fits"])

    def refresh(self) -> None:
        """List the models anew."""
        from engine.models.offers import list_offers

        self._listing.run(list_offers, self._listed, lambda error: self._say(sentence(error), Severity.ERROR))

    def _listed(self, offers: list[Offer]) -> None:
        before = {(offer.name, offer.state) for offer in self._offers}
        first, self._offers = not self._offers, offers
        self._show_rows()
        if not first and before != {(offer.name, offer.state) for offer in offers}:
            self.changed.emit()

    def _machine_told(self, ended: Ended) -> None:
        if ended.problem:
            self._say(ended.problem, Severity.WARNING)
        for model in ended.document.get("models", ()):
            if fit := model.get("fit"):
                self._fits[model["name"]] = (fit["level"], fit["text"])
        self._show_rows()

    def _show_rows(self) -> None:
        if self.dialog is None:
            return
        rows = [self._row(offer) for offer in self._offers]
        listed = {row.name for row in rows}
        for wish in (self.fetches.current, *self.fetches.waiting):
            if wish is not None and wish.name not in listed:
                rows.append(self._on_its_way(ModelRow(name=wish.name, kind="", state=State.FETCHABLE)))
        self.dialog.panel.set_rows(rows)

    def _row(self, offer: Offer) -> ModelRow:
        level, told = self._fits.get(offer.name, ("", ""))
        endpoint = os.environ.get("HF_ENDPOINT", _HUB).rstrip("/")
        row = ModelRow(
            name=offer.name,
            kind=offer.kind,
            state=State(offer.state),
            bytes=offer.bytes,
            done=offer.done,
            licence=offer.licence or "",
            about=offer.about,
            fit=level,
            fit_text=told,
            room=offer.room,
            problem=offer.problem or self._problems.get(offer.name, ""),
            repository=offer.repository,
            commit=offer.commit,
            page=f"{endpoint}/{offer.repository}" if "/" in offer.repository else "",
            folder=str(offer.path),
            gated=offer.gated,
        )
        return self._on_its_way(row)

    def _on_its_way(self, row: ModelRow) -> ModelRow:
        """The row, with what is done with the model now."""
        from dataclasses import replace

        current, standing = self.fetches.current, self.fetches.standing
        if current is not None and current.name == row.name:
            total = standing.total or row.bytes
            return replace(
                row, state=State.COMING, done=standing.done or row.done, bytes=total, doing=standing.text, room=""
            )
        if row.name in self.fetches.names:
            return replace(row, state=State.WAITING)
        if self.work.busy and self._worked_on == row.name:
            return replace(row, state=State.BUSY)
        return row

    def _say(self, text: str, severity: Severity = Severity.NOTE, actions: tuple[tuple[str, Any], ...] = ()) -> None:
        self.panel.messages.show_message(text, severity, actions)

    # -- fetching

    def fetch(self, name: str) -> None:
        """Fetch a model of the list, or any other of the hub by ``owner/name``; what is here of it is continued."""
        offer = self._offer(name)
        self._problems.pop(name, None)
        self.panel.messages.hide()
        if offer is None:
            self.fetches.add(Wish(name.split("/")[-1], (name,)))
        elif offer.about or not offer.repository:
            self.fetches.add(Wish(name, (name,)))
        else:  # it is no published model: only its repository says what it is
            self.fetches.add(Wish(name, (offer.repository, "--name", name)))

    def discard(self, name: str) -> None:
        """Stop fetching a model, and delete what is here of it."""
        self._discarding.add(name)
        self.fetches.pause(name)

    def _moved(self) -> None:
        self._show_rows()
        for name in self._discarding - set(self.fetches.names):
            self._discarding.discard(name)
            self._delete(name)
        if self.fetches.current is None and not self._discarding:
            self.refresh()

    def _fetched(self, name: str) -> None:
        self._problems.pop(name, None)
        self._say(self.tr("{} is here and can be chosen.").format(name))
        self.refresh()

    def _failed(self, name: str, problem: str) -> None:
        self._problems[name] = problem
        self._say(
            self.tr("{0} was not fetched: {1}").format(name, problem),
            Severity.ERROR,
            ((self.tr("Try again"), lambda: self.fetch(name)),),
        )
        self.refresh()

    # -- what is here

    def check(self, name: str) -> None:
        """Look for what is missing, broken or changed in a model."""
        self._start(name, ["models", "check", name])

    def import_from(self, *, file: bool) -> None:
        """Ask for a folder or a checkpoint, and take it in."""
        path = self._window.questions.model_to_import(str(Path.home()), file=file)
        if path is not None:
            self._take_in(path)

    def _take_in(self, path: Path, *options: str) -> None:
        self._source = path
        name = self._free_name(path.stem if path.is_file() else path.name)
        self._say(self.tr("{} is taken in…").format(path.name))
        self._start("", ["models", "import", str(path), "--name", name, *options])

    def _ask_labels(self) -> None:
        """A checkpoint does not name its classes: ask for the file that does, and take it in with that."""
        assert self._source is not None
        labels = self._window.questions.labels_of(self._source)
        if labels is None:
            self.panel.messages.hide()
        else:
            self._take_in(self._source, "--labels", str(labels))

    def _start(self, name: str, words: list[str]) -> None:
        if self.work.busy:
            self._say(self.tr("Another model is being checked or taken in: wait for it."), Severity.WARNING)
            return
        self._worked_on = name
        self.work.start(words)
        self._show_rows()

    def _worked(self, ended: Ended) -> None:
        name, self._worked_on = self._worked_on, ""
        document = ended.document
        if "findings" in document:
            self._tell_findings(name, document)
        elif ended.problem and document.get("error", {}).get("field") == "--labels":
            self._ask_labels()
        elif ended.problem:
            self._say(ended.problem, Severity.ERROR)
        elif "name" in document:
            left_out = ", ".join(document.get("left_out", ()))
            text = self.tr("{} is here and can be chosen.").format(document["name"])
            self._say(f"{text} {self.tr('Left out: {}').format(left_out)}" if left_out else text)
            self.refresh()
        self._show_rows()

    def _tell_findings(self, name: str, document: Mapping[str, Any]) -> None:
        findings = [f"{item['file']}: {item['text']}" for item in document["findings"]]
        serious = [f"{item['file']}: {item['text']}" for item in document["findings"] if item["serious"]]
        self._problems.pop(name, None)
        if serious:
            self._problems[name] = "\n".join(serious)
            self._say(self.tr("{0} cannot be used. {1}").format(name, serious[0]), Severity.ERROR)
        elif findings:
            self._say(self.tr("{0} can be used. {1}").format(name, "; ".join(findings)), Severity.WARNING)
        elif document.get("hashed"):
            text = self.tr("{0} is sound: its {1} files have the content that was fetched.")
            self._say(text.format(name, document["hashed"]))
        else:
            self._say(self.tr("{} is sound: nothing is missing, broken or unsafe.").format(name))

    def ask_remove(self, name: str) -> None:
        """Ask whether a model is to be deleted, and do so."""
        offer = self._offer(name)
        if offer is None or self.dialog is None:
            return
        box = QMessageBox(self.dialog)
        box.setObjectName("removeModel")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(self.tr("Remove the model"))
        box.setText(self.tr("Delete {0} from the disk ({1})?").format(name, size_text(offer.bytes)))
        box.setInformativeText(self.tr("Runs that were painted with it stay. The hub's shared cache is left as it is."))
        delete = box.addButton(self.tr("&Delete"), QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        delete.clicked.connect(lambda: self._delete(name))
        box.open()

    def _delete(self, name: str) -> None:
        from engine.models.installed import remove

        def failed(error: Exception) -> None:
            self._say(self.tr("{0} was not deleted: {1}").format(name, sentence(error)), Severity.ERROR)
            self.refresh()

        self._problems.pop(name, None)
        self._removing.run(lambda: remove(name), lambda _: self.refresh(), failed)

    def show_folder(self, name: str) -> None:
        """Show a model's folder in the desktop's own program."""
        offer = self._offer(name)
        if offer is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(offer.path)))

    def _offer(self, name: str) -> Offer | None:
        return next((offer for offer in self._offers if offer.name == name), None)

    def _free_name(self, wanted: str) -> str:
        """A name that a model can have and none has."""
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", wanted).strip("-._")[:56] or "model"
        taken, place = {offer.name for offer in self._offers}, 2
        free = name
        while free in taken:
            free, place = f"{name}-{place}", place + 1
        return free

    # -- closing

    def may_close(self) -> bool:
        """Whether the window may close although models are on their way, which the user is asked."""
        names = self.fetches.names
        return not names or self._window.questions.stop_fetching(names)

    async def close(self) -> None:
        """Stop what is under way; it is continued when it is asked for again."""
        await self.fetches.close()
        await self.work.close()
        await self._machine.close()
        await self._listing.close()
        await self._removing.close()
