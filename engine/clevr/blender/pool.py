"""Several Blenders at work on a list of pictures; one that crashes or hangs is replaced, and nothing done is lost."""

from __future__ import annotations

import io
import queue
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from engine.clevr.blender.arrangement import Arrangement, arrange
from engine.clevr.blender.installation import Blender
from engine.clevr.blender.look import scene_facts
from engine.clevr.blender.process import BlenderFailed, BlenderProcess
from engine.clevr.blender.records import RenderFolder, Shot
from engine.clevr.blender.truth import Seen, front_to_back, seen_in, too_hidden
from engine.errors import BoxpaintError

TRIES = 2
"""Blenders that may fail on a picture before it is given up."""

RESAMPLES = 30
"""Scenes that are sampled in place of one in which too much is hidden."""

HOPELESS = 3
"""Pictures given up one after the other, with none made between them, after which all is given up."""

_DARKEST = 8


@dataclass(frozen=True)
class Finished:
    """A picture is on the disk; ``attempt`` says which scene of the shot it shows."""

    shot: Shot
    attempt: int


@dataclass(frozen=True)
class GivenUp:
    """A picture could not be made."""

    shot: Shot
    error: BoxpaintError


Outcome = Finished | GivenUp


class RenderPool:
    """Renders shots with several Blenders at once.

    Args:
        blender: Which Blender.
        folder: Where pictures and records go, and how they are rendered.
        workers: Number of Blenders at once.
        threads: Threads of each.
        timeout: Seconds in which a picture must be done.
    """

    def __init__(self, blender: Blender, folder: RenderFolder, *, workers: int, threads: int, timeout: float) -> None:
        self._blender = blender
        self._folder = folder
        self._workers = workers
        self._timeout = timeout
        self._start = {
            "threads": threads,
            "persistent": True,
            "scene": scene_facts(),
            "cycles": folder.settings.cycles(),
        }
        self._waiting: deque[Shot] = deque()
        self._news: queue.SimpleQueue[Outcome | BaseException | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._running: set[BlenderProcess] = set()
        self._stopped = False
        self._has_worked = False

    def render(self, shots: Sequence[Shot], tell: Callable[[Outcome | None], object]) -> None:
        """Render all shots; ``tell`` hears of each, and None now and then while nothing is finished.

        Raises:
            BoxpaintError: Blender cannot be started at all, fails again and again, or a file cannot be written.
            KeyboardInterrupt: As it came; the Blenders are ended first.
        """
        self._waiting.extend(shots)
        threads = [
            threading.Thread(target=self._work, name=f"render {number}", daemon=True)
            for number in range(min(self._workers, len(shots)))
        ]
        try:
            for thread in threads:
                thread.start()
            self._listen(len(threads), tell)
        finally:
            self._stop()
            for thread in threads:
                thread.join()

    def _listen(self, workers: int, tell: Callable[[Outcome | None], object]) -> None:
        given_up = 0
        while workers:
            try:
                # Waiting without end could not be interrupted on every system.
                news = self._news.get(timeout=0.5)
            except queue.Empty:
                tell(None)
                continue
            if news is None:
                workers -= 1
                continue
            if isinstance(news, BaseException):
                raise news
            tell(news)
            given_up = given_up + 1 if isinstance(news, GivenUp) and isinstance(news.error, BlenderFailed) else 0
            if given_up >= HOPELESS and isinstance(news, GivenUp):
                raise BoxpaintError(
                    f"Blender failed on {given_up} pictures one after the other; the last time: {news.error.message}",
                    "blender",
                    file=news.error.file,
                    hint=news.error.hint,
                )

    def _stop(self) -> None:
        with self._lock:
            self._stopped = True
            self._waiting.clear()
            for process in self._running:
                process.kill()

    def _work(self) -> None:
        """One worker: a Blender, and shots until there are no more."""
        process: BlenderProcess | None = None
        try:
            while (shot := self._next()) is not None:
                for tries_left in reversed(range(TRIES)):
                    try:
                        process = process or self._open()
                        self._news.put(self._shoot(process, shot))
                        break
                    except BlenderFailed as error:
                        if process is not None:
                            self._drop(process)
                            process = None
                        if self._stopped:
                            return
                        if not tries_left:
                            error.item = shot.name
                            self._news.put(GivenUp(shot, error))
        except BaseException as error:  # noqa: BLE001 - handed over to the thread that waits, whatever it is
            self._news.put(error)
        finally:
            if process is not None:
                self._drop(process)
            self._news.put(None)

    def _next(self) -> Shot | None:
        with self._lock:
            return self._waiting.popleft() if self._waiting else None

    def _open(self) -> BlenderProcess:
        """A Blender with the scene built in it."""
        process: BlenderProcess | None = None
        try:
            process = BlenderProcess(self._blender.command())
            with self._lock:
                self._running.add(process)
                if self._stopped:
                    process.kill()
            process.start(self._start)
        except BlenderFailed as error:
            if process is not None:
                self._drop(process)
            if self._has_worked or self._stopped:
                raise
            # It never worked: no picture is to blame, and another try would end in the same way.
            raise BoxpaintError(error.message, error.kind, file=error.file, hint=error.hint) from error
        self._has_worked = True
        return process

    def _drop(self, process: BlenderProcess) -> None:
        with self._lock:
            self._running.discard(process)
        process.close()

    def _shoot(self, process: BlenderProcess, shot: Shot) -> Outcome:
        """Render a shot, or the first scene in its place in which enough is seen."""
        for attempt in range(RESAMPLES + 1):
            try:
                arrangement = arrange(
                    shot.scene(attempt), light_jitter=self._folder.settings.light_jitter, radians=shot.radians
                )
            except BoxpaintError as error:
                error.item = ", ".join(part for part in (shot.name, error.item) if part)
                return GivenUp(shot, error)
            process.ask(arrangement.request(), timeout=self._timeout)
            numbers = np.asarray(self._ask_picture(process, "ids", arrangement))[:, :, 0]
            seen = seen_in(numbers, arrangement)
            hidden = too_hidden(seen, shot.rules, arrangement.width) if shot.rules else []
            if not hidden or shot.again is None:
                break
        else:
            message = f"in none of {RESAMPLES + 1} scenes enough is seen of every object."
            hint = "Ask for fewer or smaller objects, or larger margins."
            return GivenUp(shot, BoxpaintError(message, "input", item=shot.name, hint=hint))
        picture = self._ask_picture(process, "picture", arrangement)
        if max(high for _, high in picture.getextrema()) < _DARKEST:
            raise BlenderFailed("Blender made a black picture.", "blender", item=shot.name)
        buffer = io.BytesIO()
        # Blender writes dates and times into its files: the same scene is to give the same file.
        picture.save(buffer, "PNG")
        self._folder.keep(shot, buffer.getvalue(), self._truth(process, arrangement, attempt, seen, hidden))
        return Finished(shot, attempt)

    def _ask_picture(self, process: BlenderProcess, what: str, arrangement: Arrangement) -> Any:
        path = process.ask({"do": what}, timeout=self._timeout)["path"]
        try:
            with Image.open(path) as file:
                picture = file.convert("RGB")
        except (OSError, ValueError, SyntaxError) as error:
            message = f"a picture from Blender cannot be read ({error})."
            raise BlenderFailed(message, "blender", file=path, hint="Is the disk of temporary files full?") from error
        if picture.size != (arrangement.width, arrangement.height):
            raise BlenderFailed(f"Blender made a picture of {picture.width} × {picture.height}.", "blender", file=path)
        return picture

    def _truth(
        self, process: BlenderProcess, arrangement: Arrangement, attempt: int, seen: tuple[Seen, ...], hidden: list[int]
    ) -> dict[str, Any]:
        return {
            "width": arrangement.width,
            "height": arrangement.height,
            "blender": process.version,
            "samples": self._folder.settings.samples,
            "attempt": attempt,
            "camera": list(arrangement.camera.position),
            "lights": {name: list(position) for name, position in arrangement.lights.items()},
            "objects": [
                {"prompt": f"{thing.color} {thing.material} {thing.solid.shape}", **sight.as_dict()}
                for thing, sight in zip(arrangement.things, seen, strict=True)
            ],
            "depth_order": front_to_back(seen),
            "too_hidden": hidden,
        }
