// What becomes of a message that the server did not take: tried again by itself, or for the writer to decide.
// docs/chat.md has the same table for those who write other clients; tests hold both against the server.
export const CODES = {
  // The server or the line is not well at the moment; the message is.
  bad_token: "retry",
  elsewhere: "retry",
  internal: "retry",
  missing_token: "retry",
  offline: "retry",
  restarting: "retry",
  server_error: "retry",
  token_ended: "retry",
  too_many: "retry",
  unauthenticated: "retry",
  unavailable: "retry",
  // The message, or the right to say it, is what the server refuses.
  bad_client_id: "final",
  bad_cursor: "final",
  bad_field: "final",
  bad_number: "final",
  bad_payload: "final",
  bad_photo: "final",
  bad_reaction: "final",
  bad_reply: "final",
  banned: "final",
  blocked: "final",
  conflict: "final",
  decided: "final",
  empty_message: "final",
  empty_title: "final",
  forbidden: "final",
  invalid: "final",
  nobody_else: "final",
  not_a_group: "final",
  not_found: "final",
  not_the_seller: "final",
  not_yours: "final",
  out_of_bounds: "final",
  own_self: "final",
  photo_damaged: "final",
  photo_empty: "final",
  photo_format: "final",
  photo_too_big: "final",
  photo_too_many_pixels: "final",
  photo_too_small: "final",
  photos_gone: "final",
  removed: "final",
  request: "final",
  suspended: "final",
  too_late: "final",
  too_long: "final",
  too_many_members: "final",
  too_many_photos: "final",
  wrong_role: "final",
};

const SOON = new Set([408, 425, 429, 502, 503, 504]);

// A code that is not in the table is of a newer server, which says in words what is wrong.
export function isFinal(code) {
  return (CODES[code] ?? "final") === "final";
}

// For answers over HTTP, which may come from a proxy that knows no codes.
export function codeOfStatus(status, code) {
  if (code && CODES[code]) return code;
  if (status === 401) return "unauthenticated";
  if (status === 429) return "too_many";
  if (SOON.has(status)) return "unavailable";
  if (status >= 500) return "server_error";
  return code ?? { 403: "forbidden", 404: "not_found", 409: "conflict" }[status] ?? "invalid";
}

// Seconds until the next try: what the server asked for, else longer each time.
export function patience(tries, retryAfter) {
  return retryAfter > 0 ? Math.min(retryAfter, 300) : Math.min(60, 2 ** Math.min(tries, 6));
}
