"""Mail: by a server (SMTP, in a thread, in the background), or into the outbox where there is none."""

import asyncio
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Protocol
from urllib.parse import unquote, urlsplit

from loguru import logger

from oryxforge.adapters.postgres.auth import outbox
from oryxforge.adapters.postgres.pool import Pool
from oryxforge.embedded.gateway.auth.config import Smtp
from oryxforge.embedded.gateway.auth.redirects import is_loopback

WAITING = 500
TRIES = 3
TIMEOUT_S = 20


@dataclass(frozen=True)
class Mail:
    """One mail; `link` and `code` are in its text too."""

    to: str
    kind: str
    subject: str
    text: str
    link: str | None
    code: str | None


class Mailer(Protocol):
    async def open(self) -> None: ...
    async def send(self, mail: Mail) -> None:
        """Takes a mail on; whether it arrives is not known here."""
        ...

    async def close(self) -> None: ...


class Outbox:
    """Keeps mails for the local owner to read, and says so in the log, and to who sits before it."""

    def __init__(self, pool: Pool, tell: Callable[[str], None] | None = None) -> None:
        self._pool = pool
        self._tell = tell

    async def open(self) -> None:
        """Nothing to start."""

    async def close(self) -> None:
        """Nothing to stop."""

    async def send(self, mail: Mail) -> None:
        async with self._pool.connection() as db, db.transaction():
            await outbox.put(db, mail.to, mail.kind, mail.subject, mail.text, mail.link, mail.code)
        # Without a mail server this line is how the link reaches its reader.
        logger.warning("mail for the outbox", to=mail.to, kind=mail.kind, link=mail.link, code=mail.code)
        if self._tell is not None:
            self._tell(line_of(mail))


def line_of(mail: Mail) -> str:
    """A mail as one line."""
    code = f"code {mail.code}" if mail.code else ""
    return f"mail to {mail.to} ({mail.subject}): {'  '.join(part for part in (mail.link, code) if part)}"


class SmtpMailer:
    """Sends one after another, each up to three times; what can't be sent is logged without its text."""

    def __init__(self, smtp: Smtp, pause_s: float = 5) -> None:
        self._smtp = smtp
        self._pause_s = pause_s
        self._waiting: asyncio.Queue[Mail] = asyncio.Queue(WAITING)
        self._running: asyncio.Task[None] | None = None

    async def open(self) -> None:
        self._running = asyncio.create_task(self._run())

    async def close(self) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def send(self, mail: Mail) -> None:
        try:
            self._waiting.put_nowait(mail)
        except asyncio.QueueFull:
            logger.error("mail dropped, too many wait", kind=mail.kind)

    async def _run(self) -> None:
        while True:
            mail = await self._waiting.get()
            for number in range(1, TRIES + 1):
                try:
                    await asyncio.to_thread(deliver, self._smtp, mail)
                    break
                except (smtplib.SMTPException, OSError, ValueError) as error:
                    logger.error("mail not sent", kind=mail.kind, attempt=number, cause=type(error).__name__)
                    await asyncio.sleep(self._pause_s * number)


def deliver(smtp: Smtp, mail: Mail) -> None:
    """Hands one mail to the server. Raises SMTPException, OSError, or ValueError where it would go unprotected."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = smtp.sender, mail.to, mail.subject
    message["Message-ID"] = make_msgid(domain="oryxforge")
    message.set_content(mail.text)
    url = urlsplit(smtp.url)
    host = url.hostname or "localhost"
    with _connected(url.scheme, host, url.port) as server:
        secure = url.scheme == "smtps"
        server.ehlo_or_helo_if_needed()
        if not secure and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            secure = True
        if url.username:
            if not secure and not is_loopback(host):
                raise ValueError("the mail server offers no encryption, so it gets no password")
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(message)


def _connected(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT_S, context=ssl.create_default_context())
    return smtplib.SMTP(host, port or 587, timeout=TIMEOUT_S)


SUBJECTS: dict[str, tuple[str, str]] = {
    "signup": ("Confirm your address", "Follow this link to confirm your address:"),
    "invite": ("You are invited", "You have been invited. Follow this link to sign in for the first time:"),
    "magiclink": ("Your sign-in link", "Follow this link to sign in:"),
    "recovery": ("A new password", "Follow this link to sign in and set a new password:"),
    "email_change": ("Confirm your new address", "Follow this link to confirm the change of your address:"),
    "reauthentication": ("Your code", "You are about to change something that needs your confirmation."),
}
CLOSING = "If you did not ask for this, there is nothing to do."


def compose(kind: str, to: str, link: str | None, code: str | None, note: str = "") -> Mail:
    """The mail of a kind; a note comes first."""
    subject, first = SUBJECTS[kind]
    parts: list[str] = [note, first] if note else [first]
    if link:
        parts.append(link)
    if code:
        parts.append(f"{'Or enter this' if link else 'Enter this'} code: {code}")
    return Mail(to, kind, subject, "\n\n".join([*parts, CLOSING]) + "\n", link, code)


def make_mailer(smtp: Smtp | None, pool: Pool, tell: Callable[[str], None] | None = None) -> Mailer:
    """`tell` is given a line for each mail where there is no server."""
    return SmtpMailer(smtp) if smtp else Outbox(pool, tell)
