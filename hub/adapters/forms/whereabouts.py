# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where is a child now? Last seen there, staying there, placed there; failing that, at home."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from hub.adapters.forms.labelled import Value

NOT_SAID: Final = "dazu ist nichts gesagt"
HIDDEN: Final = "steht in einem Teil, der hier nicht gezeigt wird"
_WHERE: Final = ("angabe", "bis")
_ADDRESS: Final = (("strasse", "hausnummer"), ("zusatz",), ("postleitzahl", "ort"), ("ortsteil",))


@dataclass(frozen=True)
class Seen:
    """What whoever looks may see of a content, and where there is more."""

    found: Mapping[str, Value]
    hidden: Collection[str]
    """Pointers of what was withheld."""


def whereabouts(seen: Seen, pointer: str, beside: str) -> str:
    """Return where a child is now; failing that, the address that was given."""
    last = [seen.found.get(f"/zuletzt/{name}") for name in ("ort", "zeitpunkt")]
    if any(last):
        return f"Vermisst; zuletzt gesehen: {', '.join(each.text for each in last if each)}"
    places = dict.fromkeys((pointer, beside))
    said = (_staying(seen, place) for place in places)
    homes = (_address(seen.found, place) for place in places)
    home = next(filter(None, homes), "")
    return next(filter(None, (*said, _placed(seen))), f"Anschrift: {home}" if home else NOT_SAID)


def _staying(seen: Seen, place: str) -> str:
    found = seen.found
    if f"{place}/aufenthalt" in seen.hidden:
        return HIDDEN
    kind = found.get(f"{place}/aufenthalt/art")
    if kind is None:
        return ""
    more = [found.get(f"{place}/aufenthalt/{name}") for name in _WHERE]
    told = [f"{'bis ' if e.label.endswith('bis') else ''}{e.text}" for e in more if e]
    home = _address(found, place) if kind.raw == "zuhause" else ""
    return "; ".join(filter(None, (kind.text, *told, home)))


def _placed(seen: Seen) -> str:
    """Return where a child taken into custody is, for whoever may know."""
    if "/unterbringung" in seen.hidden:
        return HIDDEN
    at = seen.found.get("/unterbringung/bei")
    address = _address(seen.found, "/unterbringung")
    return "; ".join(filter(None, (at.text if at else "", address)))


def _address(found: Mapping[str, Value], place: str) -> str:
    def row(names: tuple[str, ...]) -> str:
        parts = (found.get(f"{place}/anschrift/{name}") for name in names)
        return " ".join(each.text for each in parts if each)

    return ", ".join(filter(None, map(row, _ADDRESS)))
