"""The program's version, and the block that a bug report should carry."""

from __future__ import annotations

import locale
import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGES = ("PySide6-Essentials", "torch", "diffusers", "transformers", "numpy", "pillow")
_EXTRAS = ("peft", "onnxruntime", "openvino", "scipy", "ray", "torchao", "tensorboardX", "av")
_SURROUNDINGS = (
    *("DISPLAY", "WAYLAND_DISPLAY", "XDG_CURRENT_DESKTOP", "QT_QPA_PLATFORM", "QT_SCALE_FACTOR"),
    *("OMP_NUM_THREADS", "CUDA_VISIBLE_DEVICES", "HF_HUB_OFFLINE"),
)
"""Variables by which surroundings change what the program does, and that hold nothing private."""


def package_version(name: str) -> str:
    """An installed package's version, or ``not installed``."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def without_home(text: str) -> str:
    """The text with the user's home folder, and so mostly the user's name, as ``~``."""
    home = str(Path.home())
    return text.replace(home, "~") if len(home) > 1 else text


def version_text() -> str:
    """Versions of the program, Python, the system and the packages that matter."""
    lines = [
        f"boxpaint {package_version('boxpaint')}{' (bundle)' if getattr(sys, 'frozen', False) else ''}",
        f"Python {platform.python_version()} on {platform.platform()}",
        *(f"{name} {package_version(name)}" for name in _PACKAGES),
    ]
    return "\n".join(lines)


def report_text() -> str:
    """What a bug report should tell of the program and its machine. Loads torch, which takes seconds."""
    from engine.models.installed import models_folder

    extras = {name: package_version(name) for name in _EXTRAS}
    there = [f"{name} {number}" for name, number in extras.items() if number != "not installed"]
    set_ones = [f"{name}={os.environ[name]}" for name in _SURROUNDINGS if name in os.environ]
    lines = [
        version_text(),
        f"Optional packages: {', '.join(there) or 'none'}",
        _machine(),
        f"Locale: {locale.setlocale(locale.LC_CTYPE, None)}, {locale.getpreferredencoding(False)}",
        f"Surroundings: {' '.join(set_ones) or 'none of the variables that matter is set'}",
        f"Models in {models_folder()}",
        f"Program in {Path(__file__).resolve().parents[1]}",
    ]
    return without_home("\n".join(lines))


def _machine() -> str:
    gib = 2**30
    try:
        import torch

        from engine.models.machine import this_machine

        machine = this_machine()
        threads = torch.get_num_threads()
    except Exception as error:  # noqa: BLE001  the report has to tell of a torch that cannot be loaded, too
        return f"Device: none, since torch fails ({type(error).__name__}: {error}); {os.cpu_count()} processors"
    own = f", {machine.free / gib:.1f} of {machine.total / gib:.1f} GiB free" if machine.device != "cpu" else ""
    return (
        f"Device: {machine.device}, {machine.name}{own}, {'' if machine.bf16 else 'no '}bfloat16\n"
        f"Processors: {os.cpu_count()}, torch uses {threads} threads; {machine.main_free / gib:.1f} GiB of memory free"
    )
