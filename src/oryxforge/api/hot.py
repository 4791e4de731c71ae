"""Routes that are asked so often that the framework's own way to a handler's arguments would tell."""

from collections.abc import Callable, Coroutine
from inspect import signature
from typing import Any, get_type_hints

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from orjson import JSONDecodeError
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from oryxforge.api.deps import bearer
from oryxforge.api.json import JsonRequest, invalid_json, need_json


class HotRoute(APIRoute):
    """Described as any other; its handler takes `api`, `actor`, `body` and perhaps `request`, and answers a Response.

    The same checks in the same order as elsewhere, done directly: body, token, user, values.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        endpoint = self.endpoint
        model: type[BaseModel] = get_type_hints(endpoint)["body"]
        takes_request = "request" in signature(endpoint).parameters

        async def handle(given: Request) -> Response:
            need_json(given)
            request = JsonRequest(given.scope, given.receive)
            try:
                parsed = await request.json()
            except JSONDecodeError as error:
                raise invalid_json() from error
            actor = await bearer(request)
            more = {"request": request} if takes_request else {}
            body = _validated(model, parsed)
            return await endpoint(api=request.app.state.services, actor=actor, body=body, **more)

        return handle


def _validated(model: type[BaseModel], parsed: object) -> BaseModel:
    try:
        return model.model_validate(parsed)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
        raise RequestValidationError([{**f, "loc": ("body", *f["loc"])} for f in faults]) from error
