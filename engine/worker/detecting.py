"""Detections in the engine process: a thread of their own, so that they need not wait for the run that is painted."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from pathlib import Path

from engine.detection.loading import find_detector, load_detector
from engine.detection.pictures import read_picture
from engine.detection.protocol import Detector, asked
from engine.errors import BoxpaintError, Cancelled
from engine.events import Detection
from engine.models.failures import explained
from engine.models.machine import choose_device
from engine.worker.protocol import Detect, Detected

_log = logging.getLogger(__name__)

_AT_ONCE = 4
"""Pictures given to the detector together; between them it is looked whether the detection was cancelled."""


class Detecting:
    """Answers ``Detect`` commands one after the other.

    Args:
        send: Takes the answers; may be called from another thread.
        reading: Held while weights are read.
    """

    def __init__(self, send: Callable[[Detected], None], reading: threading.Lock) -> None:
        self._send = send
        self._reading = reading
        self._work: queue.Queue[Detect] = queue.Queue()
        self._open: set[str] = set()  # asked for, neither answered nor cancelled
        self._detectors: dict[tuple[Path, str], Detector] = {}
        self._thread: threading.Thread | None = None

    @property
    def busy(self) -> bool:
        """Whether anything is being looked at, or waits for it."""
        return self._work.unfinished_tasks > 0

    def ask(self, command: Detect) -> None:
        """Carry this out when its turn comes. Called by one thread only."""
        self._open.add(command.id)
        self._work.put(command)
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name="boxpaint-detections", daemon=True)
            self._thread.start()

    def cancel(self, question: str) -> None:
        """Do not answer this one any more."""
        self._open.discard(question)

    def _serve(self) -> None:
        while True:
            answer = self._answer(self._work.get())
            if answer is not None:
                self._open.discard(answer.id)
                self._send(answer)
            self._work.task_done()

    def _answer(self, command: Detect) -> Detected | None:
        try:
            return Detected(command.id, tuple(self._detect(command)))
        except Cancelled:
            return None
        except BoxpaintError as error:
            return Detected(command.id, error=error.as_dict())
        except Exception as error:  # noqa: BLE001
            # Whatever a library throws ends this detection, not the engine with the run that it paints.
            _log.exception("A detection failed")
            return Detected(command.id, error=explained(error, "the detector").as_dict())

    def _detect(self, command: Detect) -> list[tuple[Detection, ...]]:
        found: list[tuple[Detection, ...]] = []
        for start in range(0, len(command.pictures), _AT_ONCE):
            self._check(command)
            detector = self.detector(command.detector, choose_device(command.device))
            if command.labels:
                detector = asked(detector, command.labels)
            images = [read_picture(path) for path in command.pictures[start : start + _AT_ONCE]]
            self._check(command)
            found += (tuple(detections) for detections in detector.detect(images))
        self._check(command)
        return found

    def _check(self, command: Detect) -> None:
        if command.id not in self._open:
            raise Cancelled

    def detector(self, name: str, device: str = "cpu") -> Detector:
        """The detector from memory, or loaded now. Any thread may ask.

        Raises:
            BoxpaintError: There is none of this name, or it cannot be loaded.
        """
        key = find_detector(name).resolve(), device
        with self._reading:
            if key not in self._detectors:
                self._detectors.clear()  # one at a time, as with models
                self._detectors[key] = load_detector(key[0], device)
            return self._detectors[key]
