"""The user's own lists of labels: kept in the settings, managed in a dialog, offered while labels are typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from desktop_app.settings import Settings
from engine.errors import BoxpaintError
from engine.files import read_bytes
from engine.layout.word_list import words_of
from ui.completion import Vocabulary

Lists = Mapping[str, tuple[str, ...]]

_LARGEST_FILE = 4 * 2**20


class OwnVocabularies(QObject):
    """Joins the settings, the dialog and the words that are offered.

    Args:
        keep: Writes settings, named as its arguments are.
        window: The dialog's parent.
    """

    def __init__(self, vocabulary: Vocabulary, settings: Settings, keep: Callable[..., None], window: QWidget) -> None:
        super().__init__(window)
        self._vocabulary = vocabulary
        self._settings = settings
        self._keep = keep
        self._window = window
        self._offer()

    @property
    def lists(self) -> Lists:
        """The lists by name; what a damaged settings file holds instead of them is left out."""
        kept: dict[str, Any] = self._settings.get("vocabularies")
        return {name: words_of("\n".join(map(str, words))) for name, words in kept.items() if isinstance(words, list)}

    def show(self) -> None:
        """Let the user change the lists."""
        # Imported when it is first wanted: the window's start is measured.
        from desktop_app.vocabulary_dialog import VocabularyDialog

        dialog = VocabularyDialog(self.lists, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._take(dialog.lists))
        dialog.open()

    def _take(self, lists: Lists) -> None:
        self._keep(vocabularies={name: list(words) for name, words in lists.items()})
        self._offer()

    def _offer(self) -> None:
        self._vocabulary.set_own([word for words in self.lists.values() for word in words])


def read_word_list(path: Path) -> tuple[str, ...]:
    """The labels of a text file with one per line.

    Raises:
        BoxpaintError: The file cannot be read, or holds no label.
    """
    try:
        text = read_bytes(path, limit=_LARGEST_FILE, kind="vocabulary").decode("utf-8")
    except UnicodeDecodeError as error:
        raise BoxpaintError(
            "it is no text in UTF-8.", "vocabulary", file=str(path), hint="Save it as plain text in UTF-8."
        ) from error
    words = words_of(text)
    if not words:
        raise BoxpaintError("there is no label in it.", "vocabulary", file=str(path), hint="Write one label per line.")
    return words
