# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Sending from case software: a file is put down, or a local address is called.

The connector composes, checks, seals, signs and submits; what it says back is a report in German
with pointers into the order and none of its values.
"""
