// What becomes of a row after it was drawn: everything needed comes with the hint, so that a reaction or an
// edit in a room of thousands is no request of thousands of pages.
import { csrf } from "./session.js";

// What is held, let through or warned of, each reader sees in their own way: that is drawn by the server.
export function needsServer(row, message) {
  if (Boolean(message.held) !== row.classList.contains("held") || row.dataset.deleted !== undefined) return true;
  return edited(row, message) && !row.classList.contains("mine") && signsOf(message) !== (row.dataset.signs ?? "");
}

// `page`: the conversation's `id`, the reader's handle `me`, and the `words` of its language.
export function redraw(row, message, page) {
  if (row.classList.contains("system") || row.dataset.deleted !== undefined) return;
  if (edited(row, message)) drawWords(row, message, page);
  drawQuote(row, message, page);
  drawReactions(row, message, page);
}

// A row that the script has drawn: what it shows, and what comes with it.
export function complete(row, message, page) {
  row.dataset.signs = signsOf(message);
  row.dataset.edited = message.edited_at ?? "";
  if (message.edited_at) markEdited(row, message, page);
  drawReactions(row, message, page);
}

function edited(row, message) {
  return (row.dataset.edited ?? "") !== (message.edited_at ?? "");
}

function signsOf(message) {
  return (message.signs ?? []).join(" ");
}

function drawWords(row, message, page) {
  row.dataset.edited = message.edited_at ?? "";
  if (message.hidden || page.blocked?.has(message.author)) return;
  let bubble = row.querySelector(".bubble");
  if (!bubble) {
    // A photo that had no words so far.
    bubble = Object.assign(document.createElement("div"), { className: "bubble", dir: "auto" });
    row.insertBefore(bubble, row.querySelector(".bubble-photos")?.nextSibling ?? row.querySelector(".bubble-time"));
  }
  bubble.innerHTML = message.html; // cleaned by the server, in one place
  bubble.hidden = !message.html;
  for (const card of [...row.querySelectorAll(".link-card")]) {
    if (!message.html.includes(card.getAttribute("href"))) card.remove();
  }
  markEdited(row, message, page);
}

function markEdited(row, message, page) {
  const time = row.querySelector(".bubble-time");
  if (!time || time.querySelector("[data-edited-mark]")) return;
  const mark = Object.assign(document.createElement("a"), {
    className: "bubble-act",
    textContent: page.words.edited,
    href: `/messages/${page.id}/history/${encodeURIComponent(message.id)}`,
  });
  mark.dataset.editedMark = "";
  time.insertBefore(mark, time.querySelector(".seen, .bubble-menu"));
}

// What it answers may have been taken back.
function drawQuote(row, message, page) {
  const words = row.querySelector(".quote span");
  if (words && message.reply_to) words.textContent = message.reply_to.excerpt || page.words.removed;
}

function drawReactions(row, message, page) {
  const before = row.querySelector("form.reactions");
  const given = message.reactions ?? [];
  if (!given.length) {
    before?.remove();
    return;
  }
  const form = Object.assign(document.createElement("form"), {
    className: "reactions",
    method: "post",
    action: `/messages/${page.id}/react/${encodeURIComponent(message.id)}`,
  });
  form.dataset.rowForm = "";
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "csrf_token", value: csrf() }));
  for (const { emoji, members } of given) form.append(chip(emoji, members, members.includes(page.me), form));
  // Whoever stands on a sign with the keyboard stays there.
  const held = before?.contains(document.activeElement) ? document.activeElement.value : undefined;
  if (before) before.replaceWith(form);
  else row.insertBefore(form, row.querySelector(".bubble-time"));
  if (held) [...form.querySelectorAll("button")].find((one) => one.value === held)?.focus();
}

function chip(emoji, members, own, form) {
  const button = Object.assign(document.createElement("button"), {
    className: own ? "reaction own" : "reaction",
    name: "emoji",
    value: emoji,
    title: members.join(", "),
    textContent: `${emoji} ${members.length}`,
  });
  button.setAttribute("formaction", `${form.getAttribute("action") ?? form.action}?on=${own ? 0 : 1}`);
  button.setAttribute("aria-pressed", String(own));
  return button;
}
