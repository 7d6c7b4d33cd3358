// Whether a key belongs to the writing of a word that is still being composed (Chinese, Japanese, Korean).
// Safari ends the composition before it tells of the Enter that ended it: there only the number 229 is left.
export function composing(event) {
  return event.isComposing || event.keyCode === 229;
}

// Enter sends, Shift+Enter begins a line.
export function sendsOnEnter(event) {
  return event.key === "Enter" && !event.shiftKey && !composing(event);
}
