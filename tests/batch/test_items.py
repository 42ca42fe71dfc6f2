"""Which layouts an export paints, under which names and seeds."""

from __future__ import annotations

import pytest

from engine.batch.items import Selection, make_items, make_runs, select
from engine.errors import BoxpaintError
from engine.formats.dataset import Dataset, Entry
from engine.inpainting.settings import GenerationSettings
from engine.layout import Box, Layout, LayoutObject


def entry(name: str, split: str | None, *prompts: str, file_name: str | None = None) -> Entry:
    objects = tuple(LayoutObject(f"o{n}", prompt, Box(0, 0, 0.5, 0.5)) for n, prompt in enumerate(prompts))
    extra = {"file_name": file_name} if file_name else {}
    return Entry(name, Layout(64, 64, objects, extra=extra), split)


@pytest.fixture
def dataset() -> Dataset:
    few = [entry(f"a{n}", "few", "red cube") for n in range(6)]
    many = [entry(f"b{n}", "many", "red cube", "blue ball", "Blue cube") for n in range(6)]
    return Dataset((*few, *many), "coco")


def names(dataset: Dataset, **filters) -> list[str]:
    return [item.name for item in select(dataset, Selection(**filters))]


def test_filters_choose_by_split_number_of_objects_label_and_draw(dataset) -> None:
    assert len(names(dataset)) == 12
    assert names(dataset, splits=("many",), first=2) == ["b0", "b1"]
    assert names(dataset, objects=(0, 2)) == [f"a{n}" for n in range(6)]
    assert names(dataset, labels=("blue",)) == [f"b{n}" for n in range(6)]
    drawn = names(dataset, sample=3, sample_seed=1)
    assert len(drawn) == 6 and drawn == names(dataset, sample=3, sample_seed=1) != names(dataset, sample=3)
    assert sum(name.startswith("a") for name in drawn) == 3


def test_what_does_not_exist_is_refused(dataset) -> None:
    for filters in ({"splits": ("none",)}, {"objects": (9, 9)}, {"labels": ("dog",)}):
        with pytest.raises(BoxpaintError) as caught:
            select(dataset, Selection(**filters))
        assert caught.value.hint


def test_a_sweep_makes_one_run_for_each_combination() -> None:
    runs = make_runs("mini", GenerationSettings(), {"steps": ["6", "12"], "area": ["full", "zoom"]})
    assert [run.name for run in runs] == [
        f"mini_steps-{steps}_area-{area}" for steps in (6, 12) for area in ("full", "zoom")
    ]
    assert runs[1].settings.steps == 6 and runs[1].settings.area == "zoom"
    with pytest.raises(BoxpaintError, match="no setting 'speed'"):
        make_runs("mini", GenerationSettings(), {"speed": ["1"]})
    with pytest.raises(BoxpaintError, match="steps"):
        make_runs("mini", GenerationSettings(), {"steps": ["none at all"]})
    with pytest.raises(BoxpaintError, match="folder"):
        make_runs("../up", GenerationSettings(), {})


def test_a_pictures_seed_depends_on_run_seed_and_layout_alone(dataset) -> None:
    runs = make_runs("r", GenerationSettings(seed=1), {})
    items = {item.key: item for item in make_items(dataset.entries, runs)}
    alone = make_items(dataset.entries[3:4], runs)[0]
    assert items[alone.key].settings.seed == alone.settings.seed
    assert len({item.settings.seed for item in items.values()}) == 12
    other = make_items(dataset.entries[3:4], make_runs("r", GenerationSettings(seed=2), {}))[0]
    assert other.settings.seed != alone.settings.seed
    assert other.fingerprint("m") != alone.fingerprint("m") != alone.fingerprint("n")


def test_what_was_painted_before_weights_could_be_quantised_is_not_painted_again(dataset, monkeypatch) -> None:
    (plain,) = make_items(dataset.entries[3:4], make_runs("r", GenerationSettings(), {}))
    (less,) = make_items(dataset.entries[3:4], make_runs("r", GenerationSettings(quantize="int8"), {}))
    now, quantised = plain.fingerprint("m"), less.fingerprint("m")
    assert now != quantised
    before = {name: value for name, value in plain.settings.to_dict().items() if name != "quantize"}
    monkeypatch.setattr(GenerationSettings, "to_dict", lambda self: before)
    assert plain.fingerprint("m") == now


def test_pictures_keep_the_names_that_the_dataset_gives_them() -> None:
    entries = [
        entry("x_000013", None, "cube", file_name="x_000013.png"),
        entry("000000000007", None, "cube", file_name="val2017/000000000007.jpg"),
        entry("renamed-2", None, "cube", file_name="renamed.jpg"),
        entry("evil", None, "cube", file_name="../../evil"),
    ]
    items = make_items(entries, make_runs("r", GenerationSettings(), {}))
    assert [item.file_name for item in items] == ["x_000013.png", "000000000007.jpg", "renamed-2.png", "evil.png"]
    assert items[0].folder == "all/r"
