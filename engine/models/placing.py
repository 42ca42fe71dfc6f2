"""A loaded pipeline on its device: brought to a notch, and to the one below when the device's memory runs out."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from engine.errors import BoxpaintError
from engine.models.placement import DEVICE, LADDERS, MEANING, MODEL_OFFLOAD, SEQUENTIAL_OFFLOAD, Choice

_log = logging.getLogger(__name__)

_Result = TypeVar("_Result")

_PHRASES = (
    "out of memory",
    "can't allocate memory",
    "cannot allocate memory",
    "not enough memory",
    "alloc_failed",
)
"""How allocators that raise no class of their own say that memory ran out: torch's for the CPU and Apple's chips, CUDA,
cuBLAS and cuDNN, the operating system's for memory-mapped files."""


@dataclass(frozen=True, slots=True)
class SteppedDown:
    """Memory ran out and a model went one notch down: from which to which, and what the library said."""

    before: str
    now: str
    problem: str

    @property
    def text(self) -> str:
        """The sentence for people."""
        return f"Memory ran out: from now on {MEANING[self.now]}. What was under way is done again."


Listener = Callable[[SteppedDown], None]


class Placing:
    """Where the weights of a pipeline are, and the way down.

    Args:
        pipeline: A diffusers pipeline, its weights in the machine's memory.
        choice: Where it shall be.
        ladder: The notches of the way down; those of the device by default.
    """

    def __init__(self, pipeline: Any, choice: Choice, *, ladder: Sequence[str] | None = None) -> None:
        self._pipeline = pipeline
        self._ladder = tuple(LADDERS[choice.device] if ladder is None else ladder)
        self.choice = choice
        self._listeners: list[Listener] = []

    @property
    def placement(self) -> str:
        """The present notch."""
        return self.choice.placement

    @contextmanager
    def told(self, listener: Listener) -> Iterator[None]:
        """Tell ``listener`` when the model goes a notch down, within the context."""
        self._listeners.append(listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)

    def settle(self) -> None:
        """Bring the weights to where they shall be, or as far down as it takes.

        Raises:
            BoxpaintError: Even the last notch does not fit.
        """
        self.within_memory(lambda: _place(self._pipeline, self.choice), "loading the model", again=False)

    def within_memory(self, work: Callable[[], _Result], what: str, *, again: bool = True) -> _Result:
        """What ``work`` gives; when memory runs out, it is done again from the start, one notch further down.

        Noise that it draws from torch's global generators is the same each time.

        Args:
            work: May be called several times.
            what: What it does, for the error: "painting 512×512 pixels".
            again: Whether to place the weights before it is done again (``work`` is not what places them).

        Raises:
            BoxpaintError: Memory ran out at the last notch. The memory is free again.
        """
        rewind = _rewinder(self.choice.device)
        while True:
            try:
                return work()
            except Exception as error:
                if not is_out_of_memory(error):
                    raise
                problem = (str(error).strip() or type(error).__name__).splitlines()[0]
            # Only here, with the exception gone, do the frames end that hold the tensors of the call that failed.
            free_memory(self.choice.device)
            self._step_down(problem, what)
            if again:
                self.settle()
            rewind()

    def once(self, work: Callable[[], _Result], what: str) -> _Result:
        """What ``work`` gives, when the caller has a remedy of its own for memory that runs out.

        Raises:
            BoxpaintError: Memory ran out. It is free again.
        """
        try:
            return work()
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            problem = (str(error).strip() or type(error).__name__).splitlines()[0]
        free_memory(self.choice.device)
        _log.warning("Memory ran out while %s: %s", what, problem)
        raise BoxpaintError(f"the {self.choice.device} device ran out of memory while {what}.", "memory")

    def _step_down(self, problem: str, what: str) -> None:
        before = self.choice.placement
        rest = self._ladder[self._ladder.index(before) + 1 :]
        if not rest:
            raise _at_the_end(self.choice, what, problem)
        below = rest[0]
        # A fresh reason: the estimate that the old one tells of was wrong.
        self.choice = replace(self.choice, placement=below, reason=f"memory ran out at {before}")
        news = SteppedDown(before, below, problem)
        _log.warning("%s (%s; %s → %s)", news.text, problem, before, below)
        for listener in tuple(self._listeners):
            listener(news)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an exception says that the device's or the machine's memory ran out."""
    import torch

    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    text = str(error).lower()
    return isinstance(error, (RuntimeError, OSError)) and any(phrase in text for phrase in _PHRASES)


def no_memory(error: BaseException) -> BoxpaintError:
    """Memory that ran out beside the model's own calls, where no other placement helps."""
    _log.warning("Memory ran out: %s", error)
    return BoxpaintError(
        "the machine's memory ran out.",
        "memory",
        hint="Choose a smaller --size, or close other programs. The program can go on as it is.",
    )


def free_memory(device: str) -> None:
    """Give memory that nothing refers to any more back to the device and the operating system."""
    import torch

    gc.collect()  # pipelines and their hooks refer to each other in circles
    if device == "cuda":
        torch.cuda.empty_cache()
    elif device == "mps":
        torch.mps.empty_cache()
    give_freed_blocks_back()


def give_freed_blocks_back() -> None:
    """Have the C library give the operating system what was freed: glibc keeps it for itself unless it is asked."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # another C library, which has no such call
            ctypes.CDLL(None).malloc_trim(0)


def _place(pipeline: Any, choice: Choice) -> None:
    """Put a pipeline's weights where the choice says, from any notch but the last."""
    import torch

    pipeline.remove_all_hooks()
    if choice.placement != DEVICE:
        vae = getattr(pipeline, "vae", None)
        # AutoencoderTiny cuts tiles for a factor of its own (diffusers 0.42), and wrong ones for any other.
        factor = getattr(vae, "spatial_scale_factor", pipeline.vae_scale_factor)
        if vae is not None and hasattr(vae, "enable_tiling") and factor == pipeline.vae_scale_factor:
            vae.enable_tiling()
        if choice.device == "mps":
            # Elsewhere torch's attention keeps no matrix of scores, and slicing it would only cost time.
            pipeline.enable_attention_slicing()
    if choice.placement == MODEL_OFFLOAD:
        pipeline.enable_model_cpu_offload(device=choice.device)
    elif choice.placement == SEQUENTIAL_OFFLOAD:
        # Layer by layer, as enable_sequential_cpu_offload does, which cannot be tried out without a GPU.
        pipeline.enable_group_offload(torch.device(choice.device), offload_type="leaf_level")
    else:
        pipeline.to(choice.device)


def _rewinder(device: str) -> Callable[[], None]:
    """Sets torch's global generators back to how they are now."""
    import torch

    states = {"cpu": torch.get_rng_state()}
    if device == "cuda":
        states[device] = torch.cuda.get_rng_state()
    elif device == "mps":
        states[device] = torch.mps.get_rng_state()

    def rewind() -> None:
        torch.set_rng_state(states["cpu"])
        if device == "cuda":
            torch.cuda.set_rng_state(states[device])
        elif device == "mps":
            torch.mps.set_rng_state(states[device])

    return rewind


def _at_the_end(choice: Choice, what: str, problem: str) -> BoxpaintError:
    half = "bf16" if choice.device == "cpu" else "fp16"
    cheaper = f"--precision {half}, " if choice.precision == "fp32" else ""
    _log.warning("Memory ran out at the last notch, %s: %s", choice.placement, problem)
    return BoxpaintError(
        f"the {choice.device} device ran out of memory while {what}, with {MEANING[choice.placement]}.",
        "memory",
        hint=f"Choose a smaller --size, {cheaper}--area zoom or a smaller model, or close other programs. "
        "The program can go on as it is.",
    )
