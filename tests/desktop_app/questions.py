"""A user whose answers are known beforehand."""

from __future__ import annotations

from pathlib import Path


class ScriptedQuestions:
    """Answers what the window asks, and remembers what it was."""

    def __init__(self) -> None:
        self.open: Path | None = None
        self.folder: Path | None = None
        self.save: Path | None = None
        self.changes = "discard"
        self.overwrite = "cancel"
        self.size: tuple[int, int] | None = None
        self.reading: str | None = "xyxy"
        self.export: Path | None = None
        self.picture: Path | None = None
        self.model: Path | None = None
        self.labels: Path | None = None
        self.stop = True
        self.file: Path | None = None
        self.asked: list[str] = []

    def file_to_open(self, folder: str) -> Path | None:
        self.asked.append("open")
        return self.open

    def folder_to_open(self, folder: str) -> Path | None:
        self.asked.append("folder")
        return self.folder

    def file_to_save(self, suggestion: Path) -> Path | None:
        self.asked.append(f"save {suggestion.name}")
        return self.save

    def save_changes(self, name: str) -> str:
        self.asked.append(f"changes {name}")
        return self.changes

    def picture_to_open(self, folder: str) -> Path | None:
        self.asked.append("picture")
        return self.picture

    def overwrite_changed(self, name: str) -> str:
        self.asked.append(f"overwrite {name}")
        return self.overwrite

    def picture_size(self, name: str) -> tuple[int, int] | None:
        self.asked.append(f"size {name}")
        return self.size

    def accept_reading(self, dataset, reread):
        self.asked.append(f"reading {dataset.guess.reading}")
        if self.reading is None:
            return None
        return dataset if self.reading == dataset.guess.reading else reread(self.reading)

    def path_to_export(self, suggestion: Path, kinds: str, *, folder: bool) -> Path | None:
        self.asked.append(f"export {suggestion.name}")
        return self.export

    def model_to_import(self, folder: str, *, file: bool) -> Path | None:
        self.asked.append("checkpoint" if file else "model folder")
        return self.model

    def labels_of(self, checkpoint: Path) -> Path | None:
        self.asked.append(f"labels of {checkpoint.name}")
        return self.labels

    def stop_fetching(self, names) -> bool:
        self.asked.append(f"stop {', '.join(names)}")
        return self.stop

    def choose_folder(self, title: str, folder: str) -> Path | None:
        self.asked.append(f"choose {title}")
        return self.folder

    def choose_file(self, title: str, kinds: str, folder: str) -> Path | None:
        self.asked.append(f"choose {title}")
        return self.file

    def stop_export(self) -> bool:
        self.asked.append("stop the export")
        return self.stop
