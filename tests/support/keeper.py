"""Run a command and end it when standard input closes, that is, when whoever started this has ended or died.

``python keeper.py COMMAND [CLEAN_UP ...]``, each a JSON list. Prints the command's process id first. The clean-ups run
after standard input has closed, unless a line came before that: then the command is ended to be started again. A
command that ends by itself or is killed leaves everything in its place too.
"""

import ctypes
import json
import signal
import subprocess
import sys
import threading

GRACE_S = 20  # a server that is asked to end takes up to 13 s
PR_SET_PDEATHSIG = 1  # <linux/prctl.h>: the signal that a process gets when its parent dies


def die_with_parent() -> None:
    """Have this process killed should the keeper be; where the kernel cannot, the keeper is trusted to live."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def end(child: subprocess.Popen[bytes], orphaned: threading.Event) -> None:
    """Wait for the end of standard input, then ask the command to end, and make it."""
    if not sys.stdin.buffer.read():
        orphaned.set()
    child.terminate()
    try:
        child.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        child.kill()


def main() -> int:
    """Return the command's own status."""
    command, *clean_up = (json.loads(text) for text in sys.argv[1:])
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,  # the log; standard output is for the process id alone
        preexec_fn=die_with_parent,  # noqa: PLW1509 (there is one thread yet)
    )
    sys.stdout.write(f"{child.pid}\n")
    sys.stdout.flush()
    orphaned = threading.Event()
    threading.Thread(target=end, args=(child, orphaned), daemon=True).start()
    status = child.wait()
    for more in clean_up if orphaned.is_set() else ():
        subprocess.run(more, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
    return status


if __name__ == "__main__":
    sys.exit(main())
