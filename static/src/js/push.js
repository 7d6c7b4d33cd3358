// The service worker, and alerts on this device.
import { whenIdle } from "./idle.js";
import { ask } from "./session.js";

// Without a network nothing is said: the next visit asks again, and a push to a browser that is gone ends by itself.
const unheard = () => undefined;

export function startPush() {
  if (!("serviceWorker" in navigator)) return;
  // The worker fetches all built files: not before the page has what it shows.
  if (document.readyState === "complete") whenIdle(register);
  else addEventListener("load", () => whenIdle(register), { once: true });
}

function register() {
  navigator.serviceWorker
    .register("/sw.js", { scope: "/", updateViaCache: "none" })
    .then((registration) => {
      // A page that stays open for days asks now and then whether there is something newer.
      document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "visible") registration.update().catch(unheard);
      });
      return "pushManager" in registration ? alerts(registration) : undefined;
    })
    .catch(() => {
      // Without a secure context, or in private windows: the page works without.
    });
}

async function alerts(registration) {
  const panel = document.querySelector("[data-push]");
  const signedIn = Boolean(document.body.dataset.viewer);
  const mine = await registration.pushManager.getSubscription();
  // Whoever signed out here is not alerted here; the next one is asked anew.
  if (mine && !signedIn) return void (await mine.unsubscribe());
  if (panel) show(panel, registration, mine);
}

function show(panel, registration, subscription) {
  const on = panel.querySelector("[data-push-on]");
  const off = panel.querySelector("[data-push-off]");
  panel.hidden = false;
  document.querySelector("[data-push-none]").hidden = true;
  draw(panel, subscription);
  on.addEventListener("click", async () => {
    on.disabled = true;
    try {
      if ((await Notification.requestPermission()) !== "granted") return draw(panel, null);
      const key = bytes(panel.dataset.push);
      const made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
      await send("", made.toJSON());
      location.reload();
    } catch {
      draw(panel, null, "failed");
    } finally {
      on.disabled = false;
    }
  });
  off.addEventListener("click", async () => {
    const now = await registration.pushManager.getSubscription();
    if (now) {
      await send("/gone", { endpoint: now.endpoint }).catch(unheard);
      await now.unsubscribe();
    }
    location.reload();
  });
  if (subscription) restore(panel, subscription);
}

// The server may have forgotten a browser that is still willing, after a restored backup say.
async function restore(panel, subscription) {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(subscription.endpoint));
  const digest = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (!panel.dataset.devices.split(" ").includes(digest)) await send("", subscription.toJSON()).catch(unheard);
}

function draw(panel, subscription, state) {
  const denied = Notification.permission === "denied";
  const name = state ?? (subscription ? "on" : denied ? "denied" : "off");
  panel.querySelector("[data-push-state]").textContent = panel.querySelector(`[data-say-${name}]`).textContent;
  panel.querySelector("[data-push-on]").hidden = Boolean(subscription) || denied;
  panel.querySelector("[data-push-off]").hidden = !subscription;
}

async function send(path, body) {
  const response = await ask(`/settings/notifications/devices${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(String(response.status));
}

function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}
