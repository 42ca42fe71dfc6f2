"""Loads the texts of the window in the user's language; docs/translations.md tells how they are made."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from desktop_app.theme import RESOURCES

FOLDER = RESOURCES / "translations"


def install_translations(app: QCoreApplication, language: str) -> list[QTranslator]:
    """Let the program speak a language, Qt's own dialogs included.

    Args:
        app: The application.
        language: A code as in ``resources/translations``, e.g. ``de``; ``system`` for that of the system. English,
            the language of the source, is spoken where there is no translation.

    Returns:
        What was installed, the program's texts first.
    """
    locale = QLocale.system() if language == "system" else QLocale(language)
    installed = []
    for name, folder in (
        ("boxpaint", str(FOLDER)),
        ("qtbase", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)),
    ):
        translator = QTranslator(app)
        if not translator.load(locale, name, "_", folder):
            break  # Qt's dialogs speak no language that the program does not
        app.installTranslator(translator)
        installed.append(translator)
    return installed
