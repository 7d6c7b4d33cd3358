// A list with filters: its fields open as a sheet on a phone, and Back finds the list as far open as it was.
const PLACE = "kin-list-place"; // address and scroll of a list that is loaded anew

export function startLists() {
  const sheet = document.querySelector("[data-filter-sheet]");
  if (!sheet) return;
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-filters]");
    if (opener) open(sheet, opener.dataset.filters);
    else if (event.target === sheet) sheet.close();
  });
  // Closed as a sheet it stands in the page again, for wider windows.
  sheet.addEventListener("close", () => sheet.setAttribute("open", ""));
  sheet.closest("form").addEventListener("submit", () => {
    if (sheet.matches(":modal")) sheet.close();
  });
  keepPlace();
}

function open(sheet, field) {
  sheet.removeAttribute("open");
  sheet.showModal();
  if (field) document.getElementById(field)?.focus();
}

// Filters change the address in place; going back to another address loads the page, at its old scroll.
function keepPlace() {
  const places = read();
  const here = () => location.pathname + location.search;
  let leaving = false;
  let timer;
  const keep = () => {
    if (leaving) return;
    places.delete(here());
    places.set(here(), scrollY);
    write(places);
  };
  addEventListener("scroll", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 150);
  });
  addEventListener("pagehide", keep);
  addEventListener("popstate", () => {
    leaving = true;
    clearTimeout(timer);
    // What the browser would bring back is the scroll of the list that was there a moment ago.
    history.scrollRestoration = "manual";
  });
  const way = performance.getEntriesByType("navigation")[0]?.type;
  const before = places.get(here());
  if (before && (way === "back_forward" || way === "reload")) bringBack(before);
  else history.scrollRestoration = "auto";
}

// The browser's own memory, of a shorter list perhaps, comes with the last picture: until then it is kept out.
function bringBack(place) {
  let moved = false;
  const go = () => moved || scrollTo(0, place);
  const done = () =>
    requestAnimationFrame(() => {
      go();
      history.scrollRestoration = "auto";
    });
  history.scrollRestoration = "manual";
  for (const hand of ["wheel", "touchstart", "keydown"]) {
    addEventListener(
      hand,
      () => {
        moved = true;
      },
      { once: true, passive: true },
    );
  }
  requestAnimationFrame(go);
  if (document.readyState === "complete") done();
  else addEventListener("load", done, { once: true });
}

function read() {
  try {
    return new Map(JSON.parse(sessionStorage.getItem(PLACE) ?? "[]"));
  } catch {
    return new Map();
  }
}

function write(places) {
  try {
    sessionStorage.setItem(PLACE, JSON.stringify([...places].slice(-20)));
  } catch {
    // Full or forbidden: the list begins at its top.
  }
}
