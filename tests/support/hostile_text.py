"""Texts that try to break pages: markup that runs, and letters that mislead or overflow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from itertools import product

_CALL = "window.pwned=1"
_TAGS = ("img", "svg", "video", "audio", "body", "iframe", "details", "input", "marquee", "object", "a", "math")
_HANDLERS = ("onerror", "onload", "onfocus", "onmouseover", "ontoggle", "onstart", "onclick", "onanimationend")
_SPACES = (" ", "/", "\t", "\n", "\x0c")
_SCHEMES = (
    "javascript:",
    "JaVaScRiPt:",
    "java\tscript:",
    "java\nscript:",
    " javascript:",
    "\x01javascript:",
    "javascript&colon;",
    "&#106;avascript:",
    "&#x6A;avascript:",
    "vbscript:",
    "data:text/html,<script>",
    "data:image/svg+xml;base64,PHN2Zz4=",
    "//evil.example/",
    "\\\\evil.example\\",
    "https:evil.example",
)
_WHOLE = (
    f"<script>{_CALL}</script>",
    f"<ScRiPt>{_CALL}</sCrIpT>",
    f"<scr<script>ipt>{_CALL}</scr</script>ipt>",
    f"</title><script>{_CALL}</script>",
    f"</textarea><script>{_CALL}</script>",
    f"--><script>{_CALL}</script>",
    f"]]><script>{_CALL}</script>",
    f"'\"><script>{_CALL}</script>",
    f"`><script>{_CALL}</script>",
    f"<script\x00>{_CALL}</script>",
    f"<script src=data:,{_CALL}></script>",
    f"<svg><script>{_CALL}</script></svg>",
    f"<svg><animate onbegin={_CALL} attributeName=x dur=1s>",
    f"<svg><a><text>x</text><set attributeName=href to=javascript:{_CALL}></a></svg>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={_CALL}>",
    f"<noscript><p title='</noscript><img src=x onerror={_CALL}>'>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<form action=//evil.example><button>go</button></form>",
    "<template><script>1</script></template>",
    "<embed src=//evil.example/x.swf>",
    "<div style='background:url(javascript:1)'>x</div>",
    "<div hx-get='/logout?pwned' hx-trigger='load'>x</div>",
    f"<div x-data x-init='{_CALL}'>x</div>",
    "{{ config }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "${7*7}",
    "%s%n%x%d",
)


def scripts() -> list[str]:
    """More than 223 ways to bring a script into a page."""
    found = [f"<{tag}{space}{handler}={_CALL} src=x>" for tag, handler, space in product(_TAGS, _HANDLERS, _SPACES[:2])]
    found += [f"<img{space}src=x{space}onerror={_CALL}>" for space in _SPACES]
    found += [f'<a href="{scheme}{_CALL}">x</a>' for scheme in _SCHEMES]
    found += [f"[x]({scheme}{_CALL})" for scheme in _SCHEMES]
    found += [f"![x]({scheme}{_CALL})" for scheme in _SCHEMES]
    found += [f"<{scheme}{_CALL}>" for scheme in _SCHEMES]
    found += [f'[x]: {scheme}{_CALL} "t"\n\n[x]' for scheme in _SCHEMES[:8]]
    return found + list(_WHOLE)


NAUGHTY = (
    "undefined",
    "null",
    "NaN",
    "-1",
    "1/0",
    "0x7fffffff",
    "999999999999999999999999",
    "1,000.00",
    "true",
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "'; DROP TABLE member; --",
    "1' OR '1'='1",
    '" OR ""="',
    "*",
    "AND",
    "NEAR/3",
    'a" OR b:*',
    "%",
    "_",
    "`touch /tmp/blns.fail`",
    "$(touch /tmp/blns.fail)",
    "\x00\x01\x02\x07\x08\x1b[31mred",
    "\u202egnirts\u202c right to left",
    "\u2066isolated\u2069",
    "\ufeffbom",
    "\u200b\u200c\u200dinvisible",
    "Z" + "\u0336\u0489\u034f" * 60,
    "𝒯𝒽𝑒 𝓆𝓊𝒾𝒸𝓀 𝖇𝖗𝖔𝖜𝖓",
    "👩‍👩‍👧‍👦🏳️‍🌈🇸🇪👋🏽",
    "\U0001f468\u200d\U0001f3fb\u200d\ufe0f",
    "الكل في المجمو عة (5)",
    "שלום עולם",
    "田中さんにあげて下さい",
    "ÅÍÎÏ˝ÓÔÒÚÆ☃",
    "ﷺ﷽",
    "ᴛʜᴇ",
    "Ω≈ç√∫˜µ≤≥÷",
    "⁰⁴⁵₀₁₂",
    "¯\\_(ツ)_/¯",
    "\u0dc1\u0dca\u200d\u0dbb\u0dd3",
    "\ud7b0\ud7b1",
    "ab\rcd\r\nef\u2028gh\u2029ij\x85kl",
    "   ",
    "\t\n",
    "a" * 300,
    "http://a/%%30%30",
    "file:///etc/passwd",
    "\U000e0041\U000e0042",
    "\udcff broken half",
)

BOMBS = (
    "*" * 4000,
    "[" * 2000 + "]" * 2000,
    ">" * 2000,
    "- " * 2000,
    "`" * 3999,
    "![" * 1900,
    "\n".join("> " * n + "x" for n in range(40)),
    "**a" * 1300,
    "<" * 4000,
    "&" * 4000,
    "http://" * 570,
    "@ana " * 800,
)


def in_parcels(texts: Iterable[str], most: int) -> Iterator[str]:
    """Several texts at once, each on its own line, in as few pieces of at most `most` letters as they fit."""
    parcel = ""
    for text in texts:
        if parcel and len(parcel) + len(text) + 2 > most:
            yield parcel
            parcel = ""
        parcel = f"{parcel}\n\n{text}" if parcel else text[:most]
    if parcel:
        yield parcel


class Effects(HTMLParser):
    """What a page would do that its templates never ask for."""

    _RUNS = frozenset({"script", "iframe", "object", "embed", "base", "style", "math", "applet", "frame"})
    _LEADS = frozenset({"href", "src", "action", "formaction", "data", "poster", "xlink:href", "srcset"})

    _OUT = ("javascript", "vbscript", "data:text", "data:image/svg", "//", "\\")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        own = tag == "script" and (
            (given.get("src") or "").startswith("/static/") or given.get("type") == "application/ld+json"
        )
        if tag in self._RUNS and not own:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            plain = "".join(letter for letter in (value or "") if letter > " ").casefold()
            scripted = name == "style" or (name.startswith(("x-", "hx-")) and "pwned" in plain)
            leads_out = name in self._LEADS and plain.startswith(self._OUT)
            if name.startswith("on") or scripted or leads_out:
                self.found.append(f"<{tag} {name}={value!r}>")
        if tag == "meta" and "http-equiv" in given:
            self.found.append("<meta http-equiv>")


def effects(page: str) -> list[str]:
    """Each thing in an HTML page that texts have brought in."""
    parser = Effects()
    parser.feed(page)
    parser.close()
    return parser.found
