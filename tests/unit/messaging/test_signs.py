"""Signs of fraud: what must be seen, and ordinary words in which nothing is."""

from __future__ import annotations

import time

import pytest

from app.messaging.fraud_signals import phrases
from app.messaging.fraud_signals.rules import judge, read
from app.messaging.fraud_signals.values import HOLD_STRANGER, WEIGHTS, FraudSignal

OWN = frozenset({"kin.example", "127.0.0.1", "localhost"})


def seen(text: str) -> set[str]:
    return {sign.value for sign in read(text, OWN)}


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Look at https://example.org/lamp", "link"),
        ("see www.example.org", "link"),
        ("my-shop.com has it", "link"),
        ("https://bit.ly/3xYz", "short_link"),
        ("http://paypa1.com/login", "lookalike"),
        ("https://раураl.com", "lookalike"),
        ("http://xn--pypal-4ve.com", "lookalike"),
        ("https://paypal.com.secure-login.ru/", "lookalike"),
        ("https://paypall.com/", "lookalike"),
        ("https://klarna-betalning.se/x", "lookalike"),
        ("http://kln.example/market", "lookalike"),
        ("[paypal.com](https://evil.example/x)", "disguised"),
        ("Please pay by bank transfer", "pay_outside"),
        ("Send me the money first", "pay_outside"),
        ("Nur Vorkasse, per Überweisung", "pay_outside"),
        ("Swisha mig först", "pay_outside"),
        ("virement bancaire uniquement", "pay_outside"),
        ("przelew bankowy z góry", "pay_outside"),
        ("请先转账，我再发货", "pay_outside"),
        ("I take Western Union only", "untraceable"),
        ("buy two steam cards", "untraceable"),
        ("pay me in bitcoin", "untraceable"),
        ("Köp ett presentkort och skicka mig en kod", "untraceable"),
        ("What is the verification code?", "secret"),
        ("Send me your card number", "secret"),
        ("Wie lautet Ihr Passwort?", "secret"),
        ("把验证码发给我", "secret"),
        ("Write me on WhatsApp", "elsewhere"),
        ("Call +46 70 123 45 67", "phone"),
        ("Ring 070-123 45 67", "phone"),
        ("DE89 3704 0044 0532 0130 00", "account"),
        ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "account"),
        ("your pаypаl account", "mixed_letters"),
    ],
)
def test_what_must_be_seen(text: str, sign: str) -> None:
    assert sign in seen(text)


@pytest.mark.parametrize(
    "text",
    [
        "Hi, is the lamp still there?",
        "Thursday at 18.30? Or between 10:00 and 12:00.",
        "See you at 8.to be sure, ring the bell.",
        "It cost 1 200 000 kr new, I ask 12.500.",
        "ISBN 978-3-16-148410-0, third edition",
        "Order number 2026112200013",
        "https://kin.example/market/01m811vvxe0vbs3ak31rdw8zr7",
        "http://127.0.0.1:8000/items/01m811vvxe0vbs3ak31rdw8zr7",
        "The transfer of the flat is done, the bank holds it.",
        "I can pay in advance of Christmas? No: when I fetch it.".replace("pay in advance", "pay ahead"),
        "My telegraph pole, my gift for you, my card is a birthday card.",
        "Привет, лампа ещё есть? Сколько стоит?",
        "Η λάμπα είναι ακόμα εκεί;",
        "你好，这盏灯还在吗？周四下午可以来看吗？",
        "مرحبا، هل المصباح ما زال متاحا؟",
        "नमस्ते, क्या यह अभी भी उपलब्ध है?",
        "Der Größe nach: 42 × 30 × 12 cm, 3.5 kg.",
        "My e-mail is ana@example.org",
        "Danke! 🙏👍🏽 Bis morgen",
        "iPhone 12, 128 GB, IMEI ends with 4711",
        "The code for the door is 4711",
        "I paid 40 € for it in 2019.",
        "",
    ],
)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert seen(text) == set()


def test_real_shops_are_links_and_no_more() -> None:
    for address in (
        "https://amazon.de/x",
        "https://www.vinted.fr/items/3",
        "https://www.dhl.de/track",
        "https://paypal.com/",
    ):
        assert seen(address) == {"link"}, address


def test_weights_and_threshold() -> None:
    phish = read("Log in to confirm: http://paypa1.com/ and send a steam card", OWN)
    assert judge(phish, stranger=True).hold
    assert not judge(read("https://example.org, call +46 70 123 45 67", OWN), stranger=True).hold
    # From somebody one trusts a link and a number are nothing to warn of.
    friend = judge(read("https://example.org, call +46 70 123 45 67", OWN), stranger=False)
    assert (friend.signs, friend.score, friend.hold) == ((), 0, False)
    assert set(WEIGHTS) == set(FraudSignal)
    assert all(trusted <= stranger < HOLD_STRANGER for stranger, trusted in WEIGHTS.values())


def test_the_phrases_are_folded_and_each_is_found() -> None:
    for lines, sign in (
        (phrases.UNTRACEABLE, "untraceable"),
        (phrases.PAY_OUTSIDE, "pay_outside"),
        (phrases.SECRET, "secret"),
        (phrases.ELSEWHERE, "elsewhere"),
    ):
        for phrase in lines.strip().split("\n"):
            assert sign in seen(f"x {phrase.replace('*', 'y')} z"), phrase


HEAPS = [("a.", 2000), ("1 2-3(", 600), ("[", 2000), ("](", 900), ("www.", 900), ("٠", 4000), ("/m/", 1300)]


def cpu_of(text: str) -> float:
    """The least of three, so that a pause of the machine is not counted."""
    found = []
    for _again in range(3):
        start = time.process_time()
        read(text, OWN)
        found.append(time.process_time() - start)
    return min(found)


@pytest.mark.parametrize(("part", "count"), HEAPS)
def test_long_and_odd_texts_take_no_time(part: str, count: int) -> None:
    once, eightfold = cpu_of(part * count), cpu_of(part * count * 8)
    assert once < 0.5, "the longest message"
    # What is read again for each letter takes 64 times as long.
    assert eightfold < 24 * max(once, 0.001)


@pytest.mark.parametrize(("part", "count"), HEAPS)
def test_signs_are_seen_at_the_end_of_a_heap_too(part: str, count: int) -> None:
    assert read(f"{part * count} steam card", OWN) >= read("steam card", OWN) > frozenset()
