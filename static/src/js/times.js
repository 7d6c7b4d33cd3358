// Exact times, as their reader's clock shows them: in the zone chosen in the settings, else the browser's.
const chosen = () => document.documentElement.dataset.zone || undefined;
// To make one takes a hundred times as long as to use it.
const formats = new Map();

export function exactTime(iso) {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "";
  return told(at, {
    year: "numeric",
    month: "long",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
  });
}

// As the server writes it: the same style of the same language.
export function clockTime(iso) {
  return told(iso, { timeStyle: "short" });
}

export function fullDate(iso) {
  return told(iso, { dateStyle: "full" });
}

// The reader's day, to compare: 2026-11-29.
export function dayKey(iso) {
  return told(iso, { year: "numeric", month: "2-digit", day: "2-digit" }, "en-CA");
}

function told(iso, how, language = document.documentElement.lang) {
  const options = { ...how, timeZone: chosen() };
  const key = JSON.stringify([language, options]);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(language, options));
  return formats.get(key).format(new Date(iso));
}

// So that the server's own pages say the same from the next one on.
export function keepZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && !document.cookie.split("; ").includes(`kin_zone=${zone}`)) {
    document.cookie = `kin_zone=${zone}; path=/; max-age=31536000; samesite=lax`;
  }
}
