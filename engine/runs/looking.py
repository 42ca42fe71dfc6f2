"""A detector that looks at a run's composites beside the painting."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from PIL import Image

from engine.detection.loading import BUILT_IN, find_detector, load_detector
from engine.detection.protocol import Detector, asked
from engine.errors import BoxpaintError
from engine.events import Detection
from engine.layout import Layout
from engine.layout.matching import same_label
from engine.models.failures import explained
from engine.runs.request import AUTO_DETECTOR

_log = logging.getLogger(__name__)

Result = TypeVar("Result")

LoadDetector = Callable[[str], Detector]
"""From a detector's name or folder to the detector; may take long."""


def load_by_name(name: str) -> Detector:
    """The detector of this name or folder, on the CPU."""
    return load_detector(find_detector(name))


class Looking:
    """Looks at pictures in a thread of its own; what it found is fetched by the thread that paints.

    Args:
        name: The request's ``detector``.
        layout: What is painted; ``auto`` looks only if the detector knows some of it. One of an open vocabulary is told
            to look for its prompts.
        load: Gives the detector.
    """

    def __init__(self, name: str, layout: Layout, load: LoadDetector = load_by_name) -> None:
        self.name = BUILT_IN.name if name == AUTO_DETECTOR else name
        self.labels: tuple[str, ...] = ()
        """Every label that the detector knows, once it is there."""
        self._auto = name == AUTO_DETECTOR
        self._prompts = [item.prompt for item in layout.objects if not item.hidden]
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="boxpaint-looking")
        self._detector: Future[Detector] = self._pool.submit(
            _safely, lambda: asked(load(self.name), tuple(dict.fromkeys(self._prompts)))
        )
        self._announced = False
        self._waiting: list[tuple[int, Future[list[Detection]]]] = []
        self.problem = ""
        """Why nothing is looked at, as a sentence; empty while all is well."""

    def announcement(self, *, wait: bool = False) -> tuple[str, tuple[str, ...], str] | None:
        """Once, when it is known: the detector's name, its labels, and why it does not look (empty: it does)."""
        if self._announced or not (wait or self._detector.done()):
            return None
        self._announced = True
        try:
            detector = self._detector.result()
        except BoxpaintError as error:
            self.problem = str(error)
            return self.name, (), self.problem
        self.labels = detector.labels
        known = any(same_label(prompt, label) for prompt in self._prompts for label in detector.labels)
        if self._auto and not known:
            self.problem = "the detector knows none of the prompts, so the steps are not looked at."
        return detector.name, detector.labels, self.problem

    def look(self, index: int, picture: Image.Image) -> None:
        """Look at this step's composite when there is time."""
        if not self.problem:
            self._waiting.append((index, self._pool.submit(self._detect, picture)))

    def found(self, *, wait: bool = False) -> Iterator[tuple[int, tuple[Detection, ...]]]:
        """What was found since the last call, by step; with ``wait`` all that is still to come.

        Raises:
            BoxpaintError: The detector failed; nothing more will be looked at.
        """
        while self._waiting and not self.problem and (wait or self._waiting[0][1].done()):
            index, future = self._waiting.pop(0)
            try:
                yield index, tuple(future.result())
            except BoxpaintError as error:
                self.problem = str(error)
                raise

    def find(self, picture: Image.Image) -> list[Detection]:
        """What is in this picture, now.

        Raises:
            BoxpaintError: There is no detector, or it failed.
        """
        return self._pool.submit(self._detect, picture).result()

    def close(self) -> None:
        """Look at nothing more."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _detect(self, picture: Image.Image) -> list[Detection]:
        detector = self._detector.result()
        return _safely(lambda: detector.detect([picture])[0])


def _safely(work: Callable[[], Result]) -> Result:
    """What ``work`` gives; whatever a library throws becomes an error that does not end the run that is painted."""
    try:
        return work()
    except BoxpaintError:
        raise
    except Exception as error:
        _log.exception("The detector failed")
        raise explained(error, "the detector") from error
