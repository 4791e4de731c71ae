"""Health, and what the page needs to know before anybody has signed in."""

from importlib.metadata import version

from fastapi import APIRouter, Request, Response

from oryxforge.api.address import reached_at
from oryxforge.api.deps import Api
from oryxforge.api.json import Json, JsonRoute
from oryxforge.api.openapi import Responses, problems
from oryxforge.api.schemas.session import Live, PageConfig, Ready
from oryxforge.settings import Settings

router = APIRouter(tags=["service"], route_class=JsonRoute)
AWAY: Responses = {
    503: {
        "description": "Something that this needs is away; `checks` says what.",
        "model": Ready,
    }
}


@router.get("/health/live", summary="Whether the process answers", responses=problems())
async def live() -> Live:
    return Live()


@router.get(
    "/health/ready",
    summary="Whether all it needs is there",
    response_model=Ready,
    responses=problems() | AWAY,
)
async def ready(api: Api) -> Response:
    checks = await api.health.ready()
    well = all(said == "ok" for said in checks.values())
    body = Ready(status="ok" if well else "unavailable", checks=checks)
    return Json(body.model_dump(), status_code=200 if well else 503)


@router.get("/config.json", summary="The page's settings", responses=problems())
async def config(request: Request, api: Api) -> PageConfig:
    settings: Settings = request.app.state.settings
    return PageConfig(
        supabase_url=settings.supabase_url or reached_at(request, settings),
        hosted=settings.supabase_url is not None,
        supabase_publishable_key=api.publishable_key,
        agents=list(api.roster.names),
        default_agent=api.roster.default,
        version=version("oryxforge"),
    )
