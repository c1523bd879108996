# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Run by Alembic, on the connection that ``hub.store.schema`` hands in."""

from alembic import context
from sqlmodel import SQLModel

# What is not imported is not among the tables that the code means.
import hub.store.agreement_tables
import hub.store.connector_heads
import hub.store.duty_tables
import hub.store.emergencies
import hub.store.hold_tables
import hub.store.incidents
import hub.store.network_tables
import hub.store.people_tables
import hub.store.reconciliations  # noqa: F401

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=False,
    transactional_ddl=True,
)
context.run_migrations()
