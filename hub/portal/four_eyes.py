# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does a second person confirm at a house, and who hears that this has changed?"""

from typing import Final

from hub.people.acts import enter_act
from hub.people.change import Change
from hub.portal.books.people_houses import change_house, read_house

ON: Final = "vier-augen-an"
OFF: Final = "vier-augen-aus"


def set_four_eyes(change: Change, unit: str, *, four_eyes: bool) -> None:
    """Say whether a second person confirms; entered and told where that changes something."""
    house = read_house(change.connection, unit)
    if house is None or house.four_eyes == four_eyes:
        return
    change_house(change.connection, unit, four_eyes=four_eyes)
    enter_act(change, ON if four_eyes else OFF, "", unit)
