"""What is looked at on every page: the rules of axe, the window's width, what is touched, other ways of writing.

The pseudo-languages are made in the browser, of what the page says: so they hold for every text, the
members' own too, and no catalogue has to know them.
"""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = Axe().axe_script
OPTIONS = {"resultTypes": ["violations"], "runOnly": WCAG}
GRAVE = {"serious", "critical"}

# Stops that last for half of a text, as German or Finnish would need them.
LONGER = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walk.nextNode()) texts.push(walk.currentNode);
  for (const text of texts) {
    const said = text.data.trim();
    if (!said || text.parentElement.closest("script, style, textarea")) continue;
    text.data = `${text.data} ${said.slice(0, Math.ceil(said.length / 2))}`;
  }
  for (const option of document.querySelectorAll("input[placeholder]")) option.placeholder += option.placeholder;
}"""
MIRRORED = "() => { document.documentElement.dir = 'rtl'; }"
# What sticks out, with the first few that do.
OUTSIDE = """() => {
  const root = document.documentElement;
  const by = root.scrollWidth - root.clientWidth;
  if (by <= 0) return null;
  const out = [...document.querySelectorAll("body *")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width && (box.right > root.clientWidth + 1 || box.left < -1);
  });
  return `${by} px: ` + out.slice(-3).map((one) => `${one.tagName}.${one.className}`).join(" ");
}"""
# What can be touched and is smaller than 44 px. A link in a sentence is as high as its line (WCAG 2.5.8); a box
# is touched by its label, a card by the link that covers it.
SMALL = """() => {
  const least = 43.5;
  const inSentence = (one) => getComputedStyle(one).display === "inline" &&
    [...one.parentElement.childNodes].some((node) => node.nodeType === 3 && node.data.trim().length > 1);
  const unseen = "[hidden], .vh, .skip, .prose, dialog:not([open]), details:not([open]) > :not(summary)";
  return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((one) => {
      if (one.closest(unseen) || inSentence(one)) return false;
      if (one.tabIndex < 0 && one.getAttribute("aria-hidden") === "true") return false;
      const cover = getComputedStyle(one, "::after");
      if (cover.content !== "none" && cover.position === "absolute") return false;
      const boxes = [one, ...(one.labels ?? [])].map((each) => each.getBoundingClientRect());
      const size = (side) => Math.max(...boxes.map((box) => box[side]));
      // A short word is as wide as it is.
      const narrow = one.tagName === "A" && one.textContent.trim() ? 15 : least;
      return boxes[0].width > 0 && (size("height") < least || size("width") < narrow);
    })
    .map((one) => `${one.tagName.toLowerCase()}.${one.className} in .${one.parentElement.className}`);
}"""


def small(page: Page) -> list[str]:
    """What a finger misses."""
    return [f"too small to touch: {one}" for one in sorted(set(page.evaluate(SMALL)))]


def faults(page: Page, **options: object) -> list[str]:
    """What axe calls serious or worse, and whatever makes the page wider than its window."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("options => axe.run(document, options)", OPTIONS | options)["violations"]
    wide = page.evaluate(OUTSIDE)
    said = [
        f"{page.url}: {one['id']} ({one['impact']}): {node['html'][:160]}"
        for one in found
        if one["impact"] in GRAVE
        for node in one["nodes"][:3]
    ]
    return [*said, f"{page.url}: wider than the window by {wide}"] if wide else said


def pushed_out(page: Page) -> list[str]:
    """What leaves the window when the page is mirrored, and with texts half again as long. It stays like that."""
    found = []
    for name, change in (("mirrored", MIRRORED), ("longer and mirrored", LONGER)):
        page.evaluate(change)
        if said := page.evaluate(OUTSIDE):
            found.append(f"{name}, wider than the window by {said}")
    return found
