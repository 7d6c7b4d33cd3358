// The menu of a message. On a phone it is a sheet at the bottom (by style alone); elsewhere it stands beside
// its button, wherever there is room in the window: the log, which scrolls, would cut it off.
const GAP = 6;

export function startMenus(section) {
  // `toggle` does not bubble.
  section.addEventListener("toggle", (event) => event.target.matches?.(".bubble-menu") && opened(event.target), true);
  section.addEventListener("click", (event) => {
    for (const menu of open(section)) {
      if (!menu.contains(event.target) || event.target.closest(".menu-sheet a, .menu-sheet button")) menu.open = false;
    }
  });
  section.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open(section)) {
      menu.open = false;
      menu.querySelector("summary").focus();
      event.stopPropagation();
    }
  });
  const shut = () => {
    for (const menu of open(section)) menu.open = false;
  };
  section.querySelector("[data-log]").addEventListener("scroll", shut, { passive: true });
  addEventListener("resize", shut);
}

function open(section) {
  return section.querySelectorAll(".bubble-menu[open]");
}

function opened(menu) {
  if (!menu.open) return;
  const sheet = menu.querySelector(".menu-sheet");
  // The sheet of a phone has its place already.
  if (getComputedStyle(sheet).position === "fixed" && !sheet.classList.contains("placed")) return;
  sheet.classList.add("placed");
  const place = placeOf(menu.querySelector("summary").getBoundingClientRect(), sheet.getBoundingClientRect(), {
    width: document.documentElement.clientWidth,
    height: innerHeight,
    rtl: document.documentElement.dir === "rtl",
    mine: Boolean(menu.closest(".mine")),
  });
  sheet.style.left = `${place.left}px`;
  sheet.style.top = `${place.top}px`;
}

// Above the button, else below it, never outside of the window.
export function placeOf(button, sheet, { width, height, rtl, mine }) {
  const above = button.top - sheet.height - GAP;
  const below = button.bottom + GAP;
  const top = above >= GAP ? above : Math.max(GAP, Math.min(below, height - sheet.height - GAP));
  const left = mine === rtl ? button.left : button.right - sheet.width;
  return { top, left: Math.max(GAP, Math.min(left, width - sheet.width - GAP)) };
}
