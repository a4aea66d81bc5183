"""The console page and its files, which may be kept for ever: their address holds a digest of what they say."""

import hashlib
from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.responses import FileResponse, HTMLResponse
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from ringwatch.api.config import Serving
from ringwatch.api.door import Keys
from ringwatch.api.graphql_route import refusal_response
from ringwatch.model.errors import RingwatchError

STATIC = Path(__file__).parent / "static"


class ImmutableFiles(StaticFiles):
    """Files that never change under one address."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file and let browsers keep it."""
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response


def digest_of(folder: Path) -> str:
    """Return a digest of the names and bytes of all files of a folder."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


async def _keys(serving: Serving) -> Keys:
    """Return whether a key is needed; where the database is away the page is shown, and its questions tell so."""
    try:
        return await serving.readers.run(serving.door.keys) if serving.door else Keys.NONE
    except RingwatchError:
        return Keys.OPTIONAL


def console_routes(serving: Serving) -> APIRouter:
    """Return the routes of the page, of its files, and of the icon that browsers ask for by themselves.

    The page is told whether a key is needed, so that it never asks without one and is refused.
    """
    router = APIRouter()
    address = f"/static/{digest_of(STATIC)}"
    page = (STATIC / "console.html").read_text("utf-8").replace("{{static}}", address)
    router.mount(address, ImmutableFiles(directory=STATIC))

    @router.get("/graphql")
    async def console(request: Request) -> Response:
        """Show the console to a browser; tell programs how to ask."""
        accept = request.headers.get("accept", "*/*")
        if "text/html" in accept or "*/*" in accept:
            keys = await _keys(serving)
            return HTMLResponse(page.replace("{{keys}}", keys), headers={"vary": "Accept"})
        message = "GET /graphql: queries are answered to POST only; a browser gets the console page"
        response = refusal_response(405, message, "BAD_USER_INPUT")
        response.headers["allow"] = "POST"
        return response

    @router.get("/favicon.ico")
    async def icon() -> Response:
        """Return the icon."""
        return FileResponse(STATIC / "icon.svg", media_type="image/svg+xml", headers={"cache-control": "max-age=86400"})

    return router
