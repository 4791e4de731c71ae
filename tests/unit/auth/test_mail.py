"""Mail by a server, over a loopback one; and the texts."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from email import message_from_string, policy

import pytest

from oryxforge.embedded.gateway.auth.config import Smtp
from oryxforge.embedded.gateway.auth.mail import SmtpMailer, compose, deliver


class SmtpStub:
    """Takes every mail; the first `fails` of them only at another try."""

    def __init__(self, fails: int = 0) -> None:
        self.fails = fails
        self.mails: asyncio.Queue[str] = asyncio.Queue()
        self.talks: set[asyncio.Task[None]] = set()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if (task := asyncio.current_task()) is not None:
            self.talks.add(task)

        async def say(line: str) -> None:
            writer.write(f"{line}\r\n".encode())
            await writer.drain()

        await say("220 stub")
        while line := (await reader.readline()).decode().strip():
            word = line.split()[0].upper()
            if word == "EHLO":
                await say("250-stub\r\n250 AUTH PLAIN")
            elif word == "DATA" and self.fails:
                self.fails -= 1
                await say("451 try again")
            elif word == "DATA":
                await say("354 go on")
                raw = await reader.readuntil(b"\r\n.\r\n")
                self.mails.put_nowait(raw.decode().replace("\r\n.\r\n", ""))
                await say("250 taken")
            else:
                await say({"AUTH": "235 yes", "QUIT": "221 bye"}.get(word, "250 fine"))
            if word == "QUIT":
                break
        writer.close()


@asynccontextmanager
async def smtp(fails: int = 0) -> AsyncGenerator[tuple[SmtpStub, Smtp]]:
    stub = SmtpStub(fails)
    async with await asyncio.start_server(stub.talk, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        yield stub, Smtp(f"smtp://me:p%40ss@127.0.0.1:{port}", "OryxForge <forge@example.org>")
        # The sender's thread still says goodbye: without an answer it would wait, and hold up the loop's end.
        await asyncio.gather(*stub.talks)


async def test_a_mail_arrives() -> None:
    async with smtp() as (stub, to), asyncio.timeout(10):
        mailer = SmtpMailer(to)
        await mailer.open()
        await mailer.send(compose("magiclink", "ada@example.org", "http://127.0.0.1/l?a=b", "123456"))
        mail = message_from_string(await stub.mails.get(), policy=policy.default)
        await mailer.close()
    assert (mail["To"], mail["From"]) == ("ada@example.org", "OryxForge <forge@example.org>")
    assert "http://127.0.0.1/l?a=b" in mail.get_content()
    assert "123456" in mail.get_content()


async def test_a_mail_is_tried_again() -> None:
    async with smtp(fails=2) as (stub, to), asyncio.timeout(10):
        mailer = SmtpMailer(to, pause_s=0)
        await mailer.open()
        await mailer.send(compose("recovery", "ada@example.org", "http://l", "1"))
        assert "http://l" in await stub.mails.get()
        await mailer.close()


def test_no_line_of_ours_is_another_s() -> None:
    with pytest.raises(ValueError, match="linefeed"):
        deliver(Smtp("smtp://127.0.0.1:1", "a@b"), compose("signup", "a@b.org\r\nBcc: c@d.org", "l", "1"))


@pytest.mark.parametrize("kind", ["signup", "invite", "magiclink", "recovery", "email_change"])
def test_texts(kind: str) -> None:
    mail = compose(kind, "a@b.org", "http://link", "123456")
    assert "http://link" in mail.text
    assert "123456" in mail.text
    assert mail.subject
