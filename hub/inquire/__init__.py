# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The line of questions: what became of my message, and can I prove it?

A sender sees the visible chain of receipts and never that anything else exists; the addressee
sees both. Whoever is party to neither gets the answer that it would get for an id nobody ever
used.
"""
