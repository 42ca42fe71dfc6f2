"""Every text that people see goes through translation, and German has all of them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QMenu, QPushButton

from desktop_app.samples import sample_file
from desktop_app.session import SAMPLE
from desktop_app.translations import FOLDER, install_translations
from tests.desktop_app.texts import OPEN, Marking, all_texts

ROOT = Path(__file__).parents[2]
GERMAN = FOLDER / "boxpaint_de.ts"
TOOL = shutil.which("pyside6-lupdate", path=str(Path(sys.executable).parent))

DATA = re.compile(
    r"Boxpaint|clevr-mini(-detector)?|A[PR]\w*( \+)?|ddim|dpm\+\+|euler|pndm|unipc|lcm|tcd|px|IoU|[A-Z]|"
    r"[\w/.:-]+\.(json|boxpaint|png)|"
    r"\w+ (metal|rubber) (cube|sphere|cylinder)|dog|vase|((Ctrl|Shift|Alt)\+)+\S+|F\d+|Del|Backspace|[\d\W]+"
)
"""What is the same in every language: names, prompts, units, keys, numbers."""

DATA_VIEWS = ("layoutsList", "splitFilter", "labelFilter", "modelsList", "modelDetails")
"""They list what is in files."""


@pytest.fixture
def marked(qapp):
    """Every text is between brackets."""
    translator = Marking()
    qapp.installTranslator(translator)
    yield translator
    qapp.removeTranslator(translator)


@pytest.fixture
def german(qapp):
    """The real translation."""
    installed = install_translations(qapp, "de")
    yield installed
    for translator in installed:
        qapp.removeTranslator(translator)


def without_marks(roots) -> set[tuple[str, str]]:
    """Texts that were not translated."""
    return {
        (where, text)
        for root in roots
        for where, text in all_texts(root)
        if OPEN not in text and not any(view in where for view in DATA_VIEWS) and not _is_data(text)
    }


def _is_data(text: str) -> bool:
    return all(DATA.fullmatch(part) for part in re.split(r" +[–·] +|, |(?<=\d)  +|\[\*\]", text) if part)


class TestMarked:
    """The window in a language in which every text is marked."""

    @pytest.fixture
    def kept_settings(self, marked):
        return {"warm_up": False}

    def test_nothing_in_the_window_bypasses_translation(self, session, qtbot):
        window = session.window
        page = session.start_page.page
        qtbot.waitUntil(lambda: all(card.count.text() for card in page.cards.values()))
        assert without_marks([window]) == set()
        window.files.open(SAMPLE)
        window.edits.select_all()
        window.docks["project"].show()
        window.docks["browser"].show()
        window.canvas.context_requested.emit(window.rect().center(), [item.id for item in window.document.selected])
        QApplication.processEvents()
        assert without_marks(QApplication.topLevelWidgets()) == set()
        window.findChild(QMenu, "contextMenu").close()

    @pytest.mark.parametrize("command", ["bench_export", "bench_scores", "bench_gallery"])
    def test_nothing_about_benchmarks_bypasses_translation(self, session, command):
        session.window.actions_by_id[command].trigger()
        assert without_marks([session.window.benchmarks.page]) == set()

    @pytest.mark.parametrize("command", ["preferences", "shortcuts", "palette", "vocabularies", "sweep", "models"])
    def test_nothing_in_a_dialog_bypasses_translation(self, session, command):
        window = session.window
        window.actions_by_id[command].trigger()
        (dialog,) = [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]
        assert without_marks([dialog]) == set()
        dialog.reject()

    def test_names_of_changes(self, session):
        window = session.window
        window.files.open(SAMPLE)
        edits = window.edits
        edits.select_all()
        for change in (edits.duplicate, edits.toggle_locked, edits.toggle_locked, edits.same_size):
            change()
        for command in ("align_left", "distribute_down", "sort_random", "skill_mirror", "cut"):
            window.actions_by_id[command].trigger()
        shown = [
            window.history.list.model().index(row, 0).data() for row in range(window.history.list.model().rowCount())
        ]
        assert len(shown) >= 8
        assert [text for text in shown if OPEN not in text] == []

    def test_problems_of_a_layout(self, session, qtbot):
        window = session.window
        assert window.files.open(sample_file("coco_combination_1"))
        qtbot.waitUntil(lambda: window.problems.list.count() > 0)
        assert without_marks([window.problems]) == set()


def test_german_has_every_text_of_the_source(tmp_path):
    if TOOL is None:
        pytest.skip("pyside6-lupdate is not installed beside Python")
    fresh = tmp_path / GERMAN.name
    shutil.copy(GERMAN, fresh)
    sources = sorted(str(path) for room in ("desktop_app", "ui") for path in (ROOT / room).rglob("*.py"))
    options = ["-tr-function-alias", "QT_TRANSLATE_NOOP+=N_", "-locations", "none", "-no-obsolete"]
    subprocess.run([TOOL, *sources, "-ts", str(fresh), *options], check=True, capture_output=True, timeout=120)
    unfinished, nowhere = [], []
    for context in ElementTree.parse(fresh).getroot().iter("context"):
        name = context.findtext("name")
        if not name or not name.isidentifier():
            nowhere.append(name)
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is None or not translation.text or translation.get("type") == "unfinished":
                unfinished.append((name, message.findtext("source")))
    assert unfinished == [], "make translations, then translate them in resources/translations"
    assert nowhere == [], "texts that are looked up under no class's name"


def test_placeholders_are_the_same():
    for message in ElementTree.parse(GERMAN).getroot().iter("message"):
        source, german = message.findtext("source"), message.findtext("translation")
        assert sorted(re.findall(r"{[^}]*}", source)) == sorted(re.findall(r"{[^}]*}", german)), source


def test_the_compiled_texts_are_those_of_the_source_file(german):
    assert german, "resources/translations/boxpaint_de.qm is missing: make translations"
    program = german[0]
    for context in ElementTree.parse(GERMAN).getroot().iter("context"):
        for message in context.iter("message"):
            found = program.translate(context.findtext("name"), message.findtext("source"))
            assert found == message.findtext("translation"), "make translations"


class TestGerman:
    """The window in German."""

    @pytest.fixture
    def kept_settings(self, german):
        return {"warm_up": False}

    def test_menus_buttons_and_qts_own_words(self, session):
        window = session.window
        assert window.menus["file"].title() == "&Datei"
        assert session.start_page.page.cards["size_tiny_1"].paint.text() == "Malen"
        window.actions_by_id["preferences"].trigger()
        (dialog,) = [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]
        buttons = dialog.findChild(QDialogButtonBox)
        assert buttons.button(QDialogButtonBox.StandardButton.Cancel).text() == "Abbrechen"
        dialog.reject()

    def test_no_button_is_too_narrow_for_its_text(self, session, qtbot):
        window = session.window
        window.show()
        assert too_narrow(window) == []
        for command in ("bench_export", "bench_scores", "bench_gallery"):
            window.actions_by_id[command].trigger()
            qtbot.waitUntil(lambda: too_narrow(window) == [])
        window.benchmarks.leave()
        window.actions_by_id["tour"].trigger()
        for _ in range(5):
            qtbot.waitUntil(lambda: too_narrow(window) == [])
            session.tour.tour.advance()
        for command in ("preferences", "shortcuts"):
            window.actions_by_id[command].trigger()
            (dialog,) = [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]
            qtbot.waitUntil(lambda dialog=dialog: too_narrow(dialog) == [])
            dialog.reject()


def too_narrow(root) -> list[str]:
    """Buttons that are seen and that cut their text off."""
    buttons = [button for button in root.findChildren(QPushButton) if button.isVisible()]
    return [button.text() for button in buttons if button.width() < button.minimumSizeHint().width()]


def test_other_languages_are_english_and_the_systems_is_taken(qapp, monkeypatch):
    assert install_translations(qapp, "xx") == []
    monkeypatch.setattr(QLocale, "system", lambda: QLocale("de_AT"))
    installed = install_translations(qapp, "system")
    assert QCoreApplication.translate("Actions", "&File") == "&Datei"
    for translator in installed:
        qapp.removeTranslator(translator)
