"""What a screen reader is told of by itself while somebody who does not see the window draws, paints and looks."""

from __future__ import annotations

from tests.end_to_end.ear import Ear

DESCRIPTION = "PropertyChange:accessible-description"


def test_what_keys_do_is_told(start, tmp_path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    program = start()
    desk = program.desk
    with Ear(desk.reader) as ear:
        desk.key("n")
        program.see("text", "Prompt of the object")
        desk.type("red metal cube")
        desk.key("Return")
        here = ear.hear_on("focused", "Object 1: red metal cube")
        assert here.description == "128 × 128 pixels at 192, 192"
        desk.key("Right")
        ear.hear(DESCRIPTION, "128 × 128 pixels at 193, 192")
        desk.key("Escape")
        assert ear.hear_on("focused", "Canvas").description.startswith("Objects: 1. None is selected")

        desk.key("ctrl+k")
        desk.type("preferen")
        ear.hear_on("focused", "Preferences .*")
        desk.key("Escape", "ctrl+Return")
        ear.hear("Announcement", "Painted: 2 steps in .*")
        desk.key(*["shift+F6"] * 3)
        ear.hear_on("focused", "Step 2 of 2: background, .*")
        desk.key("Up")
        ear.hear(DESCRIPTION, "raw output")

        desk.key("ctrl+o")
        program.see("text", "File name:")
        desk.type(str(broken))
        desk.key("Return")
        message = ear.hear_on("showing", "", role="notification")
        assert message.find_all("label", ".*broken.json: it is not valid JSON.*")
