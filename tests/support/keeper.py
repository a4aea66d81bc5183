"""Run a command and end it when standard input closes, that is, when whoever started this has ended or died.

``python keeper.py COMMAND [CLEAN_UP ...]``, each a JSON list. Prints the command's process id first. The clean-ups run
after standard input has closed; a command that ends or is killed before that may be started again.
"""

import json
import subprocess
import sys
import threading

GRACE_S = 20  # a server that is asked to end takes up to 13 s


def end(child: subprocess.Popen[bytes], closed: threading.Event) -> None:
    """Wait for the end of standard input, then ask the command to end, and make it."""
    sys.stdin.buffer.read()
    closed.set()
    child.terminate()
    try:
        child.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        child.kill()


def main() -> int:
    """Return the command's own status."""
    command, *clean_up = (json.loads(text) for text in sys.argv[1:])
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    sys.stdout.write(f"{child.pid}\n")
    sys.stdout.flush()
    closed = threading.Event()
    threading.Thread(target=end, args=(child, closed), daemon=True).start()
    status = child.wait()
    for more in clean_up if closed.is_set() else ():
        subprocess.run(more, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
    return status


if __name__ == "__main__":
    sys.exit(main())
