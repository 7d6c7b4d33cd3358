import Alpine from "@alpinejs/csp";
import htmx from "htmx.org";
import { startChat } from "./chat.js";
import { startDrafts } from "./drafts.js";
import { startFrame } from "./frame.js";
import { startLists } from "./lists.js";
import { startNotifications } from "./notifications.js";
import { startPhotos } from "./photos.js";
import { startPush } from "./push.js";
import { startSession } from "./session.js";
import { connect } from "./socket.js";
import { startSwitches } from "./switches.js";
import { startUsername } from "./username.js";

window.htmx = htmx;

Alpine.data("copy", () => ({
  label: "",
  init() {
    this.label = this.$el.querySelector("[x-text='label']")?.textContent.trim() ?? "";
  },
  async copy() {
    const input = this.$refs.text;
    const before = this.label;
    try {
      await navigator.clipboard.writeText(input.value);
    } catch {
      // No permission, or no secure context: the text is selected for the reader's own copy.
      input.select();
      document.execCommand("copy");
    }
    this.label = "✓";
    setTimeout(() => {
      this.label = before;
    }, 1500);
  },
}));
Alpine.data("share", () => ({
  label: "",
  init() {
    this.label = this.$el.querySelector("[x-text='label']")?.textContent.trim() ?? "";
  },
  async share() {
    const input = this.$refs.text;
    if (navigator.share) {
      try {
        await navigator.share({ title: document.title, url: input.value });
        return;
      } catch (trouble) {
        // The reader changed their mind; anything else falls back to copying.
        if (trouble.name === "AbortError") return;
      }
    }
    const before = this.label;
    try {
      await navigator.clipboard.writeText(input.value);
    } catch {
      input.select();
      document.execCommand("copy");
    }
    this.label = "✓";
    setTimeout(() => {
      this.label = before;
    }, 1500);
  },
}));
Alpine.start();

startSession();
startFrame();
startLists();
startPhotos();
startDrafts();
startPush();
startSwitches();
startUsername();
if (document.body.dataset.viewer) {
  const socket = connect();
  startChat(socket);
  startNotifications(socket);
}
