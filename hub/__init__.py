# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The intermunicipal hub for notifications about children in danger.

Six parts, each the answer to one question:

* Who said it? ``hub.trust``
* May it be said? ``hub.protocols``
* Who must hear it? ``hub.directory``
* How does it get there? ``hub.mailbox`` at the hub, ``hub.adapters`` at the agency
* What do we keep? ``hub.store``
* How do we prove it? ``hub.audit``

Beneath them the nouns (``hub.model``), what may be said (``hub.schemas``), what can go wrong
(``hub.errors``) and the sealed format (``hub.sealing``). Above them the lines, the only places
where parts meet. An import points down, never up.
"""
