"""What goes over the pipes between a client and its engine process: length-prefixed pickles of small records.

Both ends are the same program and the same user, and the pipes are private to them; nothing that comes from a file or a
network is ever read this way (docs/adr/0002).
"""

from __future__ import annotations

import pickle
import struct
from dataclasses import dataclass
from typing import IO, Any

from engine.events import Detection
from engine.runs.request import GenerationRequest

DEFAULT_DETECTOR = "clevr-mini-detector"
"""The detector that comes with the program."""

_HEADER = struct.Struct("<Q")


@dataclass(frozen=True, slots=True)
class Run:
    """Carry out this request; events follow."""

    request: GenerationRequest


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stop this run or detection (by its id), now or when its turn comes. One that has ended is not touched."""

    run: str


@dataclass(frozen=True, slots=True)
class WarmUp:
    """Load this model before it is needed."""

    model: str
    device: str = "auto"
    precision: str = "auto"


@dataclass(frozen=True, slots=True)
class WarmedUp:
    """Answer to ``WarmUp``: the model is in memory, or why it is not."""

    model: str
    error: dict[str, str | None] | None = None


@dataclass(frozen=True, slots=True)
class Detect:
    """Find objects in these picture files; answered beside a run that is under way.

    Attributes:
        id: Names this question; unique among those of one client.
        pictures: Paths of the files.
        detector: Name of an installed detector, or its folder.
        device: As in the generation settings.
        labels: What a detector of an open vocabulary looks for; others have their own.
    """

    id: str
    pictures: tuple[str, ...]
    detector: str
    device: str = "auto"
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Detected:
    """Answer to ``Detect``: what was found in each picture, best score first, or why there is no answer.

    A detection that was cancelled is not answered.
    """

    id: str
    detections: tuple[tuple[Detection, ...], ...] = ()
    error: dict[str, str | None] | None = None


@dataclass(frozen=True, slots=True)
class Pulse:
    """The engine lives and has work; ``processor`` is the processor time in seconds that it has used so far."""

    processor: float


@dataclass(frozen=True, slots=True)
class Logged:
    """What the engine's process logs, as ``logging`` calls it; ``created`` in seconds since 1970."""

    name: str
    level: int
    created: float
    text: str


Command = Run | Cancel | WarmUp | Detect


def send(stream: IO[bytes], message: Any) -> None:
    """Write one message; OSError when the other side is gone."""
    content = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(_HEADER.pack(len(content)) + content)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """Read one message; EOFError when the other side is gone."""
    header = _read_exactly(stream, _HEADER.size)
    return pickle.loads(_read_exactly(stream, _HEADER.unpack(header)[0]))


def _read_exactly(stream: IO[bytes], count: int) -> bytes:
    parts = []
    while count:
        part = stream.read(count)
        if not part:
            raise EOFError
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
