"""Run a command and end it when standard input closes, that is, when whoever started this has ended or died.

``python keeper.py COMMAND [CLEAN_UP ...]``, each a JSON list. Prints the command's process id first. The clean-ups run
after standard input has closed, unless a line came before that: then the command is ended to be started again. A
command that ends by itself or is killed leaves everything in its place too, for its owner lives and may start it again.

The signals that end everything else of a test run do not end this. That the owner died is also seen where a process
that it had forked lives on and keeps standard input open.
"""

import ctypes
import json
import os
import select
import signal
import subprocess
import sys
import threading

GRACE_S = 20  # a server that is asked to end takes up to 13 s
LOOK_S = 1.0  # between two looks for the owner
DEAF_TO = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
PR_SET_PDEATHSIG = 1  # <linux/prctl.h>: the signal that a process gets when its parent dies


def die_with_parent() -> None:
    """Have this process killed should the keeper be; where the kernel cannot, the keeper is trusted to live."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def is_told_to_stop(owner: int) -> bool:
    """Wait until standard input ends or the owner is gone; say whether a line came before that."""
    said = b""
    while os.getppid() == owner:
        if select.select([0], [], [], LOOK_S)[0]:
            if not (more := os.read(0, 64)):
                break
            said += more
    return bool(said)


def end(child: subprocess.Popen[bytes], orphaned: threading.Event, owner: int) -> None:
    """Wait for the owner's word or its death, then ask the command to end, and make it."""
    if not is_told_to_stop(owner):
        orphaned.set()
    child.terminate()
    try:
        child.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        child.kill()


def main() -> int:
    """Return the command's own status."""
    command, *clean_up = (json.loads(text) for text in sys.argv[1:])
    owner = os.getppid()
    for number in DEAF_TO:
        signal.signal(number, lambda *_: None)  # a handler, not SIG_IGN, which the command would inherit
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,  # the log; standard output is for the process id alone
        preexec_fn=die_with_parent,  # noqa: PLW1509 (there is one thread yet)
    )
    sys.stdout.write(f"{child.pid}\n")
    sys.stdout.flush()
    orphaned = threading.Event()
    threading.Thread(target=end, args=(child, orphaned, owner), daemon=True).start()
    status = child.wait()
    for more in clean_up if orphaned.is_set() else ():
        subprocess.run(more, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
    return status


if __name__ == "__main__":
    sys.exit(main())
