"""An export at a glance: states and scores of its pictures, read without touching it."""

from __future__ import annotations

import json
import sqlite3

import pytest

from engine.batch import overview as overviews
from engine.batch.items import make_items, make_runs
from engine.batch.ledger import DATASET, FILE, Counts, Ledger
from engine.batch.overview import is_export, read_overview, steps_of
from engine.errors import BoxpaintError
from engine.evaluation.kept_scores import PictureDetail, PictureScore, keep_scores, score_files
from engine.formats.dataset import Entry
from engine.inpainting.settings import GenerationSettings
from engine.layout import Box, Layout, LayoutObject

MODEL = {"name": "m", "folder": "f", "fingerprint": "p"}
LAYOUT = Layout(
    32,
    32,
    (
        LayoutObject("a", "red metal cube", Box(0, 0, 0.5, 0.5)),
        LayoutObject("b", "blue metal cube", Box(0, 0, 1, 1), hidden=True),
    ),
)


@pytest.fixture
def export(tmp_path):
    """Two runs of three layouts in two splits: one picture is painted, one failed, one is being painted."""
    entries = [Entry("p0", LAYOUT, "few"), Entry("p1", LAYOUT, "few"), Entry("p0", LAYOUT, "many")]
    runs = make_runs("run", GenerationSettings(), {"steps": ["1", "2"]})
    ledger = Ledger(tmp_path)
    ledger.plan(make_items(entries, runs), {run.name: run.settings.to_dict() for run in runs}, MODEL, retry=False)
    ledger.set_fact(DATASET, "layouts.json")
    done, _ = ledger.claim()
    ledger.announce(done, "few/run_steps-1/p0.png", b"picture", 1.5)
    ledger.finish(done)
    failed, _ = ledger.claim()
    ledger.fail(failed, BoxpaintError("it is black.", "picture", hint="Try again."))
    ledger.claim()
    yield tmp_path
    ledger.close()


def test_every_picture_is_there_with_its_state(export) -> None:
    before = (export / FILE).stat().st_mtime_ns
    overview = read_overview(export)
    assert (overview.dataset, overview.splits) == ("layouts.json", ("few", "many"))
    assert overview.runs["run_steps-1"].counts == Counts(claimed=1, done=1, failed=1)
    assert overview.runs["run_steps-2"].counts == overview.counts(run="run_steps-2") == Counts(open=3)
    assert overview.counts(split="many") == Counts(open=1, claimed=1)
    assert overview.runs["run_steps-2"].settings["steps"] == 2
    first, second, *_ = overview.pictures
    assert (first.path, first.seconds, first.labels) == ("few/run_steps-1/p0.png", 1.5, ("red metal cube",))
    assert second.path is None and second.error["hint"] == "Try again." and first.score is None
    assert (export / FILE).stat().st_mtime_ns == before


def test_what_another_command_painted_before_is_there_too(export) -> None:
    ledger = Ledger(export)
    items = make_items([Entry("p0", LAYOUT, "few")], make_runs("other", GenerationSettings(), {}))
    ledger.plan(items, {"other": {}}, MODEL, retry=False)
    ledger.close()
    overview = read_overview(export)
    assert [(picture.run, picture.state) for picture in overview.pictures] == [
        ("run_steps-1", "done"),
        ("other", "open"),
    ]
    assert list(overview.runs) == ["run_steps-1", "other"]


def test_scores_belong_to_their_pictures_and_unscored_ones_are_counted(export) -> None:
    score = PictureScore("few", "p0", 0.5, 1.0, 1, 1, {"hit": 1})
    keep_scores(export, "run_steps-1", {"splits": {}, "overall": {"AP": 0.5}}, [(score, PictureDetail([], []))])
    overview = read_overview(export)
    assert overview.pictures[0].score == score and overview.pictures[3].score is None
    assert overview.runs["run_steps-1"].summary["overall"]["AP"] == 0.5 and overview.runs["run_steps-1"].stale == 0
    keep_scores(export, "run_steps-1", {"splits": {}, "overall": {}}, [])
    assert read_overview(export).runs["run_steps-1"].stale == 1
    assert read_overview(export, scores=False).runs["run_steps-1"].summary is None


def test_damaged_scores_are_told_and_the_rest_is_shown(export) -> None:
    keep_scores(export, "run_steps-1", {"splits": {}, "overall": {}}, [])
    score_files(export, "run_steps-1")[0].write_text("{")
    overview = read_overview(export)
    assert len(overview.pictures) == 6 and "run_steps-1.json" in overview.problems[0]


def test_steps_are_read_when_they_are_wanted(export) -> None:
    overview = read_overview(export)
    assert steps_of(export, overview.pictures[0]) == [] == steps_of(export, overview.pictures[1])
    folder = export / "few" / "run_steps-1_iter" / "p0"
    folder.mkdir(parents=True)
    (folder / "steps.json").write_text(json.dumps([{"object": "a", "prompt": "Add it"}, {"object": None}]))
    steps = steps_of(export, overview.pictures[0])
    assert [step.record["object"] for step in steps] == ["a", None]
    assert steps[1].mask == folder / "1_mask.png"


def test_an_export_of_an_older_version_opens_without_labels(export) -> None:
    with sqlite3.connect(export / FILE) as database:
        database.execute("DROP TABLE layouts")
    assert read_overview(export).pictures[0].labels == ()


def test_what_is_no_export_is_told(tmp_path) -> None:
    assert not is_export(tmp_path)
    with pytest.raises(BoxpaintError, match="no export"):
        read_overview(tmp_path)
    (tmp_path / FILE).write_bytes(b"no database" * 100)
    with pytest.raises(BoxpaintError, match="damaged"):
        read_overview(tmp_path)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE items SET picture = '../../away.png' WHERE state = 'done'", "picture"),
        ("UPDATE items SET picture = '/etc/away.png' WHERE state = 'done'", "picture"),
        (r"UPDATE items SET picture = '\\\\host\\share\\away.png' WHERE state = 'done'", "picture"),
        ("UPDATE items SET picture = x'ff' WHERE state = 'done'", "picture"),
        ("UPDATE items SET run = '../' || run; UPDATE runs SET name = '../' || name", "run"),
        ("UPDATE items SET split = '../' || split", "split"),
        ("UPDATE items SET name = x'00' WHERE state = 'done'", "name"),
        ("UPDATE items SET seconds = 'long'", "seconds"),
        ("UPDATE items SET seconds = 9e999", "seconds"),
        ("UPDATE items SET error = '[]' WHERE state = 'failed'", "error"),
        ("UPDATE items SET error = replace(hex(zeroblob(9999)), '00', '[') WHERE state = 'failed'", "JSON"),
        ("PRAGMA ignore_check_constraints = 1; UPDATE items SET state = 'x'", "state"),
        ("UPDATE runs SET settings = '3'", "settings"),
        ("UPDATE runs SET model = '{'", "JSON"),
        ("UPDATE layouts SET labels = '[7]'", "labels"),
        ("UPDATE facts SET value = x'00' WHERE name = 'dataset'", "facts"),
        ("UPDATE items SET error = zeroblob(1048577)", "too big"),
        ("CREATE VIEW v AS SELECT 1", "view"),
        ("CREATE TRIGGER t AFTER UPDATE ON items BEGIN DELETE FROM items; END", "trigger"),
        ("CREATE TABLE more (y, x AS (zeroblob(1000000)))", "table"),
        (
            "DROP TABLE facts; CREATE VIEW facts AS WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1"
            " FROM n) SELECT 'x' AS name, value FROM n",
            "view",
        ),
    ],
)
def test_an_export_of_anybody_says_nothing_that_leads_out_or_never_ends(export, statement, told) -> None:
    with sqlite3.connect(export / FILE) as database:
        database.executescript(statement)
    with pytest.raises(BoxpaintError, match=told) as error:
        read_overview(export)
    assert error.value.file == str(export / FILE)


@pytest.mark.parametrize(("limit", "there"), [("MAX_PICTURES", 6), ("MAX_LABELS", 6), ("MAX_RUNS", 2)])
def test_there_is_no_more_than_can_be_shown(export, monkeypatch, limit, there) -> None:
    monkeypatch.setattr(overviews, limit, there)
    assert len(read_overview(export).pictures) == 6
    monkeypatch.setattr(overviews, limit, there - 1)
    assert len(read_overview(export, limited=False).pictures) == 6
    with pytest.raises(BoxpaintError, match=f"more than {there - 1} "):
        read_overview(export)


def test_a_state_with_triggers_is_not_gone_on_with(export) -> None:
    with sqlite3.connect(export / FILE) as database:
        database.execute("CREATE TRIGGER t AFTER UPDATE ON items BEGIN UPDATE items SET wanted = 1; END")
    with pytest.raises(BoxpaintError, match="trigger"):
        Ledger(export)
