"""The steps of exported pictures: what was there right after it was painted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from engine.detection.pictures import read_picture
from engine.detection.protocol import Detector
from engine.errors import BoxpaintError
from engine.evaluation.detecting import detect_images
from engine.evaluation.step_files import read_steps, steps_folder
from engine.events import Detection
from engine.formats.dataset import Entry
from engine.layout import LayoutObject
from engine.layout.matching import match_objects


@dataclass(frozen=True, slots=True)
class PaintedObject:
    """An object and the picture as it was when the object had just been painted.

    Attributes:
        image: Number of the picture.
        item: The object.
        step: Index of its step.
        steps: Number of steps of the picture.
        after: The picture after the step.
        final: The finished picture.
    """

    image: int
    item: LayoutObject
    step: int
    steps: int
    after: Path
    final: Path

    def picture(self) -> Image.Image:
        """The finished picture, with the object's box as it was right after its step.

        The picture after the step itself is mostly black, and detectors are not made for that: they would miss the
        object for its surroundings. Here they see its pixels in the place that it has at the end.

        Raises:
            BoxpaintError: One of the pictures cannot be read.
        """
        final, after = read_picture(self.final), read_picture(self.after)
        if after.size != final.size:
            raise BoxpaintError("the step has another size than the picture.", "run", file=str(self.after))
        box = self.item.box.to_pixels(*final.size)
        final.paste(after.crop(box), (box.x0, box.y0))
        return final


def painted_objects(entries: Sequence[Entry], pictures: Sequence[Path]) -> Iterator[PaintedObject]:
    """Every object whose step was kept. Pictures without steps are passed over.

    Raises:
        BoxpaintError: A record of steps is broken.
    """
    for image, (entry, picture) in enumerate(zip(entries, pictures, strict=True)):
        folder = steps_folder(picture)
        known = {item.id: item for item in entry.layout.objects}
        record = read_steps(folder)
        for index, step in enumerate(record):
            name = step.get("object")
            # The picture after a step is the context of the next one; the last step is the background.
            after = folder / f"{index + 1}_context.png"
            if name in known and after.is_file():
                yield PaintedObject(image, known[name], index, len(record), after, picture)


def found_when_painted(
    entries: Sequence[Entry],
    pictures: Sequence[Path],
    detector: Detector,
    size: tuple[int, int] | None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> dict[tuple[int, str], bool]:
    """For every object whose step was kept, whether the detector found it right after it was painted."""
    painted = list(painted_objects(entries, pictures))
    found = detect_images(
        [item.picture for item in painted], detector, size, lambda done: on_progress(done, len(painted))
    )
    return {
        (item.image, item.item.id): is_hit(item.item, detections)
        for item, detections in zip(painted, found, strict=True)
    }


def is_hit(item: LayoutObject, detections: Sequence[Detection]) -> bool:
    """Whether one of the detections is a hit of this object."""
    match = match_objects([item], detections).get(item.id)
    return match is not None and match.hit
