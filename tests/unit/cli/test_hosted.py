"""What `doctor` makes of the answers that only the hosted service gives: GoTrue's words, and the names of projects."""

from collections.abc import Mapping

import httpx
import jwt
import pytest

from oryxforge.cli.findings import Verdict
from oryxforge.cli.project import examine_project, project_of_api, project_of_database
from oryxforge.cli.signing import examine_issuer, examine_keys
from oryxforge.settings import Settings

REF, OTHER = "abcdefghijklmnopqrst", "zyxwvutsrqponmlkjihg"
URL = f"https://{REF}.supabase.co"
SECRET = "the project's own secret, which is long enough"
POOLER = "aws-0-eu-central-1.pooler.supabase.com"
NEW_KEY = "sb_publishable_x"


def settings(key: str = NEW_KEY, **told: str) -> Settings:
    given = {"supabase_url": URL, "supabase_jwt_secret": SECRET, "supabase_publishable_key": key, **told}
    return Settings.model_validate(given)


def supabase(answers: Mapping[str, tuple[int, object]], keys: int = 0) -> httpx.AsyncClient:
    """Answers by the path, and publishes so many keys."""
    known = {
        "/auth/v1/.well-known/jwks.json": (200, {"keys": [{"kid": str(n)} for n in range(keys)]}),
        **answers,
    }

    def answer(request: httpx.Request) -> httpx.Response:
        status, body = known.get(request.url.path, (404, {"code": 404, "msg": "404 page not found"}))
        return httpx.Response(status, json=body)

    return httpx.AsyncClient(base_url=URL, transport=httpx.MockTransport(answer))


def anon(secret: str) -> str:
    return jwt.encode({"iss": "supabase", "ref": REF, "role": "anon"}, secret, algorithm="HS256")


REFUSED = {"code": 403, "error_code": "bad_jwt", "msg": "invalid JWT: unable to parse or verify signature"}
NOBODY = {"code": 403, "error_code": "user_not_found", "msg": "User from sub claim in JWT does not exist"}


@pytest.mark.parametrize(
    ("said", "key", "published", "verdict"),
    [
        (REFUSED, NEW_KEY, 0, Verdict.FAIL),
        (REFUSED, NEW_KEY, 2, Verdict.FAIL),
        (REFUSED, anon(SECRET), 2, Verdict.FAIL),
        (NOBODY, NEW_KEY, 0, Verdict.OK),
        (NOBODY, NEW_KEY, 2, Verdict.OK),
        ({"code": "user_not_found", "message": "…"}, NEW_KEY, 2, Verdict.OK),
        ({"code": 401, "msg": "an older server"}, anon(SECRET), 0, Verdict.OK),
        (
            {"code": 401, "msg": "an older server"},
            anon("another secret, which is long enough too"),
            0,
            Verdict.FAIL,
        ),
        ({"code": 429, "msg": "too many"}, NEW_KEY, 0, Verdict.WARN),
    ],
)
async def test_a_secret_counts_if_the_project_takes_its_tokens(
    said: dict[str, object], key: str, published: int, verdict: Verdict
) -> None:
    found = await examine_keys(settings(key), supabase({"/auth/v1/user": (403, said)}, published))
    assert found.verdict is verdict
    assert ("Unset it" in found.fix) is (verdict is Verdict.FAIL and published > 0)


async def test_a_custom_domain_is_what_tokens_name() -> None:
    told = {
        "/auth/v1/.well-known/openid-configuration": (200, {"issuer": "https://auth.example.org/auth/v1"})
    }
    found = await examine_issuer(settings(), supabase(told))
    assert found.verdict is Verdict.FAIL
    assert "SUPABASE_URL=https://auth.example.org" in found.fix
    assert "ORYXFORGE_AUTH_ISSUER=https://auth.example.org/auth/v1" in found.fix


@pytest.mark.parametrize(
    ("url", "verdict"), [(URL, Verdict.OK), ("https://supabase.example.org", Verdict.WARN)]
)
async def test_an_older_server_does_not_say_its_issuer(url: str, verdict: Verdict) -> None:
    assert (await examine_issuer(settings(supabase_url=url), supabase({}))).verdict is verdict


@pytest.mark.parametrize(
    ("database", "project"),
    [
        (f"postgresql://oryxforge_api:x@db.{REF}.supabase.co:5432/postgres", REF),
        (f"postgresql://oryxforge_api.{REF}:x@{POOLER}:6543/postgres", REF),
        (f"postgresql://oryxforge_api%2E{REF}:x@{POOLER}:6543/postgres", REF),
        (f"postgresql://oryxforge_api:x@{POOLER}:6543/postgres", None),
        (f"postgresql://oryxforge_api.{REF}:x@db.example.org/postgres", None),
        ("postgresql://oryxforge_api:x@/oryxforge?host=/run/x", None),
    ],
)
def test_projects_are_read_from_databases(database: str, project: str | None) -> None:
    assert project_of_database(database) == project


def test_projects_are_read_from_urls() -> None:
    assert project_of_api(f"{URL}/") == REF
    assert project_of_api("https://auth.example.org") is None


@pytest.mark.parametrize(
    ("database", "worker", "verdict"),
    [(REF, REF, Verdict.OK), (OTHER, OTHER, Verdict.FAIL), (REF, OTHER, Verdict.FAIL)],
)
async def test_projects_are_compared_by_name(database: str, worker: str, verdict: Verdict) -> None:
    urls = {
        "database_url": f"postgresql://oryxforge_api.{database}:x@{POOLER}:6543/postgres",
        "database_worker_url": f"postgresql://oryxforge_worker:x@db.{worker}.supabase.co:5432/postgres",
    }
    found = await examine_project(settings(**urls), supabase({}))
    assert found.verdict is verdict
    if verdict is Verdict.FAIL:
        named = "DATABASE_URL" if database == OTHER else "DATABASE_WORKER_URL"
        assert found.found == f"SUPABASE_URL is of the project {REF}, {named} of {OTHER}"
