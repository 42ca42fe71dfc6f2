"""Tables of figures as CSV, LaTeX and HTML."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

Cell = str | int | float | None

_LATEX = str.maketrans({"_": r"\_", "%": r"\%", "&": r"\&", "#": r"\#", "$": r"\$", "{": r"\{", "}": r"\}"})


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its name (of its files), a title, the columns' names and the rows."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def files(self) -> dict[str, str]:
        """The table in every form, by the ending of its file's name."""
        return {".csv": self.csv(), ".tex": self.latex(), ".md": self.markdown()}

    def csv(self) -> str:
        """Comma-separated values; numbers with all their digits, figures that are not defined empty."""
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(tuple("" if _undefined(cell) else cell for cell in row) for row in self.rows)
        return buffer.getvalue()

    def latex(self) -> str:
        """A LaTeX ``table`` with ``booktabs`` rules."""
        head = " & ".join(column.translate(_LATEX) for column in self.columns)
        body = "\n".join(" & ".join(shown(cell).translate(_LATEX) for cell in row) + r" \\" for row in self.rows)
        shape = "l" + "r" * (len(self.columns) - 1)
        return (
            "\\begin{table}\n\\centering\n\\caption{" + self.title.translate(_LATEX) + "}\n"
            "\\begin{tabular}{" + shape + "}\n\\toprule\n" + head + " \\\\\n\\midrule\n" + body + "\n"
            "\\bottomrule\n\\end{tabular}\n\\end{table}\n"
        )

    def markdown(self) -> str:
        """A table for Markdown pages; numbers stand to the right."""
        rows = [self.columns, *((shown(cell) for cell in row) for row in self.rows)]
        lines = ["| " + " | ".join(cell.replace("|", r"\|") for cell in row) + " |" for row in rows]
        rule = "|---" + "|---:" * (len(self.columns) - 1) + "|"
        return "\n".join([lines[0], rule, *lines[1:]]) + "\n"

    def html(self) -> str:
        """A table for a page."""
        head = "".join(f"<th>{escape(column)}</th>" for column in self.columns)
        body = "".join("<tr>" + "".join(_html_cell(cell) for cell in row) + "</tr>" for row in self.rows)
        return (
            f"<table><caption>{escape(self.title)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )


def figures_table(
    name: str, title: str, rows: Mapping[str, Mapping[str, float]], columns: Sequence[str], first: str
) -> Table:
    """Rows of figures, one column for each."""
    listed = tuple((row, *(values.get(column) for column in columns)) for row, values in rows.items())
    return Table(name, title, (first, *columns), listed)


def shown(cell: Cell) -> str:
    """A cell as people read it: three digits, a dash where nothing is defined."""
    if _undefined(cell):
        return "–"
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell)


def _undefined(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, float) and cell < 0)


def _html_cell(cell: Cell) -> str:
    kind = "" if isinstance(cell, str) else ' class="number"'
    return f"<td{kind}>{escape(shown(cell))}</td>"
