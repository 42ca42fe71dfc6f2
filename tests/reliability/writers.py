"""What the program writes, each kind with its state before, one write, and what a reader finds afterwards."""

from __future__ import annotations

import os
from pathlib import Path

from PIL import Image

from desktop_app.journal import read_journal
from desktop_app.recovery import SUFFIX, Recovery, discard, find_lost
from desktop_app.settings import Settings
from engine.batch.items import make_items, make_runs
from engine.batch.ledger import Ledger
from engine.batch.painting import Painted
from engine.batch.worker import settle
from engine.errors import BoxpaintError
from engine.evaluation.kept_scores import (
    PictureDetail,
    PictureScore,
    keep_scores,
    read_picture_scores,
    read_summary,
    scored_runs,
)
from engine.events import Step
from engine.formats.boxpaint_png import png_info
from engine.formats.coco_detections import ResultRow, read_results, write_results
from engine.formats.dataset import Entry
from engine.formats.project import read_project, write_project
from engine.formats.registry import read, write
from engine.inpainting.iterinpaint import StepPictures
from engine.inpainting.plan import Plan
from engine.inpainting.settings import GenerationSettings
from engine.layout import Box, Layout, LayoutObject
from engine.models.installed import ENVIRONMENT, install
from engine.runs.export import save_picture
from engine.runs.records import read_record, repair_orphans
from engine.runs.request import GenerationRequest
from engine.runs.store import RunStore
from ui import edits
from ui.document import Document

OLD = Layout(64, 48, (LayoutObject("a", "red cube", Box(0.1, 0.1, 0.4, 0.4)),))
NEW = Layout(64, 48, (*OLD.objects, LayoutObject("b", "blue sphere", Box(0.5, 0.5, 1, 1))), caption="two")


class Writer:
    """One kind of file. ``look`` reads it with the program's own readers, and raises if anything is not whole."""

    between: tuple[object, ...] = ()
    """What may be found beside the states before and after."""
    mended: tuple[object, ...] = ()
    """What may be found after `again`, beside all these."""

    def before(self, folder: Path) -> None:
        """Leave what is there before the write."""

    def write(self, folder: Path) -> None:
        """The write that is disturbed."""
        raise NotImplementedError

    def again(self, folder: Path) -> None:
        """What follows a disturbed write sooner or later, in another process."""
        self.write(folder)

    def look(self, folder: Path) -> object:
        """What is there."""
        raise NotImplementedError


class LayoutFile(Writer):
    def before(self, folder: Path) -> None:
        write(folder / "a.layout.json", [Entry("a", OLD)], "boxpaint")

    def write(self, folder: Path) -> None:
        write(folder / "a.layout.json", [Entry("a", NEW)], "boxpaint")

    def look(self, folder: Path) -> object:
        return read(folder / "a.layout.json").entries[0].layout


class ProjectFile(Writer):
    def before(self, folder: Path) -> None:
        write_project(folder / "p.boxpaint", [Entry("a", OLD)], {"one": 1})

    def write(self, folder: Path) -> None:
        path = folder / "p.boxpaint"
        write_project(path, [Entry("a", NEW), Entry("b", OLD)], {"two": 2}, keep_from=path)

    def look(self, folder: Path) -> object:
        project = read_project(folder / "p.boxpaint")
        return [(entry.name, entry.layout) for entry in project.entries], project.settings


class NewFolder(Writer):
    """A dataset of several files: the whole folder or nothing of it."""

    def write(self, folder: Path) -> None:
        write(folder / "new" / "set", [Entry("a", OLD), Entry("b", NEW)], "yolo")

    def again(self, folder: Path) -> None:
        if self.look(folder) is None:
            self.write(folder)

    def look(self, folder: Path) -> object:
        place = folder / "new" / "set"
        if not place.exists():
            return None
        return [entry.name for entry in read(place, format="yolo", size=(64, 48)).entries]


class Preferences(Writer):
    def before(self, folder: Path) -> None:
        Settings(folder).update({"theme": "dark", "last_folder": "here"})

    def write(self, folder: Path) -> None:
        Settings(folder).update({"theme": "light", "recent_files": ["one", "two"]})

    def look(self, folder: Path) -> object:
        settings = Settings(folder)
        assert not settings.problem
        return [settings.get(name) for name in ("theme", "last_folder", "recent_files")]


class Run(Writer):
    """The second step and the end of a run."""

    between = (("running", 2),)
    mended = (("failed", 1), ("failed", 2))
    _steps = tuple(Step(index, "foreground", "a", "Add red cube", index) for index in range(2))

    def before(self, folder: Path) -> None:
        request = GenerationRequest("run", OLD, GenerationSettings(), "none", str(folder / "run"))
        self._store = RunStore(request, Plan(self._steps, OLD.objects, 64, 48), {"name": "none"})
        self._store.add_step(self._pictures(0), planned=self._steps[0])

    def _pictures(self, index: int) -> StepPictures:
        picture = Image.effect_noise((64, 48), 60).convert("RGB")
        mask = Image.new("L", picture.size, 255)
        return StepPictures(self._steps[index], picture, mask, picture, picture, 0.1)

    def write(self, folder: Path) -> None:
        self._store.add_step(self._pictures(1), planned=self._steps[1])
        self._store.finish(self._pictures(1).composite, png_info(OLD, {}), 0.2)

    def again(self, folder: Path) -> None:
        repair_orphans(folder)
        assert read_record(folder / "run")["state"] in ("failed", "finished")

    def look(self, folder: Path) -> object:
        record = read_record(folder / "run")
        named = [entry[kind] for entry in record["steps"] for kind in ("context", "mask", "raw", "composite")]
        for name in [*named, *([record["picture"]] if record["picture"] else [])]:
            with Image.open(folder / "run" / name) as picture:
                picture.load()
        return record["state"], len(record["steps"])


class Export(Writer):
    """A painted item: its picture, what lies beside it, and what the ledger says."""

    def before(self, folder: Path) -> None:
        items = make_items([Entry("p", OLD)], make_runs("run", GenerationSettings(), {}))
        ledger = Ledger(folder)
        ledger.plan(items, {"run": {}}, {"name": "none", "fingerprint": "none"}, retry=False)
        ledger.close()

    def write(self, folder: Path) -> None:
        ledger = Ledger(folder)
        try:
            ledger.settle()
            claimed = ledger.claim()
            if claimed is not None:
                painted = Painted("run/p.png", b"picture" * 1000, 0.1, {"run/steps/p.json": b"{}"})
                settle(ledger, *claimed, painted)
        finally:
            ledger.close()

    def look(self, folder: Path) -> object:
        ledger = Ledger(folder)
        ledger.settle()
        counts = ledger.counts()
        for row in ledger.finished():
            assert (folder / row["picture"]).read_bytes() == b"picture" * 1000
            assert (folder / "run/steps/p.json").read_bytes() == b"{}"
        ledger.close()
        return counts


class Results(Writer):
    def before(self, folder: Path) -> None:
        write_results(folder / "found.json", [ResultRow(1, 1, (0, 0, 4, 4), 0.5)])

    def write(self, folder: Path) -> None:
        write_results(folder / "found.json", [ResultRow(n, 1, (0, 0, 4, 4), 0.25) for n in range(500)])

    def look(self, folder: Path) -> object:
        return len(read_results(folder / "found.json"))


class Scores(Writer):
    def write(self, folder: Path) -> None:
        score = PictureScore("all", "p", 0.5, 0.5, 2, 1, {})
        keep_scores(folder, "run", {"overall": {}, "splits": {}}, [(score, PictureDetail([], []))])

    def look(self, folder: Path) -> object:
        if not scored_runs(folder):
            return None
        return read_summary(folder, "run"), read_picture_scores(folder, "run")


class SavedPicture(Writer):
    def before(self, folder: Path) -> None:
        save_picture(Image.new("RGB", (64, 48), "red"), folder / "sheet.jpg")

    def write(self, folder: Path) -> None:
        save_picture(Image.new("RGB", (128, 48), "blue"), folder / "sheet.jpg")

    def look(self, folder: Path) -> object:
        with Image.open(folder / "sheet.jpg") as picture:
            picture.load()
            return picture.size


class Model(Writer):
    """A model's folder, which is there whole or not at all."""

    def write(self, folder: Path) -> None:
        os.environ[ENVIRONMENT] = str(folder / "models")

        def fill(staging: Path) -> None:
            (staging / "unet").mkdir()
            (staging / "unet" / "weights.safetensors").write_bytes(b"w" * 5000)

        try:
            install("tiny", fill)
        finally:
            del os.environ[ENVIRONMENT]

    def again(self, folder: Path) -> None:
        if self.look(folder) is None:
            self.write(folder)

    def look(self, folder: Path) -> object:
        place = folder / "models" / "tiny"
        return (place / "unet" / "weights.safetensors").read_bytes() if place.exists() else None


class Journal(Writer):
    """The recovery journal of a layout that is edited; each change is in it when the next one comes."""

    prompts = ("one", "two", "three")
    between = (None, "one", "two")

    def write(self, folder: Path) -> None:
        document = Document(OLD)
        recovery = Recovery(document, folder / "recovery")
        for prompt in self.prompts:
            document.apply(prompt, edits.set_prompt(document.layout, ("a",), prompt))
        self._kept = recovery  # as long as the window lives

    def again(self, folder: Path) -> None:
        for found in find_lost(folder / "recovery", refused):
            discard(found.journal)

    def look(self, folder: Path) -> object:
        found = [read_journal(path) for path in (folder / "recovery").glob(f"*{SUFFIX}")]
        return found[0].layout.objects[0].prompt if found and found[0] is not None else None


def refused(error: BoxpaintError) -> None:
    raise error


WRITERS: dict[str, type[Writer]] = {
    "layout": LayoutFile,
    "project": ProjectFile,
    "folder": NewFolder,
    "preferences": Preferences,
    "run": Run,
    "export": Export,
    "coco results": Results,
    "scores": Scores,
    "picture": SavedPicture,
    "model": Model,
    "journal": Journal,
}
