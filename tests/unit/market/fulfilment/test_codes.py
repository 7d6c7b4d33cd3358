"""What is typed or scanned at a meeting, and where a parcel can be followed."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from app.kernel.errors import Invalid
from app.kernel.ids import OrderId, new_id
from app.market.fulfilment.labels import draw_label
from app.market.fulfilment.rules import scan_path, scanned_order, tracking_url, typed_code
from app.market.fulfilment.values import CARRIERS, Label


@pytest.mark.parametrize("typed", ["123456", "123 456", " 123-456 ", "https://kin.example/orders/x/scan#123456"])
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert typed_code(typed) == "123456"


def test_a_scanned_picture_says_whose_order_it_is() -> None:
    order = OrderId(new_id())
    assert scanned_order(f"https://kin.example{scan_path(order)}#123456") == order
    assert scanned_order("123456") is None


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("number", ["JD 01/2", "../../evil?x=1#y", "@evil.example", "{number}", "線"])
def test_a_tracking_link_never_leaves_the_carrier(carrier: str, number: str) -> None:
    plain = tracking_url(carrier, "JD01")
    link = tracking_url(carrier.lower(), number)
    assert plain is not None
    assert link is not None
    assert urlsplit(link)[:2] == urlsplit(plain)[:2]
    assert urlsplit(link).scheme == "https"
    assert number not in link


def test_an_unknown_carrier_has_no_link() -> None:
    assert tracking_url("Bo’s bicycle", "1") is None
    assert tracking_url("DHL", "") is None


def _label(to: str, address: str) -> Label:
    return Label(sender="Bo", to=to, address=address, order="Order 1", from_word="From", to_word="To")


@pytest.mark.parametrize(
    ("to", "address"),
    [
        ("Ana Čapek", "Storgatan 1\n223 50 Lund"),
        ("Ιωάννα", "Οδός Ερμού 15\nАлма-Ата"),
        ("ليلى", "شارع النيل ١٢\nالقاهرة"),
        ("W" * 60, "\n".join(["Very long street " * 5] * 6)),
    ],
)
def test_a_label_holds_the_address_on_one_page(to: str, address: str) -> None:
    drawn = draw_label(_label(to, address))
    assert drawn.startswith(b"%PDF-")
    assert b"/Count 1" in drawn


def test_letters_that_cant_be_printed_are_named_and_refused() -> None:
    with pytest.raises(Invalid) as refused:
        draw_label(_label("林美", "Storgatan 1"))
    assert refused.value.error_code == "label_letters"
    assert "林" in refused.value.message
