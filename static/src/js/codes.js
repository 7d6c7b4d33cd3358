// What a picture says, and who reads it: the browser where it can, else the reader that is fetched for it.

// The address with its code, or the digits alone; anything else a camera sees is none of ours.
export function codeIn(text) {
  const bare = text.trim();
  if (/^\d{3} ?\d{3}$/.test(bare)) return bare;
  return /\/orders\/[0-9a-z]{26}\/scan#\d{6}$/.test(bare) ? bare : null;
}

export async function readerFor(script, width) {
  if ("BarcodeDetector" in window) {
    try {
      const formats = await window.BarcodeDetector.getSupportedFormats();
      if (formats.includes("qr_code")) {
        const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
        return async (video) => {
          const found = await detector.detect(video);
          return found.map((one) => codeIn(one.rawValue)).find(Boolean) ?? null;
        };
      }
    } catch {
      // It is named, but nothing is behind it: as if it were not there.
    }
  }
  await fetched(script);
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    if (!video.videoWidth) return null;
    canvas.width = Math.min(width, video.videoWidth);
    canvas.height = Math.round((canvas.width * video.videoHeight) / video.videoWidth);
    pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    const found = window.readCode(pen.getImageData(0, 0, canvas.width, canvas.height));
    return found ? codeIn(found) : null;
  };
}

function fetched(address) {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", done);
    script.addEventListener("error", failed);
    document.head.append(script);
  });
}
