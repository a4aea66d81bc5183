"""Limits that a person may change and that are kept in the database: what each means, takes and stands at."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ringwatch.model.errors import ConfigError
from ringwatch.model.rings import DetectConfig
from ringwatch.model.visibility import FULL

if TYPE_CHECKING:
    from ringwatch.db.view import View


@dataclass(frozen=True, slots=True)
class Setting:
    """A limit that a person may change: what it means, and which values it takes."""

    name: str
    meaning: str
    read: Callable[[str], float | int]
    low: float
    high: float
    default: float | int

    def parse(self, text: str) -> float | int:
        """Return the value that a text stands for.

        Raises:
            ConfigError: it is no number, or out of range.
        """
        try:
            value = self.read(text)
        except ValueError:
            value = None
        if value is None or not self.low <= value <= self.high:
            kind = "a whole number" if self.read is int else "a number"
            expected = f"expected {kind} from {self.low:g} to {self.high:g}"
            raise ConfigError(f"setting {self.name}: {text!r} cannot be, {expected}; nothing was changed")
        return value


_DEFAULTS = DetectConfig()

# Ranges keep out what cannot be meant: below 2 holders there is no pair, above 10,000 pairs no longer fit in memory;
# log-odds of 20 are one in 500 million.
DETECT_SETTINGS = (
    Setting(
        "max_pair_holders",
        "values with more holders are not compared pair by pair",
        int,
        2,
        10_000,
        _DEFAULTS.max_pair_holders,
    ),
    Setting("theta", "log-odds that join two sellers", float, 0, 20, _DEFAULTS.theta),
    Setting("beta", "price on size: groups of a and b need beta * log(a * b) more", float, 0, 20, _DEFAULTS.beta),
)
METRICS = Setting("metrics", "1: the server answers GET /metrics (Prometheus)", int, 0, 1, 0)
# Ranges: a notice of two years and a million stores are more than anybody means.
NOTICE_DAYS = Setting("notice_days", "days from the notice to a seller to the closing of a store", int, 0, 730, 30)
APPROVAL_DAYS = Setting("approval_days", "days within which an approved plan is begun", int, 1, 730, 7)
# Half a year is the least that the EU's law on digital services leaves for a complaint.
APPEAL_DAYS = Setting("appeal_days", "days for an appeal that a statement of reasons names", int, 1, 730, 183)
MAX_A_RUN = Setting("max_closures_a_run", "stores that one run closes without a second approver", int, 1, 10**6, 1000)
MAX_A_DAY = Setting("max_closures_a_day", "stores that a day closes without a second approver", int, 1, 10**6, 5000)
BRAKE_SHARE = Setting("brake_share", "share of messages that fail above which a run stops", float, 0, 1, 0.1)
APPEAL_SHARE = Setting(
    "appeal_share", "share of a plan's stores that win appeals above which it closes no more", float, 0, 1, 0.05
)
WEBHOOK_TIMEOUT_S = Setting("webhook_timeout_s", "seconds in which the marketplace answers", float, 0.1, 60, 10.0)
NOTICE_HOURS = Setting("notice_hours", "hours within which a brand's notice is decided", int, 1, 8760, 24)
THROTTLED_HOURS = Setting(
    "throttled_notice_hours", "the same for the notices of a reporter that attacks a rival", int, 1, 8760, 168
)
# Fifteen days is what Chinese e-commerce law leaves a brand to go to court or to the authorities.
COUNTER_DAYS = Setting(
    "counter_notice_days", "days from a counter-notice until its listing stands again", int, 1, 730, 15
)
FILING_SETTINGS = (NOTICE_HOURS, THROTTLED_HOURS, COUNTER_DAYS)
# A person writes some ten a day; what is filed by the thousand is a notice.
MAX_FLAGS_A_DAY = Setting("max_flags_a_day", "flags that the partners of a brand raise within a day", int, 0, 10**4, 50)
_NOTICES = (NOTICE_DAYS, APPROVAL_DAYS, APPEAL_DAYS)
CLOSING_SETTINGS = (*_NOTICES, MAX_A_RUN, MAX_A_DAY, BRAKE_SHARE, APPEAL_SHARE, WEBHOOK_TIMEOUT_S)
PSEUDONYM_KEY = "pseudonym_key"
SECRET = frozenset({PSEUDONYM_KEY})
"""Facts kept in the database that no view returns; a copy and a backup hold them."""
_LIMITS = (*CLOSING_SETTINGS, *FILING_SETTINGS, MAX_FLAGS_A_DAY)
SETTINGS = {setting.name: setting for setting in (*DETECT_SETTINGS, METRICS, *_LIMITS)}


def value_of(view: "View", setting: Setting) -> float | int:
    """Return what a setting stands at in a database."""
    return kept_value(view.setting(FULL, setting.name), setting)


def kept_value(kept: str | None, setting: Setting) -> float | int:
    """Return what a setting stands at, where it is kept as a text or was never set."""
    return setting.default if kept is None else setting.parse(kept)


def detect_config(view: "View") -> DetectConfig:
    """Return what a run is made with."""
    values = {setting.name: value_of(view, setting) for setting in DETECT_SETTINGS}
    return replace(_DEFAULTS, **values)  # type: ignore[arg-type]  # (each setting reads the type of its field)
