"""What is looked at before anything is scored: every finding is named, and some of them are reasons to refuse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.errors import BoxpaintError

SHOWN = 5
"""Items that a finding names in its sentence; the JSON output has more."""

LISTED = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a person should know about what is scored.

    Attributes:
        kind: A stable word, e.g. ``"missing-pictures"``.
        message: One sentence.
        refuses: Whether scoring is refused because of it, unless it was asked to go on.
        items: Names of the pictures, layouts or classes concerned.
        consequence: What was done about it, when scoring went on.
    """

    kind: str
    message: str
    refuses: bool = False
    items: tuple[str, ...] = ()
    consequence: str = ""

    @property
    def text(self) -> str:
        """The sentence with the first names."""
        shown = ", ".join(self.items[:SHOWN]) + (", …" if len(self.items) > SHOWN else "")
        parts = (self.message, f"({shown})" if shown else "", self.consequence)
        return " ".join(part for part in parts if part)

    def as_dict(self) -> dict[str, Any]:
        """The finding in the command line's JSON output."""
        return {
            "kind": self.kind,
            "severity": "refuse" if self.refuses else "note",
            "message": self.message,
            "consequence": self.consequence,
            "count": len(self.items),
            "items": list(self.items[:LISTED]),
        }


@dataclass
class PreflightError(BoxpaintError):
    """Scoring was refused; ``findings`` say everything that was seen."""

    findings: tuple[Finding, ...] = field(default=())


def check(findings: Sequence[Finding], *, allow: bool, file: str) -> None:
    """Refuse to go on if a finding is a reason to, unless ``allow`` was asked for.

    Raises:
        PreflightError: Naming the reasons.
    """
    reasons = [finding for finding in findings if finding.refuses]
    if not reasons or allow:
        return
    more = f" There are {len(reasons)} reasons in all." if len(reasons) > 1 else ""
    raise PreflightError(
        f"{reasons[0].text}{more}",
        "preflight",
        file=file,
        item=reasons[0].items[0] if reasons[0].items else None,
        field=reasons[0].kind,
        hint="Mend it, or go on all the same with --allow-missing.",
        findings=tuple(findings),
    )


def counted(items: Iterable[object], one: str, many: str | None = None) -> str:
    """``"1 picture"``, ``"3 pictures"``."""
    number = len(list(items))
    return f"{number} {one if number == 1 else many or one + 's'}"
