"""The program's version, and the block that a bug report should carry."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

_PACKAGES = ("PySide6-Essentials", "torch", "diffusers", "transformers", "numpy", "pillow")


def package_version(name: str) -> str:
    """An installed package's version, or ``not installed``."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def version_text() -> str:
    """Versions of the program, Python, the system and the packages that matter."""
    lines = [
        f"boxpaint {package_version('boxpaint')}",
        f"Python {platform.python_version()} on {platform.platform()}",
        *(f"{name} {package_version(name)}" for name in _PACKAGES),
    ]
    return "\n".join(lines)
