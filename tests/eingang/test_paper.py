# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A message on paper: what stands there, what does not, and that taking it away is entered."""

import io
import json
from pathlib import Path
from typing import Any, Final

import pikepdf
import pytest

from hub.adapters.forms.as_pdf import as_pdf
from hub.adapters.inbox.looking import Looker, withholding
from hub.adapters.inbox.need import Standing
from hub.adapters.inbox.presentation import Notice, present
from hub.adapters.inbox.supplements import supplements
from hub.adapters.stand import UNIT, a_delivery
from hub.protocols.compiled import load_compiled
from hub.schemas import SCHEMAS

CATALOGUE: Final = load_compiled()
FULL: Final = "jugendamt-mitteilung/1.0.0/examples/mitteilung.valid.vollstaendig.json"


def entrusted() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(Path(SCHEMAS, FULL).read_text("utf-8"))
    return content


def paper_of(notice: Notice) -> pikepdf.Pdf:
    made = as_pdf(notice.told, tuple(supplements(notice)))
    return pikepdf.open(io.BytesIO(made.content))


def notice_of(standing: Standing, later: tuple[Any, ...] = ()) -> Notice:
    delivery = a_delivery(protocol="jugendamt-mitteilung/1.0.0", content=entrusted())
    by = Looker("somebody", standing.roles, "fachkraft")
    return present(delivery, later, CATALOGUE, UNIT, withholding(by, standing))


@pytest.mark.parametrize(
    "standing",
    [
        Standing(frozenset({"leitung"})),
        Standing(frozenset({"fachkraft"}), has_taken_over=True),
    ],
    ids=["in charge", "has taken over"],
)
def test_what_was_entrusted_stands_on_no_paper_and_in_no_file_inside(standing: Standing) -> None:
    """Paper goes from hand to hand; the JSON within says that it is not all there is."""
    part = entrusted()["anvertrautes"]["text"]
    with paper_of(notice_of(standing)) as opened:
        (attached,) = opened.attachments.values()
        inside = json.loads(attached.get_file().read_bytes())

    assert "anvertrautes" not in inside["content"]
    assert inside["partial"] is True
    assert part not in repr(notice_of(standing))


def test_what_everybody_may_see_is_all_in_the_file() -> None:
    delivery = a_delivery()
    by = Standing(frozenset({"bereitschaft"}))
    looker = Looker("somebody", by.roles, "bereitschaft")
    with paper_of(present(delivery, (), CATALOGUE, UNIT, withholding(looker, by))) as opened:
        (attached,) = opened.attachments.values()
        inside = json.loads(attached.get_file().read_bytes())

    assert inside["content"] == delivery.content
    assert inside["partial"] is False


def test_a_correction_goes_to_paper_with_what_it_corrects() -> None:
    said = {"teil": "kind", "grund": "schreibfehler", "richtig": "Erfunden-Richtig"}
    first = a_delivery(protocol="jugendamt-mitteilung/1.0.0", content=entrusted())
    later = a_delivery(
        2, protocol="jugendamt-mitteilung/1.0.0", step="berichtigung", content=said, cause=first.id
    )
    found = notice_of(Standing(frozenset({"bereitschaft"})), (later,))

    (section,) = supplements(found)

    assert section.title == "Berichtigt: Angaben zum Kind"
    assert "Erfunden-Richtig" in [row.text for row in section.rows]
    part = next(each for each in found.parts if each.title == "Das Kind")
    assert [each.told.delivery.id for each in part.corrections] == [later.id]
