# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""In which form does a target get a notice? As JSON, XML, a line of CSV, or a PDF for people.

All are made from the same delivery when they are needed, and the same delivery gives the same
bytes: a hand-over that is repeated writes nothing else than the first one.
"""
