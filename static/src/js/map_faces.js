// Faces and names in the picture of the circle: a name is written only where it covers no other one.
const GAP = 2;
const SMALLEST_FACE = 7;
const MAX_NAME_LENGTH = 22;

// What has been written on, in pixels of the view; begun anew with each drawing.
export class Ground {
  constructor() {
    this.boxes = [];
  }

  clear() {
    this.boxes.length = 0;
  }

  // Whether there was room; from then on there is none.
  take(box) {
    const over = (one) =>
      box.left < one.right + GAP &&
      one.left < box.right + GAP &&
      box.top < one.bottom + GAP &&
      one.top < box.bottom + GAP;
    if (this.boxes.some(over)) return false;
    this.boxes.push(box);
    return true;
  }
}

export function shortName(name) {
  const letters = [...name];
  return letters.length > MAX_NAME_LENGTH ? `${letters.slice(0, MAX_NAME_LENGTH - 1).join("")}…` : name;
}

// A painter of names that asks the ground first.
export function nameWriter(ground) {
  return (context, data, settings) => {
    if (!data.label) return;
    context.font = `${settings.labelWeight} ${settings.labelSize}px ${settings.labelFont}`;
    const half = settings.labelSize / 2;
    const left = data.x + data.size + 4;
    const right = left + context.measureText(data.label).width;
    const free = ground.take({ left, right, top: data.y - half, bottom: data.y + half });
    // Where the reader stands is always said.
    if (!free && !data.me) return;
    context.fillStyle = settings.labelColor.color;
    context.fillText(data.label, left, data.y + settings.labelSize / 3);
  };
}

// No name is written over a face. Before the first drawing nobody has a place yet.
export function keepFacesClear(ground, renderer, graph) {
  ground.clear();
  graph.forEachNode((node) => {
    const shown = renderer.getNodeDisplayData(node);
    const size = shown ? renderer.scaleSize(shown.size) : 0;
    if (size < SMALLEST_FACE) return;
    const { x, y } = renderer.framedGraphToViewport(shown);
    ground.boxes.push({ left: x - size, right: x + size, top: y - size, bottom: y + size });
  });
}

// Puts each person's picture, or first letter, into their dot.
export function showFaces(renderer, graph, ink) {
  const context = renderer.createCanvasContext("faces", { afterLayer: "nodes" }).getCanvases().faces.getContext("2d");
  renderer.resize(true);
  const pictures = new Map();
  graph.forEachNode((node, { face }) => {
    if (!face) return;
    const picture = new Image();
    picture.addEventListener("load", () => renderer.scheduleRender());
    picture.src = face;
    pictures.set(node, picture);
  });
  renderer.on("afterRender", () => {
    const { width, height } = renderer.getDimensions();
    context.clearRect(0, 0, width, height);
    graph.forEachNode((node, { name }) => {
      const shown = renderer.getNodeDisplayData(node);
      const size = renderer.scaleSize(shown.size);
      if (shown.hidden || size < SMALLEST_FACE) return;
      paint(context, renderer.framedGraphToViewport(shown), size - 1, pictures.get(node), name, ink());
    });
  });
}

function paint(context, { x, y }, radius, picture, name, ink) {
  if (picture?.complete && picture.naturalWidth) {
    context.save();
    context.beginPath();
    context.arc(x, y, radius, 0, Math.PI * 2);
    context.clip();
    context.drawImage(picture, x - radius, y - radius, radius * 2, radius * 2);
    context.restore();
  } else if (name) {
    context.fillStyle = ink;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.font = `650 ${radius}px ${getComputedStyle(document.body).fontFamily}`;
    context.fillText([...name][0].toUpperCase(), x, y);
  }
}
