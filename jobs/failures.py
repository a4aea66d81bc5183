"""How a failure ends the process: one line on standard error and the exit status, mapped here and nowhere else."""

import sys
import traceback

import typer

from ringwatch.jobs.screen import printable
from ringwatch.model.errors import ConfigError, RingwatchError

INTERRUPTED_STATUS = 130  # what shells give a process that Ctrl-C ended
DEFECT_STATUS = 1
DEFECT_HELP = "this is a defect of Ringwatch; run the command again with --debug and report what it prints"


def say_failure(failure: BaseException, *, is_debug: bool) -> int:
    """Say on standard error what went wrong, with the traceback where asked for, and return the exit status."""
    if is_debug:
        traceback.print_exception(failure)
    status, message = explain(failure)
    if message:
        sys.stderr.write(f"{printable(message)}\n")
    return status


def explain(failure: BaseException) -> tuple[int, str]:
    """Return the exit status of a failure and the line that a person reads.

    >>> explain(ConfigError("ring R1: is not in the current run; list them with: ringwatch rings"))
    (2, 'ringwatch: ring R1: is not in the current run; list them with: ringwatch rings')
    """
    if isinstance(failure, RingwatchError):
        return failure.exit_status, f"ringwatch: {failure}"
    if isinstance(failure, typer.TyperException):
        return ConfigError.exit_status, _explain_usage(failure)
    if isinstance(failure, MemoryError):
        return DEFECT_STATUS, "ringwatch: memory: there is not enough for this graph; free some or use a larger machine"
    if isinstance(failure, OSError):
        where = failure.filename or "system"
        return DEFECT_STATUS, f"ringwatch: {where}: {failure.strerror or failure}; mend that and run the command again"
    words = " ".join(str(failure).split())
    return DEFECT_STATUS, f"ringwatch: {type(failure).__name__}: {words}; {DEFECT_HELP}"


def _explain_usage(failure: typer.TyperException) -> str:
    """Return what was wrong with the command line; "" where it was empty, for then the help was printed."""
    context = getattr(failure, "ctx", None)
    command = context.command_path if context else "ringwatch"
    words = " ".join(failure.format_message().split())  # one line, also where choices are listed one below the other
    message = words.rstrip(".").replace("Value error, ", "")
    return f"{command}: {message[:1].lower()}{message[1:]}; see: {command} --help" if message else ""
