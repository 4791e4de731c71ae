"""What stands at `/` where no page is built, and the viewers of the API's description, with nothing from outside."""

from importlib.util import find_spec
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse
from fastapi.routing import APIRoute
from loguru import logger
from starlette.staticfiles import StaticFiles

from oryxforge.api.site import Site, find_site, load_site
from oryxforge.settings import Settings

router = APIRouter(include_in_schema=False)
FILES = Path(__file__).parent.parent / "page"
FRESH = {"Cache-Control": "no-cache"}


@router.get("/")
async def unbuilt() -> FileResponse:
    return FileResponse(FILES / "unbuilt.html", headers=FRESH)


@router.get("/docs")
async def swagger() -> FileResponse:
    return FileResponse(FILES / "swagger.html", headers=FRESH)


@router.get("/redoc")
async def redoc() -> FileResponse:
    return FileResponse(FILES / "redoc.html", headers=FRESH)


def add_assets(app: FastAPI) -> None:
    """The files of these, and the viewers' that a package ships."""
    app.mount("/page", StaticFiles(directory=FILES))
    viewers = find_spec("fastapi_offline")
    assert viewers is not None
    assert viewers.origin is not None
    app.mount("/viewers", StaticFiles(directory=Path(viewers.origin).parent / "static"))


def add_site(app: FastAPI, settings: Settings) -> None:
    """The built page at `/`, where there is a build."""
    folder = find_site()
    if folder is None:
        logger.warning("the page is not built, so the API stands alone: python scripts/build_page.py")
        return
    routes: list[APIRoute] = app.state.routes

    def is_route(path: str) -> bool:
        return path.startswith(("/page/", "/viewers/")) or any(r.path_regex.match(path) for r in routes)

    app.add_middleware(Site, files=load_site(folder, settings.supabase_url), is_route=is_route)
