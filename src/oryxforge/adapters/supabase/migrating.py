"""Verification for a hosted project that has public keys and still a shared secret."""

from oryxforge.adapters.supabase.jwks import JwksVerifier
from oryxforge.adapters.supabase.tokens import SecretVerifier, algorithm_of
from oryxforge.domain.identity import Actor


class MigratingVerifier:
    """HS256 tokens by the secret and none but it, all others by the published keys: neither can pass for the other."""

    def __init__(self, shared: SecretVerifier, published: JwksVerifier) -> None:
        self._shared = shared
        self._published = published

    async def verify(self, token: str) -> Actor:
        verifier = self._shared if algorithm_of(token) == "HS256" else self._published
        return await verifier.verify(token)
