# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does a browser need to show one step of a protocol as a form?

One JSON object, made from the protocol and its schema, so that a new protocol needs no page:

* ``protocol``, ``version``, ``step``, ``title``, ``question``, ``explanation``, ``purpose``,
  ``guidance``, ``opens``, ``unlinked``, ``person_only``, ``status``, ``status_text``,
  ``status_reason``, ``open_points``, ``roles_to``: what it is, in plain words, and what about it
  is not settled.
* ``schema`` (the bundled schema, from which SL1 derives all), ``schema_digest``, ``classes``.
* ``bases`` with citation, meaning, how sure we are and since when; ``basis_chosen`` where the
  person has to say which; ``basis_of`` for each role that may say it.
* ``urgencies`` with their clocks, ``information`` (what may be answered to whether those concerned
  know), ``rules``, ``readers``, ``deletion``, ``absent``, ``scanned``.
* ``pages``: each with ``id``, ``title``, ``hint``, ``optional`` and ``fields``.
* ``machine``: fields of the schema that nobody types; the browser fills them in.

A field has ``kind``, ``pointer`` (``*`` stands for the place in a list), ``name``, ``label``,
``hint``, ``required``, ``within`` (the group that may be left out as a whole), ``more`` (seldom
needed, shown on demand), ``law``, ``class``, ``fill``, ``when`` and ``needed_when`` (``{"pointer",
"in"}`` or ``{"pointer", "not_in"}``), and by its kind: ``line`` and ``paragraph`` ``min``, ``max``,
``bytes``, ``pattern``, ``chars``; ``choice`` ``choices``, ``select``; ``several`` ``choices``,
``min``, ``max``; ``yes-no``; ``confirm`` (true or nothing); ``date``; ``moment``; ``birth``
``parts``, ``min``, ``max``; ``number`` ``min``, ``max``; ``group`` ``fields``; ``list`` ``fields``
or ``item``, ``item_label``, ``min``, ``max``; ``machine`` ``fill`` (``person-key``, ``place`` or
``constant`` with its ``value``).
"""

import json
import re
from functools import lru_cache
from typing import Final, cast

from hub.errors import NotFound
from hub.forms.fields import Ground, fields_of
from hub.forms.pages import split
from hub.forms.questions import question_of
from hub.forms.standing import (
    bases_by_role,
    bases_of,
    deletion_of,
    readers_of,
    rules_of,
    urgencies_of,
)
from hub.model.json import Json, JsonObject
from hub.model.protocol import Protocol, Step
from hub.protocols.catalogue import Catalogue
from hub.protocols.identifiers import SCANNED
from hub.protocols.wording import STANDING
from hub.sealing.canonical import digest

_IN_LIST: Final = re.compile(r"/[0-9]+(?=/|$)")
_KEPT: Final = 128
"""More steps than any house can say."""


def describe(catalogue: Catalogue, protocol: Protocol, step: Step) -> JsonObject:
    """Return the form of one step."""
    schema = catalogue.schemas.by_name(step.schema_name)
    hint = str(schema.resolved.get("description", ""))
    pages, machine = split(fields_of_step(catalogue, step), step.title, hint)
    return {
        **_head(protocol, step),
        "schema": schema.plain,
        "schema_digest": schema.digest,
        "classes": list(schema.classes),
        "bases": cast("Json", bases_of(step, catalogue)),
        "basis_chosen": step.basis_chosen,
        "basis_of": bases_by_role(step),
        "urgencies": cast("Json", urgencies_of(step, protocol)),
        "information": list(step.information),
        "rules": cast("Json", rules_of(step, catalogue)),
        "readers": cast("Json", readers_of(step, protocol, schema.classes)),
        "deletion": deletion_of(step, protocol),
        "absent": list(step.absent),
        "scanned": SCANNED in step.rules,
        "pages": cast("Json", pages),
        "machine": cast("Json", machine),
    }


def fields_of_step(catalogue: Catalogue, step: Step) -> list[JsonObject]:
    """Return the fields of a step as a tree, undivided, in the order of the schema."""
    schema = catalogue.schemas.by_name(step.schema_name)
    classes = {_IN_LIST.sub("/*", leaf.pointer): leaf.class_name for leaf in schema.leaves}
    ground = Ground(str(schema.plain.get("$id", "")), tuple(step.rules), classes)
    return fields_of(schema.resolved, ground)


def _head(protocol: Protocol, step: Step) -> JsonObject:
    asked = question_of(protocol, step)
    titles = {role.id: role.title for role in protocol.roles}
    return {
        "protocol": protocol.id,
        "version": protocol.version,
        "step": step.id,
        "title": step.title,
        "question": asked.question,
        "explanation": asked.explanation,
        "purpose": protocol.purpose.strip(),
        "guidance": step.guidance.strip(),
        "opens": step.opens,
        "unlinked": protocol.unlinked,
        "person_only": step.person_only,
        "status": protocol.status,
        "status_text": STANDING[protocol.status],
        "status_reason": protocol.status_reason.strip(),
        "open_points": list(protocol.open_points),
        "roles_to": [{"id": role, "title": titles[role]} for role in step.recipient],
    }


class Forms:
    """The forms of one catalogue, each made when first asked for; a catalogue never changes."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._written = lru_cache(_KEPT)(self._write)

    def written(self, name: str, step_id: str) -> tuple[bytes, str]:
        """Return the form of a step as JSON, with its digest.

        Raises ``SchemaUnknown`` for a protocol and ``NotFound`` for a step that there is not.
        """
        return self._written(name, step_id)

    def _write(self, name: str, step_id: str) -> tuple[bytes, str]:
        protocol = self._catalogue.known(name)
        step = protocol.step(step_id)
        if step is None:
            raise NotFound
        said = describe(self._catalogue, protocol, step)
        # Not the canonical spelling: it sorts members, and leaves follow the order of the schema.
        content = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
        return content, digest(content)
