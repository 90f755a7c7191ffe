"""How long who guesses must wait."""

from datetime import timedelta

import pytest

from erp.kernel.rights.throttle import keys_of, network_of, wait_after


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 1), (6, 2), (8, 8), (14, 512), (15, 900), (400, 900)]
)
def test_the_wait_doubles_and_never_becomes_a_lock(failures: int, seconds: int):
    assert wait_after(failures, 5) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("address", "network"),
    [("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3::9", "2001:db8:1:2::/64"), ("", "unknown"), ("unix:", "unknown")],
)
def test_a_network_is_one_address_or_a_64(address: str, network: str):
    assert network_of(address) == network


def test_counters_do_not_keep_names():
    assert b"ada" not in b"".join(keys_of("ada", "192.0.2.7").values())
    assert keys_of("ada", "192.0.2.7")["network"] == keys_of("ben", "192.0.2.7")["network"]
