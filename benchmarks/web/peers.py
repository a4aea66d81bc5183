"""The peers: fetched in the versions of the lock, and served beside copies of our drawing data."""

import gzip
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FOLDER = Path(__file__).parent
PEERS = ("cytoscape", "sigma")
TYPES = {".js": "text/javascript", ".html": "text/html", ".json": "application/json"}


def fetch_peers() -> None:
    """Install the peers into the benchmark's own folder, where they are not there yet."""
    if all((FOLDER / "node_modules" / peer).is_dir() for peer in PEERS):
        return
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("the peers of this benchmark come by npm, which is not here; install Node.js")
    subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=FOLDER, check=True)


class _Peers(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    data: Mapping[str, bytes]

    def do_GET(self) -> None:
        """Send a file, compressed as our server sends its own."""
        name = self.path.partition("?")[0].lstrip("/")
        body = self.data.get(name, b"")
        self.send_response(200 if body else 404)
        self.send_header("content-type", TYPES.get(Path(name).suffix, "text/plain"))
        self.send_header("content-encoding", "gzip")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serve_peers(data: Mapping[str, bytes]) -> Iterator[str]:
    """Serve the peers' page, and drawing data by name; yields its address."""
    files = [
        "peer.html",
        "peer.js",
        *(str(path.relative_to(FOLDER)) for path in FOLDER.glob("node_modules/*/dist/*.min.js")),
    ]
    kept = {name: gzip.compress((FOLDER / name).read_bytes(), 5) for name in files}
    kept |= {name: gzip.compress(body, 5) for name, body in data.items()}
    handler = type("Peers", (_Peers,), {"data": kept})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
