// The circle as a picture: drawn once, then only moved by the reader. The list beside it says the same.
import Graph from "graphology";
import forceAtlas2 from "graphology-layout-forceatlas2";
import Sigma from "sigma";
import { Ground, keepFacesClear, nameWriter, shortName, showFaces } from "./map_faces.js";

const ROUNDS = 240;
const ROUNDS_AT_ONCE = 12;
const HUES = 12;

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const stage = document.getElementById("circle-map");
if (stage) start(stage);

async function start(place) {
  const wait = document.getElementById("circle-wait");
  try {
    if (!canDraw()) throw new Error("no WebGL");
    const response = await fetch(place.dataset.source, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(String(response.status));
    const graph = lay(await response.json(), place.dataset.me);
    await settle(graph);
    draw(place, graph);
  } catch {
    place.hidden = true;
    document.getElementById("circle-none").hidden = false;
  }
  wait.hidden = true;
}

function canDraw() {
  const canvas = document.createElement("canvas");
  return Boolean(canvas.getContext("webgl2") ?? canvas.getContext("webgl"));
}

// Rings by distance, each person near the one through whom they came: the same at each visit.
function lay(data, me) {
  const graph = new Graph({ type: "undirected" });
  const through = new Map();
  const hops = data.people.map((one) => one.hops);
  for (const [a, b] of data.edges) {
    const [near, far] = hops[a] <= hops[b] ? [a, b] : [b, a];
    if (hops[far] === hops[near] + 1 && !through.has(far)) through.set(far, near);
  }
  const angles = new Map([[0, 0]]);
  const order = data.people.map((_, n) => n).sort((a, b) => hops[a] - hops[b] || a - b);
  const rings = new Map();
  for (const n of order) rings.set(hops[n], [...(rings.get(hops[n]) ?? []), n]);
  for (const ring of rings.values()) {
    ring.sort((a, b) => (angles.get(through.get(a)) ?? 0) - (angles.get(through.get(b)) ?? 0) || a - b);
    for (const [step, n] of ring.entries()) angles.set(n, (step / ring.length) * 2 * Math.PI);
  }
  data.people.forEach((one, n) => {
    const angle = angles.get(n) ?? 0;
    graph.addNode(String(n), {
      x: Math.cos(angle) * one.hops * 10,
      y: Math.sin(angle) * one.hops * 10,
      size: n === 0 ? 15 : one.handle ? 7 + 26 * Math.min(Math.sqrt(one.score ?? 0), 0.35) : 3.5,
      label: n === 0 ? me : shortName(one.name ?? ""),
      name: one.name,
      face: one.face,
      handle: n === 0 ? null : one.handle,
      hue: one.hue,
      masked: !one.handle,
      muted: one.muted,
      me: n === 0,
      forceLabel: n === 0,
    });
  });
  for (const [a, b] of data.edges)
    graph.addEdge(String(a), String(b), {
      mine: a === 0,
      masked: graph.getNodeAttribute(a, "masked") || graph.getNodeAttribute(b, "masked"),
    });
  return graph;
}

// A few rounds at a time, so that the page answers meanwhile; nothing is shown before it is done.
async function settle(graph) {
  const settings = {
    ...forceAtlas2.inferSettings(graph),
    gravity: 0.6,
    scalingRatio: 12,
    slowDown: 6,
    adjustSizes: false,
  };
  for (let done = 0; done < ROUNDS; done += ROUNDS_AT_ONCE) {
    forceAtlas2.assign(graph, { iterations: ROUNDS_AT_ONCE, settings });
    await new Promise((next) => {
      setTimeout(next);
    });
  }
}

function tokens() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(name).trim();
  const face = document.createElement("span");
  document.body.append(face);
  const hues = Array.from({ length: HUES }, (_, n) => {
    face.className = `avatar hue-${n}`;
    return getComputedStyle(face).getPropertyValue("--c").trim();
  });
  face.remove();
  const [line, soft, kin, card] = ["--line", "--soft", "--kin", "--card"].map(read);
  return {
    ink: read("--ink"),
    card,
    line,
    soft,
    kin,
    hues,
    thread: between(line, soft, 0.3),
    mine: between(card, kin, 0.55),
  };
}

// A colour on the way from one token to another: the drawing takes no transparency.
function between(from, to, share) {
  const [a, b] = [from, to].map((hex) => [1, 3, 5].map((n) => parseInt(hex.slice(n, n + 2), 16)));
  return `#${a
    .map((value, n) =>
      Math.round(value + (b[n] - value) * share)
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}

function draw(place, graph) {
  let colours = tokens();
  let chosen = null;
  let near = new Set();
  const scale = place.clientWidth < 500 ? 0.8 : 1;
  const ground = new Ground();
  const renderer = new Sigma(graph, place, {
    allowInvalidContainer: true,
    labelFont: getComputedStyle(document.body).fontFamily,
    labelSize: 13,
    labelWeight: "550",
    labelColor: { color: colours.ink },
    labelRenderedSizeThreshold: 7,
    stagePadding: 40,
    minEdgeThickness: 0.8,
    zIndex: true,
    // Moving is the reader's own doing; what would go on by itself is left out where that is wished.
    ...(calm.matches ? { inertiaDuration: 0, zoomDuration: 0, doubleClickZoomingDuration: 0 } : {}),
    defaultDrawNodeLabel: nameWriter(ground),
    defaultDrawNodeHover: (context, data, settings) => hover(context, data, settings, colours),
    nodeReducer: (node, data) => ({
      ...data,
      size: data.size * scale,
      color: data.me
        ? colours.kin
        : data.masked || data.muted
          ? colours.line
          : (colours.hues[data.hue] ?? colours.soft),
      highlighted: node === chosen,
      forceLabel: data.me || node === chosen || near.has(node),
      zIndex: node === chosen ? 2 : near.has(node) ? 1 : 0,
    }),
    edgeReducer: (edge, data) => {
      const touched = chosen !== null && graph.hasExtremity(edge, chosen);
      const plain = data.mine ? colours.mine : data.masked ? colours.line : colours.thread;
      return {
        ...data,
        color: touched ? colours.kin : plain,
        size: touched ? 2.2 : data.mine ? 1.4 : 0.9,
        zIndex: touched ? 1 : 0,
      };
    },
  });
  renderer.on("beforeRender", () => keepFacesClear(ground, renderer, graph));
  // The dots are of light colours in every theme.
  showFaces(renderer, graph, () => "#1d1a15");
  place.dataset.ready = "";

  const choose = (node) => {
    chosen = node;
    near = new Set(node === null ? [] : graph.neighbors(node));
    renderer.refresh({ skipIndexation: true });
  };
  const recolour = () => {
    colours = tokens();
    renderer.setSetting("labelColor", { color: colours.ink });
    renderer.refresh({ skipIndexation: true });
  };
  new MutationObserver(recolour).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);

  const rows = new Map([...document.querySelectorAll("[data-person]")].map((row) => [row.dataset.person, row]));
  const nodes = new Map(graph.mapNodes((node, data) => [data.handle, node]));
  renderer.on("clickNode", ({ node }) => {
    choose(node);
    // The list's own link opens the explanation, and gets the focus back.
    rows.get(graph.getNodeAttribute(node, "handle"))?.click();
  });
  renderer.on("clickStage", () => choose(null));
  renderer.on("enterNode", ({ node }) => {
    place.classList.toggle("pointing", Boolean(graph.getNodeAttribute(node, "handle")));
  });
  renderer.on("leaveNode", () => place.classList.remove("pointing"));
  for (const [handle, row] of rows) {
    row.addEventListener("focus", () => choose(nodes.get(handle) ?? null));
    row.addEventListener("mouseenter", () => choose(nodes.get(handle) ?? null));
  }

  const tools = document.getElementById("circle-tools");
  tools.hidden = false;
  tools.addEventListener("click", (event) => {
    const camera = renderer.getCamera();
    const how = { duration: calm.matches ? 0 : 200 };
    const action = event.target.closest("[data-zoom]")?.dataset.zoom;
    if (action === "in") camera.animatedZoom(how);
    if (action === "out") camera.animatedUnzoom(how);
    if (action === "all") camera.animatedReset(how);
  });
}

// The label of the chosen one on the card's own ground: the default is white in any theme.
function hover(context, data, settings, colours) {
  context.font = `${settings.labelWeight} ${settings.labelSize}px ${settings.labelFont}`;
  const width = data.label ? context.measureText(data.label).width + data.size + 14 : 0;
  context.beginPath();
  context.fillStyle = colours.card;
  context.strokeStyle = colours.kin;
  context.lineWidth = 1.5;
  if (width) context.roundRect(data.x, data.y - 12, width, 24, 8);
  context.moveTo(data.x + data.size + 3, data.y);
  context.arc(data.x, data.y, data.size + 3, 0, Math.PI * 2);
  context.fill();
  context.stroke();
  if (!data.label) return;
  context.fillStyle = colours.ink;
  context.fillText(data.label, data.x + data.size + 6, data.y + settings.labelSize / 3);
}
