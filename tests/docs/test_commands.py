"""Every command that the documentation shows is one that the program takes; what can be run in a test is run."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from desktop_app.__main__ import main
from tests.docs.checks import check, opens_window, parsers, problem_with, the_parser
from tests.docs.examples import write_examples
from tests.docs.shown import PAGES, ROOT, Shown, blocks, shown
from tests.docs.workspace import make_models, make_workspace, smaller

NOT_RUN = {
    ("-m",): "only the program of a bundle is its Python too; make bundle-check starts it so",
    ("generate", "--contact-sheet"): "takes an engine of its own; tests/packages paints the same from a wheel",
    ("generate", "--model"): "the same; tests/cli/test_models.py paints with a model that was imported",
    ("train",): "takes minutes; tests/training trains for seconds",
    ("models", "fetch"): "needs a network; tests/models/test_fetching.py has a hub of its own",
    ("datasets", "fetch"): "needs a network",
    ("render", "--setup"): "downloads Blender; tests/clevr/test_render_installation.py has a stand-in",
    ("batch", "--ray"): "needs a cluster; tests/batch/test_cluster.py starts one",
    ("bench", "--count"): "measures for minutes; bench by itself is run, with --short",
    ("bench", "--rounds"): "the same",
    ("bench", "--window"): "the same",
}
"""Commands that are looked at but not run, by their first word and words that they have, and why."""

SMALL_SETTINGS = "GenerationSettings(seed=1, steps=1, width=64, height=64)"

COMMANDS = [command for page in PAGES for command in shown(page)]


def is_named(words: tuple[str, ...], named: tuple[str, ...]) -> bool:
    return words[:1] == named[:1] and set(named) <= set(words)


def is_run(command: Shown) -> bool:
    words = command.words[1:]
    is_name = not command.is_whole and len(words) == 1
    if command.words[0] != "boxpaint" or opens_window(command) or is_name:
        return False
    if any(is_named(words, named) for named in NOT_RUN):
        return False
    return words == ("--version",) or problem_with(words, in_part=False) is None


def to_run() -> dict[Path, list[Shown]]:
    """What is run of each page, in the page's order; what an earlier page showed already is left out."""
    first: dict[tuple[str, ...], Shown] = {}
    for command in filter(is_run, COMMANDS):
        first.setdefault(command.words, command)
    return {page: [found for found in first.values() if found.page == page] for page in PAGES}


RUN = {page: commands for page, commands in to_run().items() if commands}


@pytest.mark.parametrize("command", COMMANDS, ids=str)
def test_a_command_is_one_that_its_program_takes(command: Shown) -> None:
    check(command)


def test_what_is_not_run_is_still_in_the_documentation() -> None:
    shown_words = [command.words[1:] for command in COMMANDS if command.words[0] == "boxpaint"]
    for named in NOT_RUN:
        assert any(is_named(words, named) for words in shown_words), named


@pytest.fixture(scope="module")
def models(tmp_path_factory) -> Path:
    return make_models(tmp_path_factory.mktemp("models"))


@pytest.fixture
def workspace(models, tmp_path, two_objects, monkeypatch) -> Path:
    """The folder that a page's commands are typed in, and where the program keeps what it is given."""
    monkeypatch.setenv("BOXPAINT_MODELS", str(tmp_path / "own models"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "resources").symlink_to(ROOT / "resources")
    monkeypatch.chdir(folder)
    return make_workspace(folder, models, two_objects)


def forget(words: list[str], own_models: Path) -> None:
    """Make way for what a command writes: pages use one name for the outputs of several commands."""
    for option, folder in (("--out", Path()), ("--name", own_models)):
        if option in words:
            target = folder / words[words.index(option) + 1]
            if target.is_dir():
                shutil.rmtree(target)
            target.unlink(missing_ok=True)


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for Blender is a script, desktop entries are Linux'")
@pytest.mark.parametrize("page", RUN, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_commands_of_a_page_work_in_their_order(page, workspace, capsys) -> None:
    write_examples(page, workspace)
    for command in RUN[page]:
        words = smaller(command.words[1:])
        forget(words, workspace.parent / "own models")
        try:
            code = main(words)
        except SystemExit as leaving:  # --version
            code = leaving.code or 0
        printed = capsys.readouterr()
        assert code == 0, f"{command}, run as {words}:\n{printed.err}"
        if "--out" in words:
            assert Path(words[words.index("--out") + 1]).exists(), command


def test_the_example_in_python_paints_the_layout(workspace, capsys) -> None:
    """README's example as it stands, but with a tiny model and one denoising step."""
    (example,) = (block for block in blocks(ROOT / "README.md") if "import asyncio" in block.lines)
    text = "\n".join(example.lines)
    for given, small in (('model="clevr-mini"', 'model="tiny"'), ("GenerationSettings(seed=1)", SMALL_SETTINGS)):
        assert given in text
        text = text.replace(given, small)
    exec(compile(text, "README.md", "exec"), {"__name__": "example"})
    assert "RunFinished" in capsys.readouterr().out
    assert (workspace / "out" / "run" / "picture.png").is_file()


def test_every_command_but_train_tells_json() -> None:
    """What README says of all commands. Those that only have subcommands say it there."""
    for parser in parsers(the_parser(in_part=False)):
        name = parser.prog.removeprefix("boxpaint ")
        if parser._subparsers is None:
            assert ("--json" in parser._option_string_actions) != name.startswith("train"), parser.prog
