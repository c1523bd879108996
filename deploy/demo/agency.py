# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""One unit as a process: it takes what arrives, and does what a person at its desk asks.

    python -m deploy.demo.agency FOLDER INBOX

Requests come in as lines of JSON, answers and events go out as lines of JSON. What arrives is
opened, put down and taken by itself; that a person has taken note is only said on request. The
process ends with its input, so it never outlives the demo.
"""

import asyncio
import json
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from deploy.demo.forgery import Forgery, forge
from hub.client import Agency, Draft, Hub, Message, Refused, Unreachable
from hub.client.erasing import settle
from hub.client.hints import HintsUnseen
from hub.errors import Refusal
from hub.sealing.canonical import unb64

AGAIN: Final = 1
"""Seconds before a hub that gave no answer is asked again."""
Answer = dict[str, Any]


class Desk:
    """A unit at work."""

    def __init__(self, hub: Hub, inbox: Path) -> None:
        self._hub = hub
        self._inbox = inbox
        self._messages: dict[str, Message] = {}

    async def receive(self) -> None:
        """Take what arrives, for ever."""
        while True:
            try:
                async for message in self._hub.receive(wait=20):
                    await self._hand_over(message)
            except (Unreachable, Refused) as trouble:
                # Refused: the clock was put while the question was on its way.
                print(f"no answer: {trouble}", file=sys.stderr, flush=True)
                await asyncio.sleep(AGAIN)

    async def do(self, request: Mapping[str, Any]) -> Answer:
        """Do what was asked; a no of the hub is an answer too."""
        act = getattr(self, f"do_{request['do']}")
        try:
            said: Any = await act(**request["with"])
        except Refused as refused:
            return {"refused": vars(refused)}
        except Refusal as refusal:
            return {"refused": {"code": refusal.code, "title": refusal.detail, "by": "sdk"}}
        except HintsUnseen as unseen:
            texts = " ".join(hint.text for hint in unseen.hints)
            return {"refused": {"code": "hints-unseen", "title": texts, "by": "sdk"}}
        return {"said": said}

    async def do_responsible(self, kind: str, ags: str) -> Answer:
        directory = await self._hub.directory()
        office = directory.responsible(kind, ags=ags)
        return {"id": office.id, "name": office.name, "reason": office.reason}

    async def do_send(self, conversation: str = "", **wish: Any) -> Answer:
        draft = await self._draft(conversation, **wish)
        proven = await self._hub.submit(draft)
        return {"id": draft.id, "conversation": draft.conversation, "index": proven.index}

    async def do_send_all(self, urgencies: Sequence[str], **wish: Any) -> list[str]:
        """Send the same once for each urgency, all at once; returns the ids."""
        drafts = [await self._draft("", urgency=each, **wish) for each in urgencies]
        await asyncio.gather(*map(self._hub.submit, drafts))
        return [draft.id for draft in drafts]

    async def do_acknowledge_all(self, messages: Sequence[str], role: str) -> None:
        await asyncio.gather(*(self._messages[each].acknowledge(role) for each in messages))

    async def do_answer_all(
        self, messages: Sequence[str], step: str, content: Mapping[str, Any]
    ) -> list[str]:
        answers = (self._messages[each].answer(step, content) for each in messages)
        return [draft.id for draft in await asyncio.gather(*answers)]

    async def do_forge(
        self, forgery: Mapping[str, Any], conversation: str = "", **wish: Any
    ) -> Answer:
        """Send what the SDK would not make. The hub should refuse; if not, that is the answer."""
        draft = await self._draft(conversation, **wish)
        body = forge(draft, self._hub.agency, Forgery(**forgery))
        await self._hub.line.send("PUT", f"/v1/messages/{draft.id}", body)
        return {"id": draft.id}

    async def do_acknowledge(self, message: str, role: str) -> Answer:
        proven = await self._messages[message].acknowledge(role)
        return {"index": proven.index}

    async def do_answer(
        self, message: str, step: str, content: Mapping[str, Any], urgency: str = "planbar"
    ) -> Answer:
        draft = await self._messages[message].answer(step, content, urgency)
        return {"id": draft.id}

    async def do_pass_on(self, message: str, to: str, content: Mapping[str, Any]) -> Answer:
        onward = await self._messages[message].pass_on(to, content)
        return {"id": onward.id}

    async def do_hand_over(
        self, to: str, content: Mapping[str, Any], message: str | None = None
    ) -> Answer:
        onward = await self._hub.hand_over(message, to=to, content=content)
        return {"id": onward.id}

    async def do_feedback(self, passed: str, content: Mapping[str, Any]) -> Answer:
        """Give the Rueckmeldung that this unit owes since a notice was passed on to it."""
        threads = await self._hub.continued(passed)
        thread = next(each for each in threads if each.protocol.startswith("schule-mitteilung/"))
        await self._hub.directory()
        draft = self._hub.compose(
            protocol=thread.protocol,
            step="rueckmeldung",
            to=thread.partner_of(self._hub.agency.id),
            urgency="planbar",
            content=content,
            conversation=thread,
        )
        await self._hub.submit(draft)
        return {"id": draft.id}

    async def do_shown(self, message: str) -> Answer:
        """Return what a sender is shown of its own message, with numbers to ring."""
        shown = await self._hub.sender_view(message)
        return {"words": [each.word for each in shown], "lines": [each.line for each in shown]}

    async def do_look(self, message: str) -> Answer:
        """Return what the hub lets this unit see of a message."""
        state = await self._hub.state(message)
        return {"state": state["state"], "words": [_word(jws) for jws in state["receipts"]]}

    async def do_evidence(self, message: str, file: str) -> Answer:
        await asyncio.to_thread(Path(file).write_bytes, await self._hub.evidence(message))
        return {}

    async def do_count(self) -> Answer:
        return {"received": len(self._messages)}

    async def _draft(self, conversation: str, **wish: Any) -> Draft:
        await self._hub.directory()
        thread = await self._hub.conversation(conversation) if conversation else None
        reader = self._hub.agency.recall("reply-keys").get(conversation)
        return self._hub.compose(**wish, conversation=thread, reader=reader)

    async def _hand_over(self, message: Message) -> None:
        content = await message.open()
        envelope = message.envelope
        path = self._inbox / f"{envelope.jti}.json"
        self._hub.copies.note(message, path)
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
        await message.take()
        erased = await settle(self._hub, message)
        self._messages[envelope.jti] = message
        tell(
            {
                "event": "received",
                "id": envelope.jti,
                "from": envelope.iss,
                "step": envelope.step,
                "conversation": envelope.cnv,
                "file": str(path),
                "erased": erased,
                "content": content,
            }
        )


def _word(jws: str) -> str:
    events: dict[str, Any] = json.loads(unb64(jws.split(".")[1]))["events"]
    return next(iter(events)).rpartition(":")[2]


def tell(said: Answer) -> None:
    """Write one line to whoever started this process."""
    print(json.dumps(said, ensure_ascii=False), flush=True)


async def work(unit: Agency, inbox: Path) -> None:
    """Work until the input ends or SIGTERM comes."""
    lines = asyncio.StreamReader(limit=1_048_576)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    loop.add_signal_handler(signal.SIGTERM, lines.feed_eof)
    async with Hub(unit.hub.url, unit) as hub:
        await hub.directory()
        desk = Desk(hub, inbox)
        receiving = asyncio.create_task(desk.receive())
        reading = asyncio.create_task(_serve(desk, lines))
        tell({"event": "ready"})
        await asyncio.wait({receiving, reading}, return_when=asyncio.FIRST_COMPLETED)
        for task in (receiving, reading):
            if task.done():
                task.result()
            task.cancel()


async def _serve(desk: Desk, lines: asyncio.StreamReader) -> None:
    while line := await lines.readline():
        request = json.loads(line)
        tell({"re": request["id"], **await desk.do(request)})


def main(folder: Path, inbox: Path) -> None:
    """Sit down at the desk of a unit."""
    inbox.mkdir(mode=0o700)
    asyncio.run(work(Agency.load(folder), inbox))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
