// Reads codes where the browser can't by itself: loaded by scan.js, and only then.
import jsQR from "jsqr";

window.readCode = (pixels) => jsQR(pixels.data, pixels.width, pixels.height)?.data;
