"""Whether a command that is not run would be taken: by the real parser of whatever program it starts."""

from __future__ import annotations

import argparse
import importlib.util
import re
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache

import pytest

from desktop_app.cli import COMMANDS, _parser
from engine.errors import BoxpaintError
from tests.docs.shown import ROOT, Shown
from tests.docs.workspace import VALUES


def check(command: Shown) -> None:
    """Fail if the program would refuse the command, or has no such file, target, extra or option."""
    CHECKS[command.words[0]](command)


def opens_window(command: Shown) -> bool:
    """Whether it has no subcommand: the window opens, with the files that are named."""
    return command.words[0] == "boxpaint" and all("/" in word for word in command.words[1:])


def parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """The parser, and those of all its commands."""
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                yield from parsers(inner)


@cache
def the_parser(*, in_part: bool) -> argparse.ArgumentParser:
    """The program's own; ``in_part``: nothing is required."""
    parser = _parser()
    for inner in parsers(parser) if in_part else ():
        for action in inner._actions:
            action.required = False
    return parser


def problem_with(words: Sequence[str], *, in_part: bool) -> BoxpaintError | None:
    """What the real parser has against the words; ``in_part``: something may be missing."""
    try:
        the_parser(in_part=in_part).parse_args([VALUES.get(word, word) for word in words])
    except BoxpaintError as error:
        return error
    return None


def check_boxpaint(command: Shown) -> None:
    words = command.words[1:]
    if opens_window(command):
        check_paths(command)
    elif words not in (("--version",), ("-m", "engine.worker")):  # these end the program, or start another one
        assert words[0].replace("-", "_") in COMMANDS, f"{command}: there is no such command"
        problem = problem_with(words, in_part=not command.is_whole)
        assert problem is None, f"{command}: {problem}"


def check_make(command: Shown) -> None:
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert set(command.words[1:]) <= set(targets), f"{command}: the Makefile has no such target"


def check_python(command: Shown) -> None:
    words = [word for word in command.words[1:] if not re.fullmatch(r"-3\.\d+", word)]
    if words[0] != "-m":
        check_script(command, words[0].removesuffix(".py").replace("/", "."), words[1:])
    elif words[1].startswith("benchmarks."):
        check_script(command, words[1], words[2:])
    elif words[1] in CHECKS:
        check(replace(command, words=tuple(words[1:])))
    else:
        assert importlib.util.find_spec(words[1]), f"{command}: there is no such module"


class _Taken(Exception):
    """The arguments were taken, and nothing else shall be done."""


def check_script(command: Shown, module: str, arguments: Sequence[str]) -> None:
    """The script's own parser takes the arguments; what it measures takes minutes, and is left."""
    assert (ROOT / f"{module.replace('.', '/')}.py").is_file(), f"{command}: there is no such script"
    script = importlib.import_module(module)
    parse = argparse.ArgumentParser.parse_args

    def parse_only(parser, args=None, namespace=None):
        parse(parser, args, namespace)
        raise _Taken

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(argparse.ArgumentParser, "parse_args", parse_only)
        patch.setattr(sys, "argv", [module, *arguments])
        try:
            script.main()
        except _Taken:
            return
        except SystemExit:
            pytest.fail(f"{command}: the script does not take these arguments")
    pytest.fail(f"{command}: the script reads no arguments")


def check_pip(command: Shown) -> None:
    """Extras are the project's, files are there."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    line = " ".join(command.words)
    for named in re.findall(r"(?:boxpaint|\.)\[([\w,]+)\]", line):
        assert set(named.split(",")) <= set(extras), f"{command}: the project has no such extra"
    for file in re.findall(r"-c (?:\$PWD/)?(\S+)", line):
        assert (ROOT / file).is_file(), f"{command}: there is no {file}"


def check_paths(command: Shown) -> None:
    """Whatever is named by a path is in the checkout."""
    for word in command.words[1:]:
        assert "/" not in word or (ROOT / word).exists(), f"{command}: there is no {word}"


def check_accelerate(command: Shown) -> None:
    assert command.words[1:4] == ("launch", "-m", "engine.training"), command
    problem = problem_with(("train", *command.words[4:]), in_part=True)
    assert problem is None, f"{command}: {problem}"


def leave(command: Shown) -> None:
    """Another system's own program."""


CHECKS: dict[str, Callable[[Shown], None]] = {
    "boxpaint": check_boxpaint,
    "make": check_make,
    "python": check_python,
    "python3": check_python,
    "py": check_python,
    "pip": check_pip,
    "pipx": check_pip,
    "pytest": check_paths,
    "pyinstaller": check_paths,
    "pyside6-lupdate": check_paths,
    "pyside6-lrelease": check_paths,
    "accelerate": check_accelerate,
    "reg": leave,
}
"""What is looked at, by the first word of a command."""
