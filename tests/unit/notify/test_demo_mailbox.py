# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The mail server of the demo takes what the hub sends."""

import asyncio

import pytest

from deploy.demo.mailbox import Mail as Arrived
from deploy.demo.mailbox import listening
from hub.notify.channel import SENT, Parcel
from hub.notify.notice import Notice, pack
from hub.notify.smtp import Mail, Mailserver

DESK = "bereitschaft@asd.invalid"
HEAD = "leitung@asd.invalid"


def parcel(text: str) -> Parcel:
    return Parcel("m", DESK, "Übersicht", text, "", is_urgent=False)


async def sent(*parcels: Parcel) -> list[Arrived]:
    async with listening() as mailbox:
        mail = Mail(Mailserver.parse(f"smtp://127.0.0.1:{mailbox.port}"), "hub@meldeweg.invalid")
        assert await mail.trouble() == ""
        assert await mail.send(parcels) == [SENT] * len(parcels)
        return mailbox.mails


@pytest.mark.anyio
async def test_what_arrives_can_be_read() -> None:
    notices = [Notice("n", "waiting", "sofort", "0193")]
    first, second = await sent(pack(DESK, notices), pack(HEAD, notices))

    assert (first.to, second.to) == ((DESK,), (HEAD,))
    assert str(first) == f"Mail an {DESK}: 1 Mitteilung, sofort, Kennung 0193"
    assert "Bitte den Eingang öffnen." in first.text


@pytest.mark.parametrize("text", [".\n..\n.ä\n", "", "Grüße\n\n.\n", "x" * 5000])
def test_no_text_ends_a_mail_early(text: str) -> None:
    (mail,) = asyncio.run(sent(parcel(text)))

    assert mail.text.replace("\r", "").strip() == text.strip()
    assert mail.subject == "Übersicht"
