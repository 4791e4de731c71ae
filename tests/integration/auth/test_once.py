"""What counts once counts once, however many ask at the same time; and a database that is away."""

import asyncio
import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

from integration.auth.conftest import MakeProduct
from integration.auth.http import PASSWORD, Wire, code_of, someone, wire

VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


async def mailed(found: Wire, email: str, **more: str) -> tuple[str, str]:
    """The link and the code of a magic link."""
    assert (await found.post("/otp", {"email": email, **more})).is_success
    mail = next(m for m in await found.mails() if m["recipient"] == email)
    return mail["link"], mail["code"]


async def test_a_link(mailing_wire: Wire) -> None:
    link, _ = await mailed(mailing_wire, someone())
    answers = await asyncio.gather(*(mailing_wire.client.get(link) for _ in range(8)))
    assert sum("access_token=" in a.headers["location"] for a in answers) == 1


async def test_a_code_of_a_mail(mailing_wire: Wire) -> None:
    email = someone()
    _, code = await mailed(mailing_wire, email)
    body = {"type": "email", "email": email, "token": code}
    answers = await asyncio.gather(*(mailing_wire.post("/verify", body) for _ in range(8)))
    assert sorted(a.status_code for a in answers) == [200] + [403] * 7


async def test_guesses_at_the_same_time_are_counted(mailing_wire: Wire) -> None:
    email = someone()
    _, code = await mailed(mailing_wire, email)
    wrong = {"type": "email", "email": email, "token": "wrong"}
    await asyncio.gather(*(mailing_wire.post("/verify", wrong) for _ in range(8)))
    last = await mailing_wire.post("/verify", {**wrong, "token": code})
    assert code_of(last) == (403, "otp_expired")


async def test_a_code_for_a_verifier(mailing_wire: Wire) -> None:
    link, _ = await mailed(mailing_wire, someone(), code_challenge=CHALLENGE, code_challenge_method="s256")
    there = (await mailing_wire.client.get(link)).headers["location"]
    body = {"auth_code": parse_qs(urlsplit(there).query)["code"][0], "code_verifier": VERIFIER}
    answers = await asyncio.gather(*(mailing_wire.post("/token?grant_type=pkce", body) for _ in range(8)))
    assert sorted(a.status_code for a in answers) == [200] + [404] * 7


async def test_an_address(open_wire: Wire) -> None:
    email = someone()
    body = {"email": email, "password": PASSWORD}
    answers = await asyncio.gather(*(open_wire.post("/signup", body) for _ in range(4)))
    assert sorted(a.status_code for a in answers) == [200, 422, 422, 422]


async def test_a_database_that_is_away(make_product: MakeProduct) -> None:
    found = wire(make_product(database_auth_url="postgresql://oryxforge_auth@127.0.0.1:1/none"))
    async with found.client:
        assert code_of(await found.refresh("x")) == (503, "database_unavailable")
        assert code_of(await found.sign_in(someone())) == (503, "database_unavailable")
        assert (await found.client.get("/health")).is_success
