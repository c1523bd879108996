# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a notice says is on the pages of those who may read it, and nowhere else in the office.

Every leaf that takes one bears a mark of its own. Everything is opened, printed, answered and
broken once; then the log, the files, the heads of all answers and every refusal are searched.
"""

import contextlib
import io
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest
from uuid_utils.compat import uuid7

from hub.client import Draft
from tests import databases
from tests.eingang.world import Inbox, Visitor, a_world_of_offices, an_inbox
from tests.journeys.canaries import STEMS, Aviary, found_in
from tests.journeys.test_canary import everything_logged
from tests.world import KREIS, POLICE, SCHOOL

WRITTEN = f"{STEMS[0]}geschrieben"
"""What somebody at the office writes."""
SHOWN = (httpx2.codes.OK, httpx2.codes.UNPROCESSABLE_CONTENT)
"""A page with content, and a form that gives back what was written into it."""


@dataclass
class Catch:
    """Everything that came out of the inbox, by where it was found."""

    marks: list[str] = field(default_factory=list)
    pages: list[bytes] = field(default_factory=list)
    """Meant to hold content."""
    heads: list[bytes] = field(default_factory=list)
    refusals: list[bytes] = field(default_factory=list)
    statuses: set[int] = field(default_factory=set)
    logged: bytes = b""
    spoken: bytes = b""
    files: dict[str, bytes] = field(default_factory=dict)

    def note(self, answer: httpx2.Response) -> None:
        """Keep an answer as it came over the line."""
        body = answer.read()
        self.statuses.add(answer.status_code)
        self.heads.append(b"\n".join(name + b": " + value for name, value in answer.headers.raw))
        (self.pages if answer.status_code in SHOWN else self.refusals).append(body)


@pytest.fixture(scope="module")
def catch(tmp_path_factory: pytest.TempPathFactory) -> Catch:
    home, office = tmp_path_factory.mktemp("welt"), tmp_path_factory.mktemp("stelle")
    catch, spoken = Catch(), io.StringIO()
    with (
        contextlib.redirect_stdout(spoken),
        contextlib.redirect_stderr(spoken),
        databases.given_back(),
        a_world_of_offices(home) as world,
        everything_logged() as logged,
    ):
        with an_inbox(world, office) as inbox:
            aviary = Aviary(world.catalogue)
            live(inbox, aviary, catch)
            catch.marks = [*aviary.marks, WRITTEN]
        catch.logged = logged.getvalue().encode()
    catch.spoken = spoken.getvalue().encode()
    catch.files = {str(each): each.read_bytes() for each in office.rglob("*") if each.is_file()}
    return catch


def live(inbox: Inbox, aviary: Aviary, catch: Catch) -> None:
    """Take in marked notices, and do with them whatever can be done, and what cannot."""
    drafts = [
        sent(inbox, aviary, SCHOOL, "schule-mitteilung"),
        sent(inbox, aviary, POLICE, "polizei-mitteilung"),
        sent(inbox, aviary, KREIS, "jugendamt-mitteilung"),
    ]
    somebody = inbox.visitor("bereitschaft", "fachkraft", "leitung", "verwalten")
    somebody.client.event_hooks = {"response": [catch.note]}
    for draft in drafts:
        everything(somebody, draft)
    for path in ("", "zustand", "uebergabe", "konto", "leute", "stand"):
        somebody.get(path)
    somebody.get(f"mitteilung/{drafts[-1].id}.pdf")
    wrong(somebody, drafts[0])
    broken(inbox, somebody, drafts[1])


def sent(inbox: Inbox, aviary: Aviary, sender: str, protocol: str) -> Draft:
    content = aviary.content(protocol, "mitteilung")
    return inbox.send(sender, protocol=protocol, content=content, urgency="unverzueglich")


def everything(somebody: Visitor, draft: Draft) -> None:
    """Open, print and answer one notice."""
    page = f"mitteilung/{draft.id}"
    somebody.get(page)
    for act in ("uebernahme", "kenntnis"):
        somebody.post(f"{page}/{act}", vorgang=str(uuid7()))
    somebody.post(f"{page}/anvertraut", grund="uebernommen")
    for path in ("", "/druck", "/rueckfrage", "/weitergabe", "/schritt/rueckmeldung"):
        somebody.get(f"{page}{path}")
    for path in ("rueckfrage", "weitergabe", "schritt/rueckmeldung", "benennung"):
        fields = dict.fromkeys(("frage", "fragen", "text", "grund", "stelle"), WRITTEN)
        somebody.post(f"{page}/{path}", vorgang=str(uuid7()), **fields)


def wrong(somebody: Visitor, draft: Draft) -> None:
    """Ask for what is not there, and send what cannot be used."""
    somebody.get(f"mitteilung/{WRITTEN}")
    somebody.get("gibt-es-nicht", accept="application/json")
    somebody.get(f"?suche={WRITTEN}")
    somebody.post(f"mitteilung/{draft.id}/{WRITTEN}", name=WRITTEN)
    somebody.post("anmeldung/einmal", code=WRITTEN)
    somebody.client.post(f"/eingang/mitteilung/{draft.id}/kenntnis", json={"name": WRITTEN})
    somebody.client.post("/eingang/uebergabe", content=b"\xff" + WRITTEN.encode())
    somebody.client.put("/eingang", content=WRITTEN.encode())


def broken(inbox: Inbox, somebody: Visitor, draft: Draft) -> None:
    """Spoil a file of the spool, and look at the notice that lay in it."""
    file = inbox.house.spool.file(draft.id)
    file.write_bytes(file.read_bytes()[:-1])
    somebody.get(f"mitteilung/{draft.id}")


def test_content_is_on_the_pages_of_those_who_read_it(catch: Catch) -> None:
    """Otherwise nothing would be found elsewhere either."""
    assert len(found_in(b"\n".join(catch.pages), catch.marks)) > 10
    assert catch.statuses >= {200, 303, 403, 404, 405}


def test_no_log_holds_anything_of_a_notice(catch: Catch) -> None:
    assert b"request." in catch.logged
    assert found_in(catch.logged + catch.spoken, catch.marks) == []


def test_no_address_and_no_head_of_an_answer_holds_anything_of_a_notice(catch: Catch) -> None:
    assert [head for head in catch.heads if found_in(head, catch.marks)] == []


def test_no_refusal_holds_anything_of_a_notice_or_of_what_was_sent(catch: Catch) -> None:
    assert found_in(b"\n".join(catch.refusals), catch.marks) == []


def test_no_file_of_the_office_holds_anything_of_a_notice_in_the_clear(catch: Catch) -> None:
    assert any(Path(each).suffix == ".db" for each in catch.files)
    found = {name: found_in(content, catch.marks) for name, content in catch.files.items()}
    assert {name: marks for name, marks in found.items() if marks} == {}
