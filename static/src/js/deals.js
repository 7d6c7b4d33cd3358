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
  const fields = place.querySelectorAll("input:not([type=hidden]), select, textarea");
  return place.contains(document.activeElement?.closest?.("form") ?? null) || [...fields].some(changed);
}

// A box that was ticked and a choice that was made are an answer as much as typed words are.
export function changed(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.options) {
    const options = [...field.options];
    // Without a marked option the browser shows the first.
    return (
      field.selectedIndex !==
      Math.max(
        0,
        options.findLastIndex((option) => option.defaultSelected),
      )
    );
  }
  return field.value !== field.defaultValue;
}
