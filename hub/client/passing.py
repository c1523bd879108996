# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What of a notice may go on to the Jugendamt that is responsible?

§ 8a Abs. 6 SGB VIII: what is needed to protect the child, and no file. So facts about the child
are taken over as they came, and whatever is one's own judgement or act is left empty: a
professional fills it in, and without it nothing can be sent. What was entrusted to one's own house
(§ 65 SGB VIII) is not in a notice and does not go on by itself.
"""

from collections.abc import Mapping
from typing import Any, Final

from hub.model.json import JsonObject

PASSING_ON: Final = "jugendamt-mitteilung"
OPENING: Final = "mitteilung"
_AS_IT_CAME: Final = ("sorgeberechtigte", "hinweise")
_OF_THE_CHILD: Final = ("name", "geburt", "geschlecht", "anschrift", "aufenthalt")
_SEEN_BY_OTHERS: Final = {"eigene": "dritte"}
"""What the sender saw is, in the mouth of the Jugendamt, what somebody else has seen."""


def taken_over(content: Mapping[str, Any]) -> JsonObject:
    """Return what of a notice the notice to the responsible Jugendamt begins with.

    Who reported is not in it: the responsible Jugendamt needs the facts, and the person who
    reported has told them to nobody but the first.
    """
    said: JsonObject = {name: content[name] for name in _AS_IT_CAME if name in content}
    child = content.get("kind", {})
    said["kind"] = {name: child[name] for name in _OF_THE_CHILD if name in child}
    if seen := content.get("beobachtungen"):
        said["beobachtungen"] = [_as_heard(each) for each in seen]
    return said


def completed(content: Mapping[str, Any], own: Mapping[str, Any]) -> JsonObject:
    """Return the whole content: what is taken over, and above it what a professional says."""
    return {**taken_over(content), **own}


def _as_heard(observation: Mapping[str, Any]) -> JsonObject:
    source = observation["quelle"]
    return {**observation, "quelle": _SEEN_BY_OTHERS.get(source, source)}
