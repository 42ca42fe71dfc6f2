"""The report as one HTML page that needs nothing else: no script, no font, no picture from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape

from engine.evaluation.report.contents import Contents, RunReport
from engine.evaluation.report.examples import Example, choose, example_html

EXAMPLES = 6
"""Worst and best examples of each run."""

_STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 1000px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.25rem; margin-top: 2.5rem; }
table { border-collapse: collapse; margin: 1rem 0; font-size: 13px; display: block; overflow-x: auto; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; white-space: nowrap; }
th, td { padding: .2rem .6rem; border-bottom: 1px solid #8884; white-space: nowrap; }
th { text-align: left; } td.number { text-align: right; font-variant-numeric: tabular-nums; }
svg { display: block; margin: 1rem 0; }
.gallery { display: flex; flex-wrap: wrap; gap: 1rem; } figure { margin: 0; width: 320px; }
figcaption { font-size: 12px; } .refuse { color: #c0392b; font-weight: 600; }
pre { overflow-x: auto; font-size: 12px; background: #8881; padding: .6rem; }
"""


def page(contents: Contents) -> str:
    """The whole page."""
    parts = [
        f"<h1>{escape(contents.title)}</h1>",
        f"<p>{escape(_summary(contents))}</p>",
        *_preflight(contents),
        "<h2>Charts</h2>",
        *contents.charts(),
        *_examples(contents),
        "<h2>Tables</h2>",
        *(table.html() for table in contents.tables()),
        *_settings(contents),
    ]
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(contents.title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>\n<body>\n'
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def _summary(contents: Contents) -> str:
    names = ", ".join(f"{run.name} has AP {run.scores.overall['AP']:.3f}" for run in contents.runs)
    counts = contents.runs[0].scores.counts.values()
    pictures, targets = sum(item["pictures"] for item in counts), sum(item["targets"] for item in counts)
    rule = "the mean over the splits" if contents.protocol.mean_of_splits else "over all pictures"
    return f"{contents.protocol.title}; {pictures} pictures with {targets} targets. {names} ({rule})."


def _preflight(contents: Contents) -> Iterator[str]:
    yield "<h2>Preflight</h2>"
    for run in contents.runs:
        findings = run.prepared.findings
        if not findings:
            yield f"<p>{escape(run.name)}: nothing to remark.</p>"
            continue
        lines = "".join(
            f'<li class="{"refuse" if finding.refuses else "note"}">{escape(finding.text)}</li>' for finding in findings
        )
        yield f"<p>{escape(run.name)}:</p><ul>{lines}</ul>"


def _examples(contents: Contents) -> Iterator[str]:
    for run in contents.runs:
        if not run.prepared.pictures:
            continue
        worst, best = choose(run.verdicts, EXAMPLES)
        for title, chosen in (("Worst", worst), ("Best", best)):
            figures = "".join(_example(run, example) for example in chosen)
            yield f"<h2>{title} examples: {escape(run.name)}</h2>"
            yield "<p>Solid: the layout's boxes. Dashed: what was found instead. Point at a box to read on.</p>"
            yield f'<div class="gallery">{figures}</div>'


def _example(run: RunReport, example: Example) -> str:
    entry = run.prepared.entries[example.image]
    boxes = {item.id: (item.box.x0, item.box.y0, item.box.x1, item.box.y1) for item in entry.layout.objects}
    picture = run.prepared.pictures[example.image]
    return example_html(example, run.verdicts, picture, [boxes[verdict.object_id] for verdict in example.verdicts])


def _settings(contents: Contents) -> Iterator[str]:
    yield "<h2>Settings and versions</h2>"
    yield "<ul>" + "".join(f"<li>{escape(k)}: {escape(v)}</li>" for k, v in contents.facts.items()) + "</ul>"
    for run in contents.runs:
        if run.settings:
            settings = json.dumps(run.settings, indent=1, ensure_ascii=False)
            yield f"<p>{escape(run.name)}</p><pre>{escape(settings)}</pre>"
