"""Settings that all tests share."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# No deadline: a slow machine is no broken law. Few examples by default, many on demand (HYPOTHESIS_PROFILE=thorough).
settings.register_profile("default", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep the tests apart from what the person at the machine has set for the command."""
    for name in [name for name in os.environ if name.startswith("RINGWATCH_") and "TEST" not in name]:
        if name != "RINGWATCH_REQUIRE_ALL":
            monkeypatch.delenv(name)
    yield
