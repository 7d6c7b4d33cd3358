"""Which addresses lead to a machine on the public network."""

from __future__ import annotations

import ipaddress


class ForbiddenPlace(OSError):
    """The address leads into a network that is not the public one."""


def is_public(address: str) -> bool:
    """Whether an IP address, in brackets or not, is one of the public network; raises `ValueError` for none."""
    found = ipaddress.ip_address(address.strip("[]"))
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_global and not found.is_multicast
