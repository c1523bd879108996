# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A delivery for programs: the content as it was signed, and the facts around it.

``specs/adapters/uebergabe.schema.json`` describes the frame; the content has the schema that its
protocol and step name. Moments are ISO 8601 with offset. Nothing is translated and nothing left
out, so this is the form from which all others can be made again.
"""

import json
from typing import Any, Final

from hub.adapters.delivery import Delivery
from hub.adapters.forms.document import NAMESPACE, Document, file_name
from hub.adapters.forms.told import stamp

MEDIA_TYPE: Final = "application/json"


def as_json(delivery: Delivery) -> Document:
    """Return the delivery as one JSON object."""
    text = json.dumps(framed(delivery), ensure_ascii=False, indent=1)
    return Document(file_name(delivery.id, "json"), MEDIA_TYPE, f"{text}\n".encode())


def framed(delivery: Delivery) -> dict[str, Any]:
    """Return the facts in their order, the content last."""
    protocol, _, version = delivery.protocol.partition("/")
    return {
        "form": NAMESPACE,
        "id": delivery.id,
        "conversation": delivery.conversation,
        "position": delivery.position,
        "cause": delivery.cause,
        "protocol": protocol,
        "version": version,
        "step": delivery.step,
        "urgency": delivery.urgency,
        "sender": delivery.sender,
        "sender_name": delivery.sender_name,
        "recipient": delivery.recipient,
        "basis": delivery.basis,
        "issued": stamp(delivery.issued),
        "received": stamp(delivery.received),
        "ends": stamp(delivery.ends),
        "env": delivery.env,
        "partial": delivery.partial,
        "demo": delivery.is_demo,
        "content": delivery.content,
    }
