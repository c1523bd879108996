# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables of a network's own affairs: its rules of procedure, who accepted them, its meetings.

§ 3 KKG obliges its members to work together in a binding way, and § 9 LKiSchG NRW gives the
network an office that coordinates it. Nothing here is about a child.
"""

from typing import ClassVar

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from hub.store.tables import NUMBER, STRICT, TEXT


class RulesVersionRow(SQLModel, table=True):
    """One version of a document that the members give themselves."""

    __tablename__ = "rules_version"
    __table_args__: ClassVar = (STRICT,)

    network: str = Field(sa_type=TEXT, primary_key=True)
    document: str = Field(sa_type=TEXT, primary_key=True)
    version: str = Field(sa_type=TEXT, primary_key=True)
    title: str = Field(sa_type=TEXT)
    published_on: str = Field(sa_type=TEXT)
    digest: str | None = Field(default=None, sa_type=TEXT)
    """Of the text, where the text is kept here."""
    content: str | None = Field(default=None, sa_type=TEXT)
    link: str | None = Field(default=None, sa_type=TEXT)
    entered_at: int = Field(sa_type=NUMBER)
    entered_by: str = Field(sa_type=TEXT, foreign_key="person.id")


class RulesAcceptanceRow(SQLModel, table=True):
    """That an organisation accepted a version, and where that is written."""

    __tablename__ = "rules_acceptance"
    __table_args__: ClassVar = (STRICT,)

    network: str = Field(sa_type=TEXT, primary_key=True)
    document: str = Field(sa_type=TEXT, primary_key=True)
    version: str = Field(sa_type=TEXT, primary_key=True)
    organisation: str = Field(sa_type=TEXT, primary_key=True)
    accepted_on: str = Field(sa_type=TEXT)
    function: str = Field(sa_type=TEXT)
    """In which function somebody accepted; never who."""
    source: str = Field(sa_type=TEXT)
    entered_at: int = Field(sa_type=NUMBER)
    entered_by: str = Field(sa_type=TEXT, foreign_key="person.id")


class MeetingRow(SQLModel, table=True):
    """A meeting or a training of the network."""

    __tablename__ = "meeting"
    __table_args__: ClassVar = (Index("meeting_network", "network", "begins_at"), STRICT)

    id: str = Field(sa_type=TEXT, primary_key=True)
    network: str = Field(sa_type=TEXT)
    title: str = Field(sa_type=TEXT)
    kind: str = Field(sa_type=TEXT)
    place: str = Field(sa_type=TEXT)
    begins_at: int = Field(sa_type=NUMBER)
    ends_at: int = Field(sa_type=NUMBER)
    invited: str = Field(sa_type=TEXT)
    """Roles, with commas between them; empty where everybody is invited."""
    sequence: int = Field(sa_type=NUMBER)
    """Number of changes (RFC 5545 § 3.8.7.4)."""
    cancelled_at: int | None = Field(default=None, sa_type=NUMBER)
    entered_at: int = Field(sa_type=NUMBER)
    entered_by: str = Field(sa_type=TEXT, foreign_key="person.id")
