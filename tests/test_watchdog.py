"""When it is told that a process gets nothing done, and when not."""

from __future__ import annotations

import pytest

from engine.watchdog import Condition, Patience, Stall, Watch

PATIENCE = Patience(silent=10, idle=30, calculating=60, cancelling=5, pulse=1)


def told(
    watch: Watch, seconds: int, *, processor: float | None = 0.0, before: float = 0.0, cancelling: bool = False
) -> list[Stall]:
    """Look once a second; ``processor`` is the share that the process uses, None for no sign of life at all."""
    stalls = []
    for second in range(1, seconds + 1):
        if processor is not None:
            watch.pulse(before + processor * second)
        stall = watch.look(1.0, cancelling=cancelling)
        if stall is not None:
            stalls.append(stall)
    return stalls


def test_silence_is_told_first_idleness_later_and_calculating_last() -> None:
    for processor, condition, limit in (
        (None, Condition.SILENT, 10),
        (0.0, Condition.IDLE, 30),
        (0.9, Condition.CALCULATING, 60),
    ):
        (stall,) = told(Watch(PATIENCE), limit, processor=processor)
        assert (stall.condition, stall.seconds) == (condition, limit)


def test_it_is_told_again_when_it_has_lasted_twice_as_long() -> None:
    stalls = told(Watch(PATIENCE), 100, processor=None)
    assert [stall.seconds for stall in stalls] == [10, 20, 40, 80]


def test_a_process_that_starts_has_as_long_as_a_silent_one() -> None:
    hasty_with_idlers = Patience(silent=60, idle=1, calculating=1, pulse=1)
    assert not told(Watch(hasty_with_idlers), 59, processor=None)


def test_what_is_done_begins_it_anew() -> None:
    watch = Watch(PATIENCE)
    for _ in range(5):
        assert not told(watch, 29)
        watch.rest()


def test_a_pulse_alone_is_no_progress() -> None:
    watch = Watch(PATIENCE)
    assert [stall.condition for stall in told(watch, 35)] == [Condition.IDLE]


def test_a_process_that_was_asked_to_stop_has_less_time() -> None:
    for processor, condition in ((None, Condition.SILENT), (0.0, Condition.IDLE), (0.9, Condition.CALCULATING)):
        stalls = told(Watch(PATIENCE), 5, processor=processor, cancelling=True)
        assert [(stall.seconds, stall.condition, stall.cancelling) for stall in stalls] == [(5, condition, True)]


def test_time_that_the_watcher_has_not_witnessed_does_not_count() -> None:
    """The machine slept for an hour, or the window itself was held up: the process could not get on either."""
    watch = Watch(PATIENCE)
    assert not told(watch, 8, processor=None)
    assert watch.look(3600.0) is not None, "two seconds more are credited"
    watch.rest()
    for _ in range(4):
        assert watch.look(3600.0) is None


def test_what_it_calculated_before_does_not_count_as_calculating_now() -> None:
    """It read a model for long, which took a processor, and hangs since then."""
    watch = Watch(PATIENCE)
    assert not told(watch, 25, processor=1.0)
    (stall,) = told(watch, 30, before=25.0)
    assert (stall.condition, stall.seconds) == (Condition.IDLE, 30)


@pytest.mark.parametrize("condition", list(Condition))
@pytest.mark.parametrize("cancelling", [False, True])
def test_every_stall_is_a_sentence_with_its_time(condition: Condition, cancelling: bool) -> None:
    assert "20 s" in Stall(20, condition, cancelling).text
    assert "5 min" in Stall(300, condition, cancelling).text
