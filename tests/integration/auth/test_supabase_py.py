"""Real supabase-py against the auth surface."""

import httpx
import pytest
from supabase import AsyncClient, acreate_client
from supabase_auth.errors import AuthApiError, AuthWeakPasswordError

from integration.api.modes import AnyProduct, in_both_modes
from integration.auth.conftest import environment
from integration.auth.http import PASSWORD, Wire, someone


async def client(product: AnyProduct, key: str = "PUBLISHABLE_KEY") -> AsyncClient:
    told = environment(product)
    return await acreate_client(told["URL"], told[key])


async def api_status(product: AnyProduct, token: str) -> int:
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as api:
        return (await api.get(f"{product.api_url}/projects")).status_code


@in_both_modes("open_product")
async def test_a_person_s_way(open_product: AnyProduct) -> None:
    supabase = await client(open_product)
    email = someone("py")
    signed_up = await supabase.auth.sign_up(
        {"email": email, "password": PASSWORD, "options": {"data": {"name": "Py"}}}
    )
    assert signed_up.session is not None
    assert signed_up.user is not None
    assert signed_up.user.user_metadata == {"name": "Py"}
    refreshed = await supabase.auth.refresh_session()
    assert refreshed.session is not None
    assert refreshed.session.refresh_token != signed_up.session.refresh_token
    assert await api_status(open_product, refreshed.session.access_token) == 200
    claims = await supabase.auth.get_claims()
    assert claims is not None
    assert claims["claims"]["sub"] == signed_up.user.id
    changed = await supabase.auth.update_user({"data": {"name": "Pi"}})
    assert changed.user.user_metadata == {"name": "Pi"}
    await supabase.auth.sign_out()
    with pytest.raises(AuthApiError) as refused:
        await supabase.auth.refresh_session(refreshed.session.refresh_token)
    assert refused.value.code == "refresh_token_not_found"
    again = await (await client(open_product)).auth.sign_in_with_password(
        {"email": email, "password": PASSWORD}
    )
    assert again.user is not None
    assert again.user.id == signed_up.user.id


@in_both_modes("open_product")
async def test_errors_by_their_codes(open_product: AnyProduct) -> None:
    supabase = await client(open_product)
    with pytest.raises(AuthApiError) as wrong:
        await supabase.auth.sign_in_with_password({"email": someone(), "password": PASSWORD})
    assert (wrong.value.code, wrong.value.status) == ("invalid_credentials", 400)
    with pytest.raises(AuthWeakPasswordError) as weak:
        await supabase.auth.sign_up({"email": someone(), "password": "short"})
    assert weak.value.reasons == ["length"]


@in_both_modes("mailing_product")
async def test_codes_by_mail(mailing_product: AnyProduct, mailing_wire: Wire) -> None:
    supabase = await client(mailing_product)
    email = someone("py")
    assert (await supabase.auth.sign_up({"email": email, "password": PASSWORD})).session is None
    await supabase.auth.sign_in_with_otp({"email": email})
    code = next(m["code"] for m in await mailing_wire.mails() if m["recipient"] == email)
    verified = await supabase.auth.verify_otp({"type": "email", "email": email, "token": code})
    assert verified.session is not None
    assert (await supabase.auth.get_user()).user.email == email


@in_both_modes("open_product")
async def test_admin(open_product: AnyProduct) -> None:
    admin = (await client(open_product, "SECRET_KEY")).auth.admin
    email = someone("py")
    made = await admin.create_user({"email": email, "password": PASSWORD, "email_confirm": True})
    assert any(u.id == made.user.id for u in await admin.list_users(page=1, per_page=1000))
    found = await admin.update_user_by_id(made.user.id, {"user_metadata": {"a": 1}})
    assert found.user.user_metadata == {"a": 1}
    link = await admin.generate_link({"type": "magiclink", "email": email})
    assert link.properties.hashed_token
    await admin.delete_user(made.user.id)
