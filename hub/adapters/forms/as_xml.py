# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A delivery for systems that read XML: one closed, flat form for all protocols.

``specs/adapters/uebergabe.xsd`` is its schema. Each value stands with its pointer, label, kind and
the words for its code, so nobody on the other side needs our schemas or code lists.
"""

from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from hub.adapters.forms.document import NAMESPACE, Document, file_name
from hub.adapters.forms.labelled import Value, values
from hub.adapters.forms.told import Told, stamp

MEDIA_TYPE: Final = "application/xml"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'


def as_xml(told: Told) -> Document:
    """Return the delivery as one XML document; contents hold no character that XML forbids."""
    root = Element("uebergabe", {"xmlns": NAMESPACE, "fassung": "1"})
    _head(SubElement(root, "kopf"), told)
    overview = SubElement(root, "ueberblick")
    for line in told.glance:
        said = {"art": line.kind, "bezeichnung": line.label, "warnung": _bool(line.is_alarm)}
        SubElement(overview, "zeile", said).text = line.text
    inside = SubElement(root, "inhalt")
    for value in values(told.said):
        _write(inside, value)
    indent(root)
    text = f"{_HEAD}{tostring(root, encoding='unicode')}\n"
    return Document(file_name(told.delivery.id, "xml"), MEDIA_TYPE, text.encode())


def _head(part: Element, told: Told) -> None:
    delivery = told.delivery
    protocol, _, version = delivery.protocol.partition("/")
    said = {
        "kennung": delivery.id,
        "vorgang": delivery.conversation,
        "folge": str(delivery.position),
        "bezug": delivery.cause,
        "verfahren": protocol,
        "verfahrensfassung": version,
        "schritt": delivery.step,
        "titel": told.title,
        "dringlichkeit": delivery.urgency,
        "absender": delivery.sender,
        "absendername": delivery.sender_name,
        "empfaenger": delivery.recipient,
        "grundlage": told.basis,
        "unterschrieben": stamp(delivery.issued),
        "eingegangen": stamp(delivery.received),
        "endet": stamp(delivery.ends),
        "pruefsumme": delivery.env,
        "unvollstaendig": _bool(delivery.partial),
        "vorfuehrung": _bool(delivery.is_demo),
    }
    for name, text in said.items():
        if text is not None:
            SubElement(part, name).text = text


def _write(part: Element, value: Value) -> None:
    said = {"pfad": value.pointer, "bezeichnung": value.label, "art": value.kind}
    if value.kind == "schluessel":
        said |= {"liste": value.codelist, "klartext": value.text}
    if value.class_name != "main":
        said["klasse"] = value.class_name
    raw = _bool(value.raw) if isinstance(value.raw, bool) else str(value.raw)
    SubElement(part, "angabe", said).text = raw


def _bool(said: bool) -> str:
    return "true" if said else "false"
