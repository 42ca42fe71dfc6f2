"""The list of licences names every package that Boxpaint uses at run time, in the version that is pinned."""

from __future__ import annotations

import re
import tomllib
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
spec = spec_from_file_location("licences", ROOT / "resources" / "packaging" / "licences.py")
assert spec is not None and spec.loader is not None
licences = module_from_spec(spec)
spec.loader.exec_module(licences)


def test_every_package_of_the_run_time_is_listed() -> None:
    rows = re.findall(r"^\| ([a-z0-9-]+) \| (\S+|not pinned) \| (.+) \| \S+ \|$", licences.DOCUMENT.read_text(), re.M)
    listed = {name: version for name, version, _ in rows}
    pinned = licences.pinned()
    assert len(listed) > 40 and listed.keys() >= licences.runtime().keys()
    assert {name: version for name, version in listed.items() if name in pinned} == {
        name: pinned[name] for name in listed if name in pinned
    }
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    groups = told["optional-dependencies"].items()
    extras = [each for name, group in groups if name not in licences.NOT_SHIPPED for each in group]
    declared = {canonicalize_name(Requirement(text).name) for text in [*told["dependencies"], *extras]}
    assert declared <= listed.keys()
