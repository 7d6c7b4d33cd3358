// What is left of a time, beside it: counted by the server's clock, whatever the reader's says.
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const still = matchMedia("(prefers-reduced-motion: reduce)");

// How far the server's clock is ahead. A page is some time on its way, so of several guesses the greatest is the nearest.
let ahead = null;
let waiting;

export function startCountdowns() {
  look(document);
  new MutationObserver((changes) => {
    for (const change of changes)
      for (const node of change.addedNodes) if (node.nodeType === Node.ELEMENT_NODE) look(node);
  }).observe(document.body, { childList: true, subtree: true });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && tick());
  addEventListener("pageshow", tick);
}

function look(root) {
  const found = [...root.querySelectorAll("time[data-until]")];
  if (root !== document && root.matches("time[data-until]")) found.push(root);
  for (const time of found) {
    const guess = Date.parse(time.dataset.now) - Date.now();
    if (Number.isFinite(guess)) ahead = ahead === null ? guess : Math.max(ahead, guess);
  }
  if (found.length) tick();
}

function tick() {
  clearTimeout(waiting);
  if (ahead === null) return;
  const now = Date.now() + ahead;
  let seconds = false;
  const times = document.querySelectorAll("time[data-until]");
  for (const time of times) {
    const left = Date.parse(time.dataset.until) - now;
    seconds ||= left > 0 && left < HOUR && !still.matches;
    show(time, left);
  }
  // Nothing is counted where nobody looks.
  if (times.length && document.visibilityState === "visible") waiting = setTimeout(tick, seconds ? 1000 : MINUTE);
}

// A screen reader has the time itself; what ticks is for the eye alone.
function show(time, left) {
  let place = time.nextElementSibling;
  if (!place?.matches(".time-left")) {
    place = Object.assign(document.createElement("span"), { className: "time-left" });
    place.setAttribute("aria-hidden", "true");
    time.after(place);
  }
  place.textContent = left > 0 ? `(${words(left)})` : "";
  place.classList.toggle("due", left > 0 && left < HOUR);
}

export function words(left, language = document.documentElement.lang, calm = still.matches) {
  if (left >= 2 * DAY) return parts(language, [left / DAY, "day"], [(left % DAY) / HOUR, "hour"]);
  if (left >= HOUR) return parts(language, [left / HOUR, "hour"], [(left % HOUR) / MINUTE, "minute"]);
  if (calm) return parts(language, [Math.max(1, left / MINUTE), "minute"]);
  return parts(language, [left / MINUTE, "minute"], [(left % MINUTE) / 1000, "second"]);
}

const formats = new Map();

function parts(language, ...pairs) {
  return pairs
    .map(([number, unit]) => {
      const key = `${language} ${unit}`;
      if (!formats.has(key))
        formats.set(key, new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }));
      return formats.get(key).format(Math.floor(number));
    })
    .join(" ");
}
