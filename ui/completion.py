"""Finding words while someone types: ranking as a pure function, and a completer for line edits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import QCompleter, QLineEdit

from engine.layout import Layout
from engine.layout.vocabulary import CLEVR_48, COCO_80

MOST_SHOWN = 12
SLOTS = 9
PART, LETTERS = 3, 4
"""The two least good ways in which a word fits: what was typed is a part of it, or only its letters in order."""


def rank(query: str, words: Iterable[str], *, most: int = MOST_SHOWN, worst: int = LETTERS) -> list[str]:
    """The words that fit ``query``, best first: prefix, prefixes of words ("me cu"), part, letters in order ("rmc").

    ``worst`` leaves out what fits less well than that.
    """
    asked = query.strip().lower()
    if not asked:
        return list(words)[:most]
    scored: list[tuple[int, int, int, str]] = []
    for place, word in enumerate(words):
        score = _score(asked, word.lower())
        if score is not None and score <= worst:
            scored.append((score, len(word) if score >= PART else 0, place, word))
    scored.sort(key=lambda entry: entry[:3])
    return [word for *_, word in scored[:most]]


def _score(asked: str, word: str) -> int | None:
    if word.startswith(asked):
        return 0
    parts, starts = asked.split(), word.split()
    if _prefixes_in_order(parts, starts):
        return 1
    if all(any(start.startswith(part) for start in starts) for part in parts):
        return 2
    if asked in word:
        return PART
    letters = iter(word)
    if all(letter in letters for letter in asked if letter != " "):
        return LETTERS
    return None


def _prefixes_in_order(parts: Sequence[str], starts: Sequence[str]) -> bool:
    left = iter(starts)
    return all(any(start.startswith(part) for start in left) for part in parts)


Suggest = Callable[[str], list[str]]
"""What to offer for the text that was typed so far, best first."""


class Vocabulary:
    """The words offered for prompts: those used last, the model's own, the user's own lists, CLEVR's and COCO's."""

    def __init__(self, base: Sequence[str] = (), used: Iterable[str] = ()) -> None:
        self._base = tuple(base)
        self._own: tuple[str, ...] = ()
        self._used: dict[str, None] = dict.fromkeys(used)
        self._slots: list[str] = []

    @property
    def used(self) -> tuple[str, ...]:
        """Prompts used so far, the latest first."""
        return tuple(reversed(self._used))

    def set_base(self, base: Sequence[str]) -> None:
        """Put the words that the model knows first."""
        self._base = tuple(base)

    def set_own(self, words: Sequence[str]) -> None:
        """Offer the words of the user's own lists."""
        self._own = tuple(words)

    def note(self, prompt: str) -> None:
        """Remember that ``prompt`` was used just now."""
        if prompt.strip():
            self._used.pop(prompt, None)
            self._used[prompt] = None
            if prompt not in self._slots and len(self._slots) < SLOTS:
                self._slots.append(prompt)

    def note_layout(self, layout: Layout) -> None:
        """Remember the prompts of a layout that was opened."""
        for item in layout.objects:
            self.note(item.prompt)

    @property
    def slots(self) -> tuple[str, ...]:
        """The prompts of the keys 1 … 9: the first ones used, so that a key keeps its meaning; then the model's own."""
        spare = (word for word in (*self._base, *CLEVR_48) if word not in self._slots)
        return (*self._slots, *dict.fromkeys(spare))[:SLOTS]

    def suggest(self, text: str) -> list[str]:
        """What to offer for a text: words that were used, that the model knows or the user listed, then any others."""
        nearest = list(dict.fromkeys((*self.used, *self._base, *self._own)))
        known = set(nearest)
        rest = [word for word in self.words() if word not in known]
        found = rank(text, nearest, worst=PART) + rank(text, rest, worst=PART)
        # A few scattered letters in order: better than nothing, worse than anything else.
        return list(dict.fromkeys((*found, *rank(text, [*nearest, *rest]))))[:MOST_SHOWN]

    def words(self) -> list[str]:
        """All words, each once, in the order they should be offered."""
        listed = dict.fromkeys(self.used)
        for base in (self._base, self._own, CLEVR_48, tuple(COCO_80)):
            listed.update(dict.fromkeys(base))
        return list(listed)


class PromptCompleter(QCompleter):
    """Offers the vocabulary below a line edit while the user types; free text stays possible."""

    def __init__(self, edit: QLineEdit, suggest: Suggest) -> None:
        super().__init__(edit)
        self._suggest = suggest
        self._list = QStringListModel(self)
        self.setModel(self._list)
        # The ranking is ours: the completer must show the list as it is.
        self.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setMaxVisibleItems(MOST_SHOWN)
        edit.setCompleter(self)
        edit.textEdited.connect(self.offer)

    def offer(self, text: str) -> None:
        """Show what fits ``text``."""
        found = self._suggest(text)
        if found == [text]:
            found = []
        self._list.setStringList(found)
        if found:
            self.complete()
        else:
            self.close_list()

    @property
    def list_open(self) -> bool:
        """Whether the suggestions are shown."""
        popup = self.popup()
        return popup is not None and popup.isVisible()

    def close_list(self) -> None:
        """Hide the suggestions."""
        if self.list_open and (popup := self.popup()) is not None:
            popup.hide()
