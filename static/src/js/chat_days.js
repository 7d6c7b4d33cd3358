// Which day it was: a line before the first message of each. The server draws them; what comes later, and what
// it drew for another time zone than the reader's, is drawn here.
import { clockTime, dayKey, fullDate } from "./times.js";

const DAY = 86_400_000;

export class Days {
  constructor(section, log) {
    this.words = section.dataset;
    this.log = log;
    // The server did not know where the reader is.
    if (!document.documentElement.dataset.zone) this.again();
  }

  // The line that has to stand before a message, if it is the first of its day.
  before(at) {
    const lines = this.log.querySelectorAll(".day-line");
    const key = dayKey(at);
    if (lines[lines.length - 1]?.dataset.day === key) return null;
    // The page was open beyond midnight.
    for (const line of lines) this.name(line, line.dataset.at);
    return this.line(at, key);
  }

  again() {
    for (const line of this.log.querySelectorAll(".day-line")) line.remove();
    let last;
    for (const row of this.log.querySelectorAll(".bubble-row[data-seq]")) {
      const time = row.querySelector("time[data-clock]");
      if (!time) continue;
      time.textContent = clockTime(time.dateTime);
      const key = dayKey(time.dateTime);
      if (key !== last) this.log.insertBefore(this.line(time.dateTime, key), lineBefore(row) ?? row);
      last = key;
    }
  }

  line(at, key) {
    const line = Object.assign(document.createElement("li"), { className: "day-line" });
    line.dataset.day = key;
    line.dataset.at = at;
    line.append(document.createElement("span"));
    this.name(line, at);
    return line;
  }

  name(line, at) {
    // One of the server's: its first message says when it was.
    const when = at ?? line.nextElementSibling?.querySelector("time[data-clock]")?.dateTime;
    if (when) line.querySelector("span").textContent = dayWords(when, Date.now(), this.words);
  }
}

function lineBefore(row) {
  const before = row.previousElementSibling;
  return before?.matches("[data-new-line]") ? before : undefined;
}

export function dayWords(at, now, words) {
  const key = dayKey(at);
  if (key === dayKey(now)) return words.today;
  if (key === dayKey(now - DAY)) return words.yesterday;
  return fullDate(at);
}
