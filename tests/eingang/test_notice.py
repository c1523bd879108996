# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The list, a message and its paper as pages: what stands there, for whom, what is entered first.

All in one module, since an office at work takes seconds to set up.
"""

import asyncio
import io
import json
import re
from functools import partial
from typing import Any, Final

import pikepdf
import pytest
from uuid_utils.compat import uuid7

from hub.adapters.connector.rows import change_row
from hub.adapters.inbox.looking import DENIED, EXPORTED, OPENED, PRINTED, SHOWN
from hub.adapters.reading.log import ReadingLog
from hub.adapters.reading.reading import Reading
from hub.client import Draft
from hub.client.drafts import Wish
from hub.errors import StorageFull
from hub.schemas import SCHEMAS
from tests.eingang.acting import a_notice
from tests.eingang.world import Inbox, Visitor, words_of
from tests.world import KREIS, RHEINBERG, SCHOOL

HIDDEN: Final = "nur für die Fachkraft, die den Vorgang übernommen hat"


class Full(ReadingLog):
    """A log whose disk is full."""

    def __init__(self) -> None:
        """Have no file: nothing can be written anyway."""

    async def note(self, reading: Reading) -> int:
        del reading
        raise StorageFull


def entrusted(inbox: Inbox) -> tuple[str, str]:
    """Have something passed on of which a part was entrusted; return its id, and that part."""
    path = SCHEMAS / "jugendamt-mitteilung/1.0.0/examples/mitteilung.valid.vollstaendig.json"
    content = json.loads(path.read_text("utf-8"))
    draft = inbox.send(
        KREIS, protocol="jugendamt-mitteilung", content=content, urgency="unverzueglich"
    )
    return draft.id, content["anvertrautes"]["text"]


def later(inbox: Inbox, first: Draft, step: str, content: dict[str, Any]) -> Draft:
    """Have the school say something more about its notice."""
    draft = asyncio.run(_later(inbox, first, step, content))
    inbox.take_in(draft)
    return draft


async def _later(inbox: Inbox, first: Draft, step: str, content: dict[str, Any]) -> Draft:
    async with inbox.world.hub(SCHOOL) as school:
        thread = await school.conversation(first.id)
        wish = Wish(
            protocol=thread.protocol, step=step, to=RHEINBERG, urgency="unverzueglich",
            content=content, thread=thread, cause=first.id,
        )  # fmt: skip
        draft = await school.compose_in(wish)
        await school.submit(draft)
    return draft


def entries(inbox: Inbox, kind: str, message: str) -> list[dict[str, Any]]:
    """Return what the log of reading has of one kind about a message."""
    log = inbox.room.reading[inbox.unit]
    return [
        each for each in log.read_now(_bodies) if each["k"] == kind and each["obj"]["id"] == message
    ]


def _bodies(connection: Any) -> list[dict[str, Any]]:
    from sqlalchemy import text  # noqa: PLC0415  for this look alone

    return [json.loads(row[0]) for row in connection.execute(text("SELECT body FROM audit_body"))]


def take_over(visitor: Visitor, message: str) -> None:
    said = {"vorgang": str(uuid7()), "rolle": "fachkraft"}
    assert visitor.post(f"mitteilung/{message}/uebernahme", **said).status_code == 303


def test_the_page_names_the_sender_and_no_child(inbox: Inbox) -> None:
    """A list may be open on a screen that others see."""
    visitor = inbox.visitor("bereitschaft")
    page = visitor.text()

    assert "2 Mitteilungen warten, 2 davon sofort" in page
    assert "Kreispolizeibehörde Wesel" in page
    assert "Frist" not in page
    assert not re.search(r"Erfunden-|-Erfunden|Musterkind", page)
    assert "(2) Was zu tun ist – Eingang" in visitor.get().text


def test_a_page_that_stays_open_asks_for_a_word_and_gets_no_more(inbox: Inbox) -> None:
    visitor = inbox.visitor("fachkraft")

    page, asked = visitor.get(), visitor.get("stand?liste=offen", accept="application/json")

    assert asked.json() == {"stand": page.headers["etag"].strip('"')}
    assert page.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(("role", "to"), [("verwalten", "leute"), ("datenschutz", "lesebuch")])
def test_whoever_reads_no_notices_goes_where_they_work(inbox: Inbox, role: str, to: str) -> None:
    answer = inbox.visitor(role).get()

    assert (answer.status_code, answer.headers["location"]) == (303, f"/eingang/{to}")


def test_whoever_is_on_duty_reads_in_the_order_in_which_they_decide(inbox: Inbox) -> None:
    page = inbox.visitor("bereitschaft").text(f"mitteilung/{inbox.sent['polizei'].id}")

    words = (
        "sofort", "Noch hat niemand Kenntnis genommen", "Zur Kenntnis genommen",
        "Musterkind-Erfunden", "6 Jahre", "Zu Hause", "Häusliche Gewalt", "Gewalt gegen Fachkräfte",
        "Beamtin-Erfunden", "0221 4710456", "Was Sie noch tun können", "Alle Angaben", "Verlauf",
        "Rechtsgrundlage der absendenden Stelle", "Inhalt wird hier gelöscht",
    )  # fmt: skip
    places = [page.index(word) for word in words]
    assert places == sorted(places)


def test_whoever_mitteilt_is_rung_with_one_touch(inbox: Inbox) -> None:
    page = inbox.visitor("bereitschaft").get(f"mitteilung/{inbox.sent['polizei'].id}").text

    assert 'href="tel:02214710456"' in page
    assert 'href="tel:110"' in page


def test_a_page_with_content_is_kept_nowhere(inbox: Inbox) -> None:
    answer = inbox.visitor("leitung").get(f"mitteilung/{inbox.sent['schule'].id}")

    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_the_log_of_reading_says_so_before_anything_is_shown(inbox: Inbox) -> None:
    name = inbox.sent["schule"].id
    before = len(entries(inbox, SHOWN, name))

    inbox.visitor("fachkraft").get(f"mitteilung/{name}")

    found = entries(inbox, SHOWN, name)
    assert len(found) == before + 1
    assert found[-1]["cls"] == ["main"]


def test_nothing_is_shown_that_could_not_be_entered(inbox: Inbox) -> None:
    """The page says what to do instead; the list, which shows no content, still works."""
    visitor, logs = inbox.visitor("bereitschaft"), inbox.room.reading
    kept = logs[inbox.unit]
    logs[inbox.unit] = Full()  # type: ignore[index]
    try:
        paths = ("", "/druck", ".pdf")
        answers = [visitor.get(f"mitteilung/{inbox.sent['polizei'].id}{each}") for each in paths]
        listed = visitor.get()
    finally:
        logs[inbox.unit] = kept  # type: ignore[index]

    for answer in answers:
        assert answer.status_code == 503
        assert "Musterkind" not in answer.text
        assert "110" in answer.text
    assert listed.status_code == 200


@pytest.mark.parametrize("role", ["verwalten", "datenschutz"])
def test_whoever_manages_or_watches_sees_no_notice_and_the_attempt_is_entered(
    inbox: Inbox, role: str
) -> None:
    name = inbox.sent["polizei"].id
    before = len(entries(inbox, DENIED, name))

    for path in ("", "/druck", ".pdf"):
        answer = inbox.visitor(role).get(f"mitteilung/{name}{path}")
        assert answer.status_code == 403
        assert "Musterkind" not in answer.text

    assert len(entries(inbox, DENIED, name)) == before + 3


def test_what_was_entrusted_is_opened_by_whoever_has_taken_over_and_nobody_else(
    inbox: Inbox,
) -> None:
    """§ 65 SGB VIII: no deputy, no one in charge, and not by the way either."""
    name, part = entrusted(inbox)
    boss, worker = inbox.visitor("leitung", "bereitschaft"), inbox.visitor("fachkraft")

    assert HIDDEN in boss.text(f"mitteilung/{name}")
    assert boss.post(f"mitteilung/{name}/anvertraut").status_code == 403
    assert entries(inbox, DENIED, name)

    take_over(worker, name)
    shut = worker.text(f"mitteilung/{name}")
    assert "Anvertrautes öffnen" in shut
    assert part not in shut
    assert not entries(inbox, OPENED, name)

    opened = worker.post(f"mitteilung/{name}/anvertraut")
    assert part in opened.text
    assert "Anvertraut (§\u00a065 SGB VIII)" in opened.text
    assert entries(inbox, OPENED, name)[-1]["why"] == "uebernommen"
    assert part not in worker.text(f"mitteilung/{name}")


def test_whoever_has_a_matter_from_somebody_else_says_why_they_open_what_was_entrusted(
    inbox: Inbox,
) -> None:
    """§ 65 Abs. 1 SGB VIII: neither taking it over nor being in charge is a ground by itself."""
    name, part = entrusted(inbox)
    first, boss = inbox.visitor("fachkraft"), inbox.visitor("leitung", "fachkraft")
    take_over(first, name)
    take_over(boss, name)

    for ground in ("", "leitung"):
        asked = boss.post(f"mitteilung/{name}/anvertraut", grund=ground)
        assert asked.status_code == 422
        assert part not in asked.text
        assert 'href="#grund"' in asked.text
    assert not entries(inbox, OPENED, name)

    opened = boss.post(f"mitteilung/{name}/anvertraut", grund="wechsel-zustaendigkeit")
    assert part in opened.text
    assert entries(inbox, OPENED, name)[-1]["why"] == "wechsel"


def test_a_correction_stands_at_its_field_and_is_entered_as_read(inbox: Inbox) -> None:
    said = {"teil": "absender", "grund": "schreibfehler", "richtig": "Neue Nummer: 0221 4710999"}
    correction = later(inbox, inbox.sent["schule"], "berichtigung", said)

    page = inbox.visitor("bereitschaft").text(f"mitteilung/{inbox.sent['schule'].id}")

    assert "Berichtigt: Angaben für Rückfragen" in page
    right = "Neue Nummer: 0221 4710999"
    assert page.index(right) < page.index("Wo jetzt"), "it stands before what it may change"
    assert page.index("Für Rückfragen") < page.rindex(right) < page.index("Früher: Ihr Name")
    assert entries(inbox, SHOWN, correction.id)


def test_what_was_taken_back_says_so_on_top(inbox: Inbox) -> None:
    content = json.loads(
        (SCHEMAS / "schule-mitteilung/1.0.0/examples/mitteilung.valid.minimal.json").read_text()
    )
    content.pop("rueckmeldung_an", None)
    first = inbox.send(SCHOOL, protocol="schule-mitteilung", content=content, urgency="sofort")
    later(inbox, first, "ruecknahme", {"grund": "falsche-person"})

    page = inbox.visitor("bereitschaft").text(f"mitteilung/{first.id}")

    assert page.index("Zurückgenommen von Erfundene Gesamtschule") < page.index("sofort")


def test_who_took_note_stands_there_for_everybody_and_the_way_on_changes(inbox: Inbox) -> None:
    name = inbox.sent["polizei"].id
    anna = inbox.visitor("bereitschaft", name="Anna Erfunden")
    done = anna.post(f"mitteilung/{name}/kenntnis", vorgang=str(uuid7()), rolle="bereitschaft")
    assert done.status_code == 303

    assert "Zur Kenntnis genommen, heute" in anna.text(done.headers["location"])
    other = inbox.visitor("fachkraft").text(f"mitteilung/{name}")
    assert "Zur Kenntnis genommen von Anna Erfunden (Bereitschaft)" in other
    assert "Noch von niemandem übernommen. " in other


def test_a_file_that_was_damaged_is_not_called_deleted(inbox: Inbox) -> None:
    """Somebody has to ask for the notice again; whoever reads „gelöscht“ would not."""
    draft = a_notice(inbox)
    file = inbox.house.spool.file(draft.id)
    file.write_bytes(file.read_bytes()[:-1])

    answer = inbox.visitor("bereitschaft").get(f"mitteilung/{draft.id}")

    assert answer.status_code == 503
    assert "beschädigt" in words_of(answer.text)
    assert "hier gelöscht" not in answer.text


def test_a_notice_whose_content_is_gone_tells_what_was_done_and_nothing_else(inbox: Inbox) -> None:
    name, _ = entrusted(inbox)
    inbox.house.spool.delete(name)
    gone = partial(change_row, message=name, has_content=False)
    inbox.house.books.write_now(gone)

    visitor = inbox.visitor("bereitschaft")

    assert "Der Inhalt ist hier gelöscht" in visitor.text(f"mitteilung/{name}")
    assert visitor.get(f"mitteilung/{name}.pdf").status_code == 410
    assert not entries(inbox, SHOWN, name)


@pytest.mark.parametrize("name", ["01a20000-0000-7000-8000-000000000000", "../../etc/passwd", "x"])
def test_what_is_not_there_is_not_found(inbox: Inbox, name: str) -> None:
    assert inbox.visitor("bereitschaft").get(f"mitteilung/{name}").status_code == 404


def test_the_file_is_for_the_archive_and_for_every_reader(inbox: Inbox) -> None:
    name = inbox.sent["polizei"].id
    answer = inbox.visitor("fachkraft").get(f"mitteilung/{name}.pdf")

    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"] == f'inline; filename="{name}.pdf"'
    with pikepdf.open(io.BytesIO(answer.content)) as opened, opened.open_metadata() as said:
        assert (said["pdfaid:part"], said["pdfaid:conformance"]) == ("3", "A")
        assert said["pdfuaid:part"] == "1"
    assert entries(inbox, EXPORTED, name)


def test_what_is_printed_says_who_printed_it_and_stands_in_the_log(inbox: Inbox) -> None:
    name = inbox.sent["schule"].id
    page = inbox.visitor("leitung", name="Leitung Erfunden").text(f"mitteilung/{name}/druck")

    assert "von Leitung Erfunden" in page
    assert "Dringlichkeit: sofort" in page
    assert "Was Sie noch tun können" not in page
    assert entries(inbox, PRINTED, name)
