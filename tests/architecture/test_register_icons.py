"""Every register has a picture of its own that lies in resources."""

from pathlib import Path

import pytest

from models.core.register import Register
from models.registers import all_registers

ICONS = Path(__file__).resolve().parents[2] / "resources" / "icons"


@pytest.mark.parametrize("register", all_registers(), ids=lambda one: one.name)
def test_a_register_names_an_icon_that_exists(register: Register) -> None:
    assert (ICONS / f"{register.icon}.svg").is_file(), f"no icon {register.icon}"
