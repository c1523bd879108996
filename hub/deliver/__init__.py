# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The line out: leases, and the receipts by which a message changes hands.

The hub lends a message to its addressee and takes the addressee's word for what became of it:
every change of state is a receipt that a unit signed. Silence changes nothing; a lease that ends
lets the message go to the next who asks.
"""
