"""Which addresses may be visited."""

import pytest

from monitor.fetch.guard import why_forbidden

FORBIDDEN = """
127.0.0.1 127.8.9.10 10.0.0.1 172.16.5.4 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 0.1.2.3 224.0.0.1 240.0.0.1 255.255.255.255
192.0.2.1 198.51.100.1 203.0.113.1 198.18.0.1 192.0.0.1 192.88.99.1
::1 :: fe80::1 fe80::1%eth0 fc00::1 fd12::1 ff02::1 fec0::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b:1::a00:1
2002:7f00:1:: 2001::1 2001:db8::1 100::1 3fff::1 5f00::1
"""
PUBLIC = "8.8.8.8 93.184.216.34 1.1.1.1 2606:4700::1111 2a00:1450:4001::1 ::ffff:8.8.8.8 64:ff9b::808:808 172.15.0.1 172.32.0.1"


@pytest.mark.parametrize("address", FORBIDDEN.split())
def test_an_address_of_ones_own_network_is_forbidden(address):
    assert why_forbidden(address)


@pytest.mark.parametrize("address", PUBLIC.split())
def test_a_public_address_may_be_visited(address):
    assert why_forbidden(address) is None
