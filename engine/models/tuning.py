"""How a loaded network computes: its weights' order in memory, compiled or not, what guidance needs only once.

Pictures differ by rounding only.

Both are switched between runs, in place, so that a run that asks for neither gets the network as diffusers made it.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from engine.errors import BoxpaintError
from engine.models.halves import SharedHalves

CACHE = "TORCHINDUCTOR_CACHE_DIR"
"""Environment variable that says where compiled networks are kept."""


class Tuning:
    """How the network of one pipeline computes at present."""

    def __init__(self) -> None:
        self.channels_last: frozenset[str] = frozenset()
        """The parts whose weights lie channels last."""
        self.compiled: str | None = None
        """The mode that it is compiled for; None: it is not."""
        self._calls: dict[str | None, Any] = {None: None}
        self._shared: SharedHalves | None = None

    def use(
        self,
        pipeline: Any,
        *,
        channels_last: frozenset[str] = frozenset(),
        shared: bool = False,
        compiled: str | None,
        device: str,
        backend: str = "inductor",
    ) -> None:
        """Make the pipeline's networks compute this way.

        Args:
            pipeline: A diffusers pipeline.
            channels_last: The parts (``unet``, ``vae``) whose weights of convolutions lie in memory channel by channel
                of a pixel, which most kernels want; parts that the pipeline does not have are passed over.
            shared: Whether every call will be doubled by guidance, and what does not see the text is computed once for
                both halves.
            compiled: torch.compile's mode for the network that denoises; None does not compile. Compiling happens at
                the next call, once per shape of the input, and is kept on the disk.
            device: Where it computes: ``cpu``, ``cuda`` or ``mps``.
            backend: torch.compile's backend.

        Raises:
            BoxpaintError: It cannot be compiled on this machine.
        """
        network = network_of(pipeline)
        self._reorder(pipeline, channels_last)
        self._share(network, shared)
        if compiled == self.compiled:
            return
        if compiled not in self._calls:
            if backend == "inductor":
                check_compiler(device)
            _keep_compiled()
            _mind_hooks()
            network.compile(mode=compiled if backend == "inductor" else None, backend=backend)
            self._calls[compiled] = network._compiled_call_impl
        # What ``Module.compile`` sets: there is no public way back, nor one to what was compiled before.
        network._compiled_call_impl = self._calls[compiled]
        self.compiled = compiled

    def _share(self, network: Any, shared: bool) -> None:
        if shared and self._shared is None:
            self._shared = SharedHalves(network)
        elif not shared and self._shared is not None:
            self._shared.release()
            self._shared = None

    def _reorder(self, pipeline: Any, channels_last: frozenset[str]) -> None:
        if channels_last == self.channels_last:
            return
        import torch

        for name in channels_last ^ self.channels_last:
            part = getattr(pipeline, name, None)
            if part is not None:
                part.to(memory_format=torch.channels_last if name in channels_last else torch.contiguous_format)
        self.channels_last = channels_last


def network_of(pipeline: Any) -> Any:
    """The network that denoises."""
    return pipeline.unet if hasattr(pipeline, "unet") else pipeline.transformer


def compile_mode(device: str, *, guided: bool) -> str:
    """The mode for a device.

    CUDA graphs lie in memory that the next step overwrites. Guidance makes new tensors of what the network gives;
    without it a scheduler could keep one that is overwritten.
    """
    return "reduce-overhead" if device == "cuda" and guided else "default"


def check_compiler(device: str) -> None:
    """Refuse to compile where nothing could: torch would say so only in the middle of the first call.

    Raises:
        BoxpaintError: There is no C++ compiler for the CPU, or no Triton for a GPU.
    """
    if device == "cpu":
        from torch._inductor import cpp_builder, exc

        try:
            cpp_builder.get_cpp_compiler()
        except (exc.InvalidCxxCompiler, RuntimeError) as error:
            raise _refused("needs a C++ compiler", "Install g++ or clang, or use --compile off.") from error
    elif device == "cuda" and find_spec("triton") is None:
        raise _refused("needs the package triton", "Install it, or use --compile off.")


def _mind_hooks() -> None:
    """Compile anew when halves are shared, or no longer: usually a compiled network is not looked at for its hooks."""
    import torch._dynamo

    torch._dynamo.config.skip_nnmodule_hook_guards = False


def _keep_compiled() -> None:
    """Keep compiled networks where they outlive a restart, unless the user has chosen a place.

    Importing torch's compiler already names its own place in the environment, among temporary files.
    """
    from torch._inductor.runtime.cache_dir_utils import default_cache_dir

    if os.environ.get(CACHE, default_cache_dir()) == default_cache_dir():
        os.environ[CACHE] = str(_cache_folder())


def _cache_folder() -> Path:
    root = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or Path.home() / ".cache"
    return Path(root) / "boxpaint" / "compiled"


def _refused(what: str, hint: str) -> BoxpaintError:
    return BoxpaintError(f"compiling a model {what}.", "settings", field="compile", hint=hint)
