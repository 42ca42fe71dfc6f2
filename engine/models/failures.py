"""What libraries throw in the middle of their work, in one sentence with a remedy."""

from __future__ import annotations

from engine.errors import BoxpaintError
from engine.models.placing import is_out_of_memory, no_memory

DEVICE_FAILED = "device"
"""Kind of the error after which nothing works on the device until the process is another one."""

_PHRASES = ("cuda error", "cublas_status", "cudnn error", "cudnn_status", "hip error", "mps backend error")
"""How a device's failure is told where it has no class of its own. Those that tell of memory are asked for before."""


def device_failed(error: BaseException) -> bool:
    """Whether nothing works on the device any more in this process."""
    return isinstance(error, BoxpaintError) and error.kind == DEVICE_FAILED


def explained(error: Exception, what: str) -> BoxpaintError:
    """The sentence for whatever a library threw.

    Args:
        error: What was thrown; a ``BoxpaintError`` is one already.
        what: What threw it, with its article: "the model".
    """
    import torch

    if isinstance(error, BoxpaintError):
        return error
    if is_out_of_memory(error):
        return no_memory(error)
    first = (str(error).strip() or type(error).__name__).splitlines()[0]
    if isinstance(error, torch.AcceleratorError) or any(phrase in first.lower() for phrase in _PHRASES):
        return BoxpaintError(
            f"the device failed: {first}.",
            DEVICE_FAILED,
            hint="Go on: the next attempt starts a fresh process. If it happens again, restart the machine, update its "
            "driver, or use --device cpu.",
        )
    return BoxpaintError(
        f"{what} failed in an unforeseen way: {type(error).__name__}: {first}.",
        "internal",
        hint="Try again; if it happens again, try other settings or another model, and please report it.",
    )
