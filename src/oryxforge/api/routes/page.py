"""The plain page at `/`, and the viewers of the API's description, with nothing from outside."""

from importlib.util import find_spec
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse
from starlette.staticfiles import StaticFiles

router = APIRouter(include_in_schema=False)
FILES = Path(__file__).parent.parent / "page"
FRESH = {"Cache-Control": "no-cache"}


@router.get("/")
async def home() -> FileResponse:
    return FileResponse(FILES / "index.html", headers=FRESH)


@router.get("/docs")
async def swagger() -> FileResponse:
    return FileResponse(FILES / "swagger.html", headers=FRESH)


@router.get("/redoc")
async def redoc() -> FileResponse:
    return FileResponse(FILES / "redoc.html", headers=FRESH)


def add_assets(app: FastAPI) -> None:
    """The page's own files, and the viewers' that a package ships."""
    app.mount("/page", StaticFiles(directory=FILES))
    viewers = find_spec("fastapi_offline")
    assert viewers is not None
    assert viewers.origin is not None
    app.mount("/viewers", StaticFiles(directory=Path(viewers.origin).parent / "static"))
