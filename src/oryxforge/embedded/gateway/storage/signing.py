"""Signed URLs: tokens that name one object, one scope and an end."""

import hmac
import time
from collections.abc import Mapping
from enum import StrEnum

import jwt

from oryxforge.embedded.gateway.storage.faults import Fault

PURPOSE = b"oryxforge storage signed urls"
UPLOAD_S = 7_200


class Scope(StrEnum):
    DOWNLOAD = "download"
    UPLOAD = "upload"


class Signer:
    """Signs by a key made from a secret of the install, and from it alone: a signed URL is never an API key."""

    def __init__(self, secret: str) -> None:
        self._key = hmac.digest(secret.encode(), PURPOSE, "sha256")

    def sign(self, scope: Scope, bucket: str, name: str, lasts_s: int, **more: object) -> str:
        """A token for `<bucket>/<name>`; `more` are claims of its own, and can name none of these."""
        now = int(time.time())
        claims = {**more, "url": f"{bucket}/{name}", "scope": scope, "iat": now, "exp": now + lasts_s}
        return jwt.encode(claims, self._key, algorithm="HS256")

    def check(self, token: str, scope: Scope, bucket: str, name: str) -> Mapping[str, object]:
        """The token's claims. Raises Fault InvalidJWT, or InvalidSignature where it is for something else."""
        claims = self.read(token, scope)
        if claims["url"] != f"{bucket}/{name}":
            raise Fault(400, "InvalidSignature", "The signed URL is for something else")
        return claims

    def read(self, token: str, scope: Scope) -> Mapping[str, object]:
        """As `check`, whatever the object."""
        try:
            claims = jwt.decode(
                token, self._key, algorithms=["HS256"], options={"require": ["exp", "url", "scope"]}
            )
        except jwt.ExpiredSignatureError as error:
            raise Fault(400, "InvalidJWT", '"exp" claim timestamp check failed') from error
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise Fault(400, "InvalidJWT", "The signed URL is not valid here") from error
        if claims["scope"] != scope:
            raise Fault(400, "InvalidSignature", "The signed URL is for something else")
        return claims
