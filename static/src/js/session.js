// A page may be open for longer than its session: what it asks for by itself never leads away from it,
// and once somebody has signed in again, in another tab say, it goes on with a fresh token.
const TOKEN = "csrf_token";
const retried = new WeakSet();

export function startSession() {
  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = csrf();
    if (event.detail.parameters?.has?.(TOKEN)) event.detail.parameters.set(TOKEN, csrf());
  });
  // Before the notice that something failed: what can be mended here is no failure.
  document.addEventListener("htmx:responseError", (event) => {
    if (!event.detail?.xhr) return;
    const { xhr, elt } = event.detail;
    if (xhr.status === 401) {
      event.stopImmediatePropagation();
      showSignedOut();
    } else if (xhr.status === 400 && codeOf(xhr.responseText) === "token_ended" && !retried.has(elt)) {
      event.stopImmediatePropagation();
      retried.add(elt);
      refresh()
        .then((ours) => ours && again(elt))
        .finally(() => setTimeout(() => retried.delete(elt), 5000));
    }
  });
  document.addEventListener("visibilitychange", () => {
    const waiting = !notice()?.hidden || document.querySelector("[data-held]");
    if (document.visibilityState === "visible" && waiting) refresh();
  });
}

export function csrf() {
  return document.querySelector('meta[name="csrf-token"]').content;
}

// A request of the page itself. Throws `Signed out` after having said so; a token that ended is renewed once.
export async function ask(address, options = {}) {
  const send = () =>
    fetch(address, {
      ...options,
      headers: { "HX-Request": "true", "HX-Current-URL": location.href, "X-CSRFToken": csrf(), ...options.headers },
    });
  let answer = await send();
  if (answer.status === 400 && codeOf(await answer.clone().text()) === "token_ended" && (await refresh())) {
    options.body?.set?.(TOKEN, csrf());
    answer = await send();
  }
  if (answer.status === 401) {
    showSignedOut();
    throw Object.assign(new Error("signed out"), { code: "unauthenticated" });
  }
  return answer;
}

// Asks whose session this is. True when it is the one of this page, whose forms are then fresh again.
export async function refresh() {
  const answer = await fetch("/session", { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return false;
  const now = await answer.json();
  const mine = document.body.dataset.viewer;
  if (mine ? now.viewer !== mine : !now.viewer) return false;
  document.querySelector('meta[name="csrf-token"]').content = now.token;
  for (const field of document.querySelectorAll(`input[name="${TOKEN}"]`)) field.value = now.token;
  if (notice()) notice().hidden = true;
  document.dispatchEvent(new CustomEvent("kin:session"));
  return true;
}

export function showSignedOut() {
  const place = notice();
  if (!place) return;
  place.querySelector("[data-sign-in]").href = `/login?next=${encodeURIComponent(location.pathname + location.search)}`;
  place.hidden = false;
}

function notice() {
  return document.getElementById("signed-out");
}

function again(elt) {
  if (elt.requestSubmit) elt.requestSubmit();
  else elt.click();
}

function codeOf(text) {
  try {
    return JSON.parse(text).code;
  } catch {
    return undefined;
  }
}
