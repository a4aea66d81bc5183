"""The server's log on standard error: one line an event, as text or as JSON."""

import logging
import re
from datetime import UTC, datetime
from typing import Any

import orjson

# Line ends of Unicode that JSON leaves as they are; what a client sent must not end a line for any reader.
_LINE_ENDS = re.compile("[\x85\u2028\u2029]")


class JsonLines(logging.Formatter):
    """One JSON object a line: at, level, logger, event, and the fields of the event."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return _LINE_ENDS.sub(lambda end: f"\\u{ord(end[0]):04x}", orjson.dumps(line, default=str).decode())


class TextLines(logging.Formatter):
    """One line for a person: time, level, event, fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds")
        fields = " ".join(f"{name}={_shown(value)}" for name, value in getattr(record, "fields", {}).items())
        line = " ".join(part for part in (at, record.levelname.lower(), record.getMessage(), fields) if part)
        return line + (f"\n{self.formatException(record.exc_info)}" if record.exc_info else "")


def log_config(log_format: str) -> dict[str, Any]:
    """Return the logging configuration of the server; ``log_format`` is text or json."""
    formatter = JsonLines if log_format == "json" else TextLines
    quiet = {"level": "WARNING", "handlers": ["stderr"], "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "stream": "ext://sys.stderr", "formatter": "line"}},
        "loggers": {
            "uvicorn": quiet,
            "uvicorn.error": quiet,
            "ringwatch": {"level": "INFO", "handlers": ["stderr"], "propagate": False},
        },
    }


def _shown(value: object) -> str:
    """Return a field's value in one line: what a client sent must not begin a line of its own."""
    text = str(value)
    return text if text.isprintable() and " " not in text else repr(text)
