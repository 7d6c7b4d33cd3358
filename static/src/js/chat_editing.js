// A message of one's own turns into its form where it stands; the server draws the form and, once it is saved, the row.
import { keepDraft } from "./drafts.js";
import { sendsOnEnter } from "./keys.js";
import { ask } from "./session.js";

export class Editing {
  constructor(page) {
    this.page = page;
    this.log = page.log;
    this.lasts = Number(page.section.dataset.editFor) * 1000;
    this.log.addEventListener("click", (event) => {
      const link = event.target.closest("[data-edit]");
      if (link) this.begin(event, link);
      else if (event.target.closest("[data-edit-off]")) this.end(event.target.closest("form"));
    });
    this.log.addEventListener("submit", (event) => event.target.matches("[data-edit-form]") && this.save(event));
    this.log.addEventListener("keydown", (event) => event.target.closest("[data-edit-form]") && this.key(event));
    // A page that is open for days offers no edit that the server would refuse.
    this.log.addEventListener("toggle", (event) => event.target.open && this.offer(event.target), true);
  }

  // Arrow up in the empty composer.
  last() {
    const rows = [...this.log.querySelectorAll(".bubble-row.mine[data-id]")];
    const row = rows.findLast((one) => one.querySelector("[data-edit]"));
    if (!row || this.late(row) || row.querySelector("[data-edit-form]")) return false;
    this.open(row, row.querySelector("[data-edit]").href);
    return true;
  }

  begin(event, link) {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    const row = link.closest("[data-seq]");
    if (!row.querySelector("[data-edit-form]")) this.open(row, link.href);
  }

  async open(row, address) {
    try {
      const answer = await ask(address);
      if (!answer.ok) return this.trouble();
      for (const other of this.log.querySelectorAll("[data-edit-form]")) this.end(other, false);
      this.put(this.page.rows.find(row.dataset.seq), await answer.text());
    } catch (trouble) {
      this.trouble(trouble);
    }
  }

  put(row, html) {
    const form = new DOMParser().parseFromString(html, "text/html").querySelector("form");
    if (!row || !form) return;
    row.querySelector("[data-edit-form]")?.remove();
    row.insertBefore(document.importNode(form, true), row.querySelector(".bubble-time"));
    row.classList.add("editing");
    keepDraft(row.querySelector("[data-edit-form]"));
    const box = row.querySelector("[data-edit-form] textarea");
    box.focus({ preventScroll: true });
    box.setSelectionRange(box.value.length, box.value.length);
    row.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    const form = event.target.closest("form");
    if (event.key === "Escape" && !event.isComposing) {
      event.preventDefault();
      this.end(form);
    } else if (event.target.matches("textarea") && sendsOnEnter(event) && matchMedia("(pointer: fine)").matches) {
      event.preventDefault();
      form.requestSubmit();
    }
  }

  async save(event) {
    event.preventDefault();
    const form = event.target;
    const { seq } = form.closest("[data-seq]").dataset;
    if (form.dataset.busy) return;
    form.dataset.busy = "";
    try {
      const answer = await ask(form.action, { method: "POST", body: new FormData(form) });
      const html = await answer.text();
      if (answer.ok) {
        this.end(form);
        this.page.rows.replace(seq, html);
      } else if (html.includes("data-edit-form")) this.put(this.page.rows.find(seq), html);
      else this.trouble();
    } catch (trouble) {
      this.trouble(trouble);
    } finally {
      delete form.dataset.busy;
    }
  }

  end(form, back = true) {
    form.closest(".editing")?.classList.remove("editing");
    form.remove();
    // Saved or called off: not so where another message's form takes its place.
    if (back) form.dispatchEvent(new CustomEvent("kin:taken"));
    if (back) this.page.sending?.box?.focus({ preventScroll: true });
  }

  offer(menu) {
    const link = menu.querySelector("[data-edit]");
    if (link) link.hidden = this.late(menu.closest("[data-seq]"));
  }

  late(row) {
    const said = row.querySelector(".bubble-time time")?.dateTime;
    return Boolean(said) && Date.now() - new Date(said).getTime() > this.lasts;
  }

  trouble(error) {
    if (error?.code === "unauthenticated") return;
    document.dispatchEvent(new CustomEvent(error ? "htmx:sendError" : "htmx:responseError"));
  }
}

// A row that is drawn anew keeps the form that stands in it.
export function keepForm(old, fresh) {
  const form = old.querySelector("[data-edit-form]");
  if (!form || fresh.dataset.deleted !== undefined) return;
  const box = form.querySelector("textarea");
  const at = document.activeElement === box ? [box.selectionStart, box.selectionEnd] : null;
  fresh.insertBefore(form, fresh.querySelector(".bubble-time"));
  fresh.classList.add("editing");
  if (!at) return;
  box.focus({ preventScroll: true });
  box.setSelectionRange(...at);
}
