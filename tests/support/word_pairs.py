"""What a title says and what somebody types: pairs that must find each other, and pairs that must not."""

from __future__ import annotations

from typing import Final

FINDS: Final = [
    # Arabic vowel signs, tatweel, alef, yeh and keheh
    *[("مُحَمَّد", "محمد"), ("محمد", "مُحَمَّد"), ("كتـــاب", "كتاب")],
    *[("أحمد", "احمد"), ("إبراهيم", "ابراهيم")],
    *[("آلة", "اله"), ("مستشفى", "مستشفي"), ("علی", "علي"), ("کتاب", "كتاب"), ("می‌خواهم", "میخواهم")],
    # Hebrew points, kana, Greek, Cyrillic, Latin, what is not seen
    *[("שָׁלוֹם", "שלום"), ("ラーメン", "らーめん"), ("ﾗｰﾒﾝ", "ラーメン")],
    *[("Λάμπα", "λαμπα"), ("Ёлка", "елка")],
    *[("Smørrebrød", "smorrebrod"), ("Straße", "strasse")],
    *[("Łódź", "lodz"), ("soft\u00adhyphen", "softhyphen")],
    # digits of any script
    *[("١٢ فولت", "12"), ("१२ वोल्ट", "12"), ("۱۲ ولت", "١٢"), ("Ｎｏ．１２", "12")],
    # letters that touch digits
    *[("iPhone13", "iphone 13"), ("iPhone 13", "iphone13"), ("Lamp 12 v", "12v"), ("Lamp 12v", "12 v")],
    *[("iPhone13Pro", "iphone 13 pro"), ("iPhone 13 Pro", "iphone13pro")],
    *[("PlayStation5", "playstation 5"), ("mp 3", "mp3")],
    # traditional and simplified
    *[("茶壺", "茶壶"), ("茶壶", "茶壺"), ("電腦桌", "电脑"), ("舊書桌", "旧书桌")],
    *[("臺灣", "台湾"), ("裏面", "里面"), ("裡面", "裏面")],
    # stems
    *[("lamps", "lamp"), ("Lamp", "lamps"), ("berries", "berry")],
    *[("A berry", "berries"), ("bicycles", "bicycle")],
    *[("knitting", "knit"), ("cars for sale", "car sale"), ("книги", "книга")],
    *[("Книга", "книги"), ("Fahrradlampe", "lampe")],
]
SLIPS: Final = [
    ("Kettle", "kettel"),
    ("Bicycle", "bycicle"),
    ("Moccamaster", "mocamaster"),
    ("Lamp", "lmap"),
    ("Chair", "chiar"),
]
DOES_NOT_FIND: Final = [
    *[("iPhone 12", "iphone13"), ("iPhone12", "iphone 13"), ("v12 engine", "12v")],
    *[("Lamp 12v", "v12"), ("13 mini", "iphone13")],
    *[("茶壺", "茶杯"), ("مكتب", "كتاب"), ("care", "car wash")],
    *[("sale", "salt"), ("card", "cars here"), ("book", "boot")],
    *[("kettle", "settle"), ("wine", "win it"), ("שלום", "שלוח"), ("12", "21"), ("hat", "hate")],
]
