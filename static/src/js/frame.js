// Theme switch, the sheet that explains a trail, closing menus, relative times.
import { whenIdle } from "./idle.js";
import { composing } from "./keys.js";
import { ask } from "./session.js";
import { exactTime, keepZone } from "./times.js";

export function startFrame() {
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !composing(event)) closeMenus(null);
  });
  document.addEventListener("submit", askFirst, true);
  // A request of htmx that failed leaves the page as it was: say so, or nothing seems to have happened.
  for (const trouble of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(trouble, showTrouble);
  }
  // What is seen only by who waits for it is made when nobody waits.
  whenIdle(keepZone);
  whenIdle(() => titles(document.body));
  for (const tabs of document.querySelectorAll(".pagetabs")) showTabs(tabs);
  setInterval(refreshTimes, 30_000);
  // A part of a page that comes later, whoever has drawn it, is read by the same reader.
  new MutationObserver((changes) => {
    for (const part of changes.flatMap((change) => [...change.addedNodes])) if (part instanceof Element) titles(part);
  }).observe(document.body, { childList: true, subtree: true });
}

// What cannot be undone says so before it happens; without JavaScript the server's page does.
function askFirst(event) {
  const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  // biome-ignore lint/suspicious/noAlert: a submit can be stopped only while it is waited for
  if (question && !confirm(question)) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}

let troubleTimer;
function showTrouble() {
  const notice = document.getElementById("trouble");
  notice.hidden = false;
  clearTimeout(troubleTimer);
  troubleTimer = setTimeout(() => {
    notice.hidden = true;
  }, 6000);
}

function onClick(event) {
  closeMenus(event.target.closest("details.menu"));
  if (event.target.closest("[data-theme-toggle]")) return toggleTheme();
  const closer = event.target.closest("[data-close]");
  if (closer) return closer.closest("dialog").close();
  if (event.target.matches("dialog.sheet")) return event.target.close();
  const trail = event.target.closest("a[data-explain]");
  if (trail && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
    event.preventDefault();
    explain(trail.href);
  }
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}

function toggleTheme() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("theme", root.dataset.theme);
}

async function explain(href) {
  const sheet = document.getElementById("explain");
  const body = document.getElementById("explain-body");
  body.textContent = "…";
  if (!sheet.open) sheet.showModal();
  try {
    const response = await ask(href);
    if (!response.ok) throw new Error(String(response.status));
    // Our own server's page, drawn by the same templates as the rest.
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const found = page.querySelector("main") ?? page.body;
    body.replaceChildren(...found.childNodes);
  } catch (trouble) {
    // Signed out: the page says so, and stays.
    if (trouble.code === "unauthenticated") sheet.close();
    else location.href = href;
  }
}

// Tabs that do not fit: the present one is in sight, and a fading edge says that there are more.
function showTabs(tabs) {
  const edges = () => {
    const gone = Math.abs(tabs.scrollLeft);
    tabs.toggleAttribute("data-before", gone > 4);
    tabs.toggleAttribute("data-after", tabs.scrollWidth - tabs.clientWidth - gone > 4);
  };
  const current = tabs.querySelector("[aria-current]");
  if (current) {
    const [here, all] = [current.getBoundingClientRect(), tabs.getBoundingClientRect()];
    tabs.scrollBy({ left: here.left + here.width / 2 - all.left - all.width / 2, behavior: "instant" });
  }
  edges();
  tabs.addEventListener("scroll", edges, { passive: true });
  new ResizeObserver(edges).observe(tabs);
}

// The server knows the zone only where it was chosen, or once a page has told it.
function titles(part) {
  if (document.documentElement.dataset.zone) return;
  const times = "time[datetime]";
  for (const time of part.matches(times) ? [part] : part.querySelectorAll(times)) time.title = exactTime(time.dateTime);
}

function refreshTimes() {
  const units = [
    ["year", 31536e3],
    ["month", 2592e3],
    ["week", 604800],
    ["day", 86400],
    ["hour", 3600],
    ["minute", 60],
  ];
  const format = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
  // What is told as a time of day stays one.
  for (const time of document.querySelectorAll("time[datetime]:not([data-clock])")) {
    const seconds = (new Date(time.dateTime) - Date.now()) / 1000;
    const unit = units.find(([, size]) => Math.abs(seconds) >= size);
    if (unit) time.textContent = format.format(Math.round(seconds / unit[1]), unit[0]);
  }
}
