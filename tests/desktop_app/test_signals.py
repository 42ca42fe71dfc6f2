"""Signals that ask the window to end."""

from __future__ import annotations

import os
import signal
import sys

import pytest

from desktop_app.signals import EndingSignals


@pytest.mark.skipif(sys.platform == "win32", reason="sends Unix signals to this process")
def test_signals_come_through_the_event_loop_and_are_given_back(qtbot) -> None:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    signals = EndingSignals()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        with qtbot.waitSignal(signals.asked) as waited:
            os.kill(os.getpid(), number)
        assert waited.args == [number]
    signals.remove()
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before
    assert signal.set_wakeup_fd(-1) == -1
