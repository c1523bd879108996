# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
import pytest

from hub.alert.retries import GIVEN_UP, PAUSES, REGULAR, SPREAD, again_at, is_too_late, pause

NOW = 1_795_000_000.0


@pytest.mark.parametrize(("tries", "regular"), [*enumerate(PAUSES, 1), (5, REGULAR), (99, REGULAR)])
def test_every_pause_is_about_as_long_as_it_has_to_be(tries: int, regular: int) -> None:
    pauses = [pause(f"n{number}", tries) for number in range(200)]

    assert min(pauses) >= regular * (1 - SPREAD)
    assert max(pauses) <= regular * (1 + SPREAD)
    assert max(pauses) - min(pauses) > regular * SPREAD, "all would come back at once"


def test_whoever_asks_for_more_time_gets_it_and_nobody_gets_less() -> None:
    assert again_at("n", 1, NOW, 60) == NOW + 60
    assert again_at("n", 5, NOW, 1) >= NOW + REGULAR * (1 - SPREAD)


def test_the_first_tries_are_quick() -> None:
    """A greylisting server or one that is just starting must not cost minutes."""
    at = NOW
    for tries in range(1, 4):
        at = again_at("n", tries, at, None)

    assert at - NOW < 50


def test_after_a_day_it_is_no_news_any_more() -> None:
    created = int(NOW)

    assert not is_too_late(created, 9, NOW + GIVEN_UP)
    assert is_too_late(created, 9, NOW + GIVEN_UP + 1)


def test_what_was_never_tried_is_tried_however_late_it_is() -> None:
    """The hub may have been down for a day; that is no reason to keep silent."""
    assert not is_too_late(int(NOW), 0, NOW + 10 * GIVEN_UP)
