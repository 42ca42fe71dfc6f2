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
        file: The file or folder at fault, where it is another one than that which is scored.
    """

    kind: str
    message: str
    refuses: bool = False
    items: tuple[str, ...] = ()
    consequence: str = ""
    file: str | None = None

    @property
    def seen(self) -> str:
        """The sentence with the first names, without what was done about it: for refusals, where nothing was."""
        shown = ", ".join(self.items[:SHOWN]) + (", …" if len(self.items) > SHOWN else "")
        return f"{self.message} ({shown})" if shown else self.message

    @property
    def text(self) -> str:
        """The sentence with the first names, and what was done about it."""
        return f"{self.seen} {self.consequence}" if self.consequence else self.seen

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


def check(findings: Sequence[Finding], *, allow: bool, file: str, nothing_left: bool = False) -> None:
    """Refuse to go on if a finding is a reason to, unless ``allow`` was asked for and something is left to score.

    Raises:
        PreflightError: Naming the reasons.
    """
    reasons = [finding for finding in findings if finding.refuses]
    if not reasons or (allow and not nothing_left):
        return
    more = f" There are {len(reasons)} reasons in all." if len(reasons) > 1 else ""
    raise PreflightError(
        f"{reasons[0].seen}{more}",
        "preflight",
        file=reasons[0].file or file,
        item=reasons[0].items[0] if reasons[0].items else None,
        field=reasons[0].kind,
        hint="Nothing is left to score." if nothing_left else "Mend it, or go on all the same with --allow-missing.",
        findings=tuple(findings),
    )


def counted(items: Iterable[object], one: str, many: str | None = None) -> str:
    """``"1 picture"``, ``"3 pictures"``."""
    number = len(list(items))
    return f"{number} {one if number == 1 else many or one + 's'}"
