# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
from typing import get_args

import pytest

from hub.model.notification import Occasion
from hub.notify.notice import RUNG, SHOWN, Notice, pack, trial

ID = "0193f5f0-0000-7000-8000-000000000001"
ADDRESS = "bereitschaft@asd.invalid"
GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)


def a_notice(occasion: Occasion = "waiting", urgency: str = "sofort", number: int = 1) -> Notice:
    return Notice(
        id=f"n{number}",
        occasion=occasion,
        urgency=urgency,
        message_id=ID[:-1] + str(number % 10),
        telephone="0221 4710123",
    )


def test_a_mail_says_how_many_how_urgent_and_which() -> None:
    parcel = pack(ADDRESS, [a_notice()])

    assert parcel.subject == f"1 Mitteilung, sofort, Kennung {ID}"
    assert "Bitte den Eingang öffnen." in parcel.text


def test_several_are_counted_with_those_that_are_urgent() -> None:
    parcel = pack(
        ADDRESS, [a_notice(urgency="planbar"), a_notice(number=2), a_notice(urgency="planbar")]
    )

    assert parcel.subject == "3 Mitteilungen, davon 1 sofort"
    assert parcel.short.startswith("Meldeweg: 3 Mitteilungen, davon 1 sofort.")
    assert parcel.is_urgent


def test_who_sent_something_that_nobody_saw_is_told_whom_to_ring() -> None:
    parcel = pack(ADDRESS, [a_notice("overdue")])

    assert parcel.subject.startswith("Ohne Eingangsbestätigung: 1 Mitteilung")
    assert "Bitte anrufen: 0221 4710123." in parcel.text
    assert "0221 4710123" in parcel.short
    assert "110" in parcel.short


def test_a_number_that_is_none_is_left_out() -> None:
    """What an organisation writes into its entry could be a text of its own."""
    told = Notice("n", "overdue", "sofort", ID, "Familie Erfunden, 0221 4710123")

    parcel = pack(ADDRESS, [told])

    assert "Erfunden" not in parcel.text + parcel.short
    assert "Bitte anrufen." in parcel.short


@pytest.mark.parametrize("occasion", get_args(Occasion))
@pytest.mark.parametrize("urgency", ["sofort", "unverzueglich", "planbar"])
def test_a_short_message_needs_no_more_than_two_parts(occasion: Occasion, urgency: str) -> None:
    """With a letter that the small alphabet lacks it would need twice as many."""
    short = pack(ADDRESS, [a_notice(occasion, urgency)]).short

    assert len(short) <= 2 * 153
    assert set(short) <= GSM


@pytest.mark.parametrize("occasion", get_args(Occasion))
def test_every_occasion_says_in_german_what_it_is(occasion: Occasion) -> None:
    text = pack(ADDRESS, [a_notice(occasion)]).text

    assert text.count(".") >= 4
    assert "http" not in text


def test_many_are_not_listed_one_by_one() -> None:
    text = pack(ADDRESS, [a_notice(number=number) for number in range(40)]).text

    assert text.count("Kennung") == SHOWN
    assert "und 30 weitere" in text


def test_a_short_message_holds_a_few_numbers_at_most() -> None:
    notices = [Notice(f"n{at}", "overdue", "sofort", ID, f"0221 47101{at:02}") for at in range(9)]

    assert pack(ADDRESS, notices).short.count("0221") == RUNG


def test_the_same_parcel_bears_the_same_mark() -> None:
    one, other = a_notice(number=1), a_notice(number=2)

    assert pack(ADDRESS, [one]).mark == one.id
    assert pack(ADDRESS, [one, other]).mark == pack(ADDRESS, [other, one]).mark
    assert pack(ADDRESS, [one, other]).mark != pack(ADDRESS, [one]).mark


def test_a_trial_says_that_there_is_nothing_to_do() -> None:
    assert "Es ist nichts zu tun." in trial(ADDRESS, "m").short
