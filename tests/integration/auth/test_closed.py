"""An installation that is open to the network: nobody signs up by themselves."""

import pytest

from integration.api.product import Product
from integration.auth.conftest import MakeProduct
from integration.auth.http import PASSWORD, Wire, code_of, someone, wire


@pytest.fixture(scope="module")
def closed(make_product: MakeProduct) -> Product:
    return make_product(auth_signup=False, auth_confirmed_at_once=False, auth_anonymous=True)


async def test_no_sign_up(closed: Product) -> None:
    found: Wire = wire(closed)
    async with found.client:
        email = someone()
        signed_up = await found.post("/signup", {"email": email, "password": PASSWORD})
        assert code_of(signed_up) == (422, "signup_disabled")
        assert code_of(await found.post("/signup", {})) == (422, "signup_disabled")
        assert (await found.post("/otp", {"email": email})).json() == {}
        assert not [m for m in await found.mails() if m["recipient"] == email]
        settings = (await found.client.get("/settings")).json()
        assert (settings["disable_signup"], settings["mailer_autoconfirm"]) == (True, False)


async def test_who_is_invited_comes_in(closed: Product) -> None:
    found: Wire = wire(closed)
    async with found.client:
        email = someone()
        assert (await found.post("/invite", {"email": email}, apikey=found.keys.secret)).is_success
        code = next(m["code"] for m in await found.mails() if m["recipient"] == email)
        session = await found.post("/verify", {"type": "invite", "email": email, "token": code})
        assert session.json()["user"]["email"] == email
