// Exact times, as their reader's clock shows them: in the zone chosen in the settings, else the browser's.
const chosen = () => document.documentElement.dataset.zone || undefined;

export function exactTime(iso) {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "";
  return new Intl.DateTimeFormat(document.documentElement.lang, {
    year: "numeric",
    month: "long",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
    timeZone: chosen(),
  }).format(at);
}

export function clockTime(iso) {
  return new Date(iso).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", timeZone: chosen() });
}

// So that the server's own pages say the same from the next one on.
export function keepZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && !document.cookie.split("; ").includes(`kin_zone=${zone}`)) {
    document.cookie = `kin_zone=${zone}; path=/; max-age=31536000; samesite=lax`;
  }
}
