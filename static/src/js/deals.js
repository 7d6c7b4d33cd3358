// A page of an offer or an order is drawn anew when the other side has done something.
import { ask } from "./session.js";

export function startDeals(socket) {
  for (const name of ["offer:changed", "order:changed"]) socket.on(name, (hint) => renew(hint.id));
}

async function renew(id) {
  const old = document.querySelector(`article[data-deal="${CSS.escape(id)}"]`);
  // Whoever is typing an answer goes on; what is out of date then is refused with words.
  if (!old || busy(old)) return;
  const answer = await ask(location.pathname).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector(`article[data-deal="${CSS.escape(id)}"]`);
  if (fresh && !busy(old)) old.replaceWith(document.importNode(fresh, true));
}

export function busy(place) {
  const fields = place.querySelectorAll("input:not([type=hidden]), textarea");
  return (
    place.contains(document.activeElement?.closest?.("form") ?? null) ||
    [...fields].some((field) => field.value !== field.defaultValue)
  );
}
