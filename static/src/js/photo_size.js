// How large a photo is sent: phones take pictures of 50 megapixels and 20 MB, pages show 1600 pixels.
export const LONGEST_SIDE = 2560;
const LIGHT = 2 * 1024 * 1024; // bytes; what is lighter, and not larger than is needed, goes as it is

// The size to draw it anew in, or null to send the file as it is.
export function sizeToSend(width, height, bytes) {
  if (!(width > 0 && height > 0)) return null;
  const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
  if (scale === 1 && bytes <= LIGHT) return null;
  // A panorama keeps at least a pixel of its short side.
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

// Drawings and cut-outs may be see-through, which JPEG is not.
export function formatFor(type) {
  return type === "image/jpeg" ? { type, ending: "jpg" } : { type: "image/webp", ending: "webp" };
}

export function renamed(name, ending) {
  return `${name.replace(/\.[^.]*$/, "") || "photo"}.${ending}`;
}
