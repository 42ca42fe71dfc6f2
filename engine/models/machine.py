"""The device that a model would work on: its name, its memory, and which number formats it is made for."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import BoxpaintError


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A device and its memory, in bytes.

    Attributes:
        device: ``cuda``, ``mps`` or ``cpu``.
        name: What its maker calls it.
        free, total: Its own memory; that of the machine for a CPU.
        main_free: Memory of the machine, from which offloaded weights come.
        bf16: Whether it calculates in bfloat16 in hardware.
    """

    device: str
    name: str
    free: int
    total: int
    main_free: int
    bf16: bool


def choose_device(wanted: str) -> str:
    """The torch device for the setting ``device``; refused when the machine has none of that kind."""
    import torch

    present = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if wanted == "auto":
        return next(device for device, there in present.items() if there)
    if not present[wanted]:
        raise BoxpaintError(
            f"this machine has no {wanted} device.", "settings", field="device", hint="Use --device auto or cpu."
        )
    return wanted


def this_machine(wanted: str = "auto") -> Machine:
    """The device for the setting ``device`` as it is now. Loads torch, which takes seconds the first time.

    Raises:
        BoxpaintError: The machine has no device of that kind.
    """
    import psutil
    import torch

    device, memory = choose_device(wanted), psutil.virtual_memory()
    free, total, name, bf16 = memory.available, memory.total, _cpu_name(), _cpu_has_bf16()
    if device == "cuda":
        free, total = torch.cuda.mem_get_info()
        # Blocks that torch keeps for the next tensor are not free for others, but for us they are.
        free += torch.cuda.memory_reserved() - torch.cuda.memory_allocated()
        name, bf16 = torch.cuda.get_device_name(), torch.cuda.is_bf16_supported(including_emulation=False)
    elif device == "mps":
        total = torch.mps.recommended_max_memory()
        free = min(memory.available, max(0, total - torch.mps.driver_allocated_memory()))
        name, bf16 = "Apple GPU", True
    return Machine(device=device, name=name, free=free, total=total, main_free=memory.available, bf16=bf16)


def _cpu_name() -> str:
    import platform

    import torch

    return str(torch.cpu.get_capabilities().get("cpu_name") or platform.processor() or platform.machine())


def _cpu_has_bf16() -> bool:
    """Elsewhere torch rounds to bfloat16 after calculating in single precision, which is slower than not to."""
    import torch

    abilities = torch.cpu.get_capabilities()
    return any(bool(abilities.get(name)) for name in ("amx_bf16", "avx512_bf16", "bf16"))
