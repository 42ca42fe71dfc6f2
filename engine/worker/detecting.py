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
            command = self._work.get()
            try:
                answer = Detected(command.id, tuple(self._detect(command)))
            except Cancelled:
                continue
            except BoxpaintError as error:
                answer = Detected(command.id, error=error.as_dict())
            except Exception as error:  # noqa: BLE001
                # Whatever a library throws ends this detection, not the engine with the run that it paints.
                _log.exception("A detection failed")
                answer = Detected(command.id, error=_unforeseen(error).as_dict())
            self._open.discard(command.id)
            self._send(answer)

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


def _unforeseen(error: Exception) -> BoxpaintError:
    if isinstance(error, MemoryError) or "out of memory" in str(error).lower():
        return BoxpaintError("the detector does not fit in memory.", "memory", hint="End the run under way first.")
    first = (str(error).strip() or type(error).__name__).splitlines()[0]
    return BoxpaintError(f"the detector failed: {first}", "model")
