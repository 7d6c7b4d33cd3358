// Work that may wait until the browser has nothing else to do; two seconds at most.
export function whenIdle(work) {
  if ("requestIdleCallback" in window) requestIdleCallback(() => work(), { timeout: 2000 });
  // Safari has none.
  else setTimeout(work, 200);
}
