"""Settings take what can be meant and refuse the rest."""

import pytest

from ringwatch.db.settings import SETTINGS
from ringwatch.model.errors import ConfigError


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("theta", "two"),
        ("theta", "-1"),
        ("theta", "nan"),
        ("theta", "inf"),
        ("max_pair_holders", "2.5"),
        ("max_pair_holders", "1"),
    ],
)
def test_what_cannot_be_meant_is_refused(name: str, text: str):
    with pytest.raises(ConfigError, match=f"{name}.*expected"):
        SETTINGS[name].parse(text)


def test_what_can_be_meant_is_read():
    assert SETTINGS["theta"].parse("2.5") == 2.5
    assert SETTINGS["max_pair_holders"].parse("100") == 100
