"""``python -m tests.faulty_engine ORDERS [PULSE]``: the real engine process, whose model fails when it is told to.

The pipeline is a real one. The file ORDERS says what goes wrong, and in which calls of the part concerned; see `order`.
"""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import stat
import sys
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import engine.models.kept
from engine.models.loading import LoadedModel, load_pipeline
from engine.worker.server import main

CUDA_ERROR = (
    "CUDA error: an illegal memory access was encountered\nCUDA kernel errors might be asynchronously reported at some "
    "other API call, so the stacktrace below might be incorrect."
)


def _raises() -> None:
    raise RuntimeError("the tensors do not fit each other")


def _memory() -> None:
    raise MemoryError


def _device_memory() -> None:
    import torch

    raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")


def _allocator() -> None:
    import torch

    torch.empty(2**60, dtype=torch.uint8)


def _accelerator() -> None:
    import torch

    raise torch.AcceleratorError(CUDA_ERROR)


def _killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _crashes() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def _stopped() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def _waits() -> None:
    threading.Event().wait()


def _holds_the_interpreter() -> None:
    # Not CDLL: the interpreter's lock is kept while the call lasts.
    ctypes.PyDLL(None).pause()


FAULTS: dict[str, Callable[[], None]] = {
    "raises": _raises,
    "memory": _memory,
    "device memory": _device_memory,
    "allocator": _allocator,
    "accelerator": _accelerator,
    "killed": _killed,
    "crashes": _crashes,
    "stopped": _stopped,
    "waits": _waits,
    "holds the interpreter": _holds_the_interpreter,
}
"""What the denoising network does before its work. Besides there are ``slow``, which calculates until it is
ordered something else, ``nan`` and ``black``, whose results are broken, and ``disk full``, which counts the files that
are written."""


class Orders:
    """The file of orders, as one place where things go wrong sees it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._text = ""
        self._calls = 0

    def next_fault(self) -> str:
        """What shall go wrong in this call; empty for nothing."""
        text = self._file.read_text()
        if text != self._text:
            self._text, self._calls = text, 0
        self._calls += 1
        fault, first, count, _ = text.split(",")
        return fault if int(first) <= self._calls < int(first) + int(count) else ""


def order(file: Path, fault: str, first: int, count: int = 1) -> None:
    """Let this go wrong in the calls from number ``first`` on, counted from now, from 1."""
    file.write_text(f"{fault},{first},{count},{uuid.uuid4().hex}")


def _break(model: LoadedModel, file: Path) -> None:
    unet, decoder = model.pipeline.unet, model.pipeline.vae.decoder
    denoise, decode = unet.forward, decoder.forward
    of_unet, of_decoder = Orders(file), Orders(file)

    def denoise_or_fail(*values: Any, **named: Any) -> Any:
        fault = of_unet.next_fault()
        if fault in FAULTS:
            FAULTS[fault]()
        while fault == "slow" and fault in file.read_text():
            pass
        result = denoise(*values, **named)
        if fault == "nan":
            (result[0] if isinstance(result, tuple) else result.sample).fill_(float("nan"))
        return result

    def decode_or_fail(*values: Any, **named: Any) -> Any:
        result = decode(*values, **named)
        return result.fill_(float("nan")) if of_decoder.next_fault() == "black" else result

    unet.forward, decoder.forward = denoise_or_fail, decode_or_fail


def infect(file: Path) -> None:
    """Let models that this process loads, and files that it writes, fail when they are told to."""
    of_disk, fsync = Orders(file), os.fsync

    def flush_or_fail(handle: int) -> None:
        # A folder is flushed after each file: it takes no room.
        if stat.S_ISREG(os.fstat(handle).st_mode) and of_disk.next_fault() == "disk full":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(handle)

    def load(*values: Any, **named: Any) -> LoadedModel:
        model = load_pipeline(*values, **named)
        _break(model, file)
        return model

    os.fsync = flush_or_fail
    engine.models.kept.load_pipeline = load


def infecting(folder: Path, orders: Path) -> dict[str, str]:
    """Variables with which every Python process that is started lets its models fail by these orders.

    Args:
        folder: An empty folder, for a file that Python reads as it starts.
    """
    (folder / "sitecustomize.py").write_text(
        f"import pathlib\nfrom tests.faulty_engine import infect\ninfect(pathlib.Path({str(orders)!r}))\n"
    )
    return {"PYTHONPATH": os.pathsep.join([str(folder), str(Path(__file__).parents[1])])}


if __name__ == "__main__":
    infect(Path(sys.argv[1]))
    main(*map(float, sys.argv[2:]))
