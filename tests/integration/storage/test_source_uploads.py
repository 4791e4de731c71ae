"""Resumable uploads into data sources: `/files/uploads`."""

import base64
import os
from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

import httpx

from fixtures.postgres import Database
from integration.api.conftest import MakePerson, Team, person, product, team
from integration.api.product import Product, api_settings
from oryxforge.embedded.gateway.storage.tus import Destination, Tus
from oryxforge.embedded.gateway.storage.tus_files import Upload

__all__ = ["person", "product", "team"]
TUS = {"tus-resumable": "1.0.0"}
BODY = {**TUS, "content-type": "application/offset+octet-stream"}
CSV = b"region,amount\nnorth,1\nsouth,2\n"


def metadata(**texts: str) -> str:
    return ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in texts.items())


async def begin(client: httpx.AsyncClient, length: int, **told: str) -> httpx.Response:
    headers = {**TUS, "upload-length": str(length), "upload-metadata": metadata(**told)}
    return await client.post("/files/uploads", headers=headers)


async def send(client: httpx.AsyncClient, path: str, offset: int, content: bytes) -> httpx.Response:
    return await client.patch(path, headers={**BODY, "upload-offset": str(offset)}, content=content)


async def test_becomes_a_data_source(team: Team) -> None:
    client = team.editor.client
    begun = await begin(client, len(CSV), project_id=team.project, filename="C:\\tmp\\orders.csv")
    assert begun.status_code == 201, begun.text
    path = begun.headers["location"]
    assert (await send(client, path, 0, CSV[:10])).headers["upload-offset"] == "10"
    assert (await client.get(path)).json()["source"] is None
    head = await client.head(path, headers=TUS)
    assert (head.status_code, head.headers["upload-offset"]) == (200, "10")
    assert (await send(client, path, 10, CSV[10:])).status_code == 204
    shown = (await client.get(path)).json()
    assert (shown["offset"], shown["length"]) == (len(CSV), len(CSV))
    source = shown["source"]
    assert (source["id"], source["name"], source["type"]) == (path.rpartition("/")[2], "orders.csv", "csv")
    assert source["size_bytes"] == len(CSV)
    asked = {"project_id": team.project, "data_source_id": source["id"]}
    [sheet] = (await client.post("/files/preview", json=asked)).json().values()
    assert sheet["headers"] == ["region", "amount"]
    listed = (await client.get("/sources", params={"project_id": team.project})).json()
    assert [s["id"] for s in listed["sources"]] == [source["id"]]


async def test_who_may_not(team: Team, person: MakePerson) -> None:
    told = {"project_id": team.project, "filename": "a.csv"}
    assert (await begin(team.viewer.client, 5, **told)).status_code == 403
    assert (await begin(team.stranger.client, 5, **told)).status_code == 404
    path = (await begin(team.owner.client, 5, **told)).headers["location"]
    for other in (team.editor.client, team.stranger.client):
        assert (await other.head(path, headers=TUS)).status_code == 404
        assert (await send(other, path, 0, b"12345")).status_code == 404
        assert (await other.delete(path, headers=TUS)).status_code == 404
    async with httpx.AsyncClient(base_url=team.owner.client.base_url) as nobody:
        assert (await begin(nobody, 5, **told)).status_code == 401
    assert (await team.owner.client.delete(path, headers=TUS)).status_code == 204


async def test_what_is_no_table_is_told_and_leaves_nothing(team: Team) -> None:
    client, noise = team.owner.client, b"PK\x03\x04" + os.urandom(200)
    path = (await begin(client, len(noise), project_id=team.project, filename="a.zip")).headers["location"]
    refused = await send(client, path, 0, noise)
    assert refused.status_code == 400, refused.text
    assert (await client.head(path, headers=TUS)).status_code == 400
    listed = await client.get("/sources", params={"project_id": team.project})
    assert listed.json()["count"] == 0
    assert (await client.delete(path, headers=TUS)).status_code == 204


async def test_what_can_not_be_begun(team: Team) -> None:
    client = team.owner.client
    for told in ({}, {"project_id": team.project}, {"project_id": "x", "filename": "a.csv"}):
        answer = await begin(client, 5, **told)
        assert (answer.status_code, answer.json()["code"]) == (422, "metadata_missing")
    told = {"project_id": team.project, "filename": "a.csv"}
    assert (await begin(client, 10**15, **told)).status_code == 413
    plain = await client.post("/files/uploads", headers={"upload-length": "5"})
    assert (plain.status_code, plain.headers["tus-version"]) == (412, "1.0.0")
    assert plain.headers["content-type"] == "application/problem+json"
    assert (await client.get(f"/files/uploads/{uuid4()}")).status_code == 404


async def test_a_body_over_the_limit_of_others(team: Team) -> None:
    client, content = team.owner.client, b"a,b\n" + b"1,2\n" * 1_250_000
    told = {"project_id": team.project, "filename": "large.csv"}
    path = (await begin(client, len(content), **told)).headers["location"]
    assert (await send(client, path, 0, content)).status_code == 204
    assert (await client.get(path)).json()["source"]["size_bytes"] == 5_000_004


class Anything(Destination[str]):
    async def admit(self, who: str, upload: Upload) -> None: ...

    async def finish(self, who: str, upload: Upload, path: Path) -> Mapping[str, str]:
        return {}


async def test_expired_ones_go_without_another_upload(database: Database, tmp_path: Path) -> None:
    settings = api_settings(tmp_path, database)
    folder = settings.data / "uploads" / "sources"
    young = await Tus(folder, Anything(), 1000).create("me", "me", 10, {}, {})
    late = await Tus(folder, Anything(), 1000, lasts_s=-1).create("me", "me", 10, {}, {})
    assert list(folder.rglob(f"{late.id}*"))
    with Product(settings) as product:
        await product.until(lambda: not list(folder.rglob(f"{late.id}*")), 10)
        assert list(folder.rglob(f"{young.id}*"))
