# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How do we prove it? One append-only tree per hub, in the formats of C2SP and RFC 6962.

``log`` appends and is imported by the lines alone; ``verify`` is the auditor's program and imports
nothing from here.
"""
