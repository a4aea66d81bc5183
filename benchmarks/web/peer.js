// A peer draws what our page draws, at the positions that our server computed: asked is who draws, what, and how large.

const TURN = Math.PI * (3 - Math.sqrt(5)); // as in ring-map.js: the dots of a disc lie on a spiral
const COLOURS = { seller: "#3543c4", store: "#1c98db", value: "#ca8400" };
const SHAPES = { seller: "ellipse", store: "round-rectangle", value: "diamond" };
const SCRIPTS = { cytoscape: ["cytoscape/dist/cytoscape.min.js"], sigma: ["graphology/dist/graphology.umd.min.js", "sigma/dist/sigma.min.js"] };

const asked = new URLSearchParams(location.search);
const stage = document.querySelector("#stage");
[stage.style.width, stage.style.height] = [`${asked.get("width")}px`, `${asked.get("height")}px`];
const answer = fetch(asked.get("data")).then((it) => it.json());
for (const src of SCRIPTS[asked.get("peer")]) await load(`node_modules/${src}`);
const picture = asked.get("what") === "map" ? dotsOf(await answer) : await answer;
({ cytoscape: drawCytoscape, sigma: drawSigma })[asked.get("peer")](picture, asked.get("what") === "ring");

function load(src) {
  const script = document.head.appendChild(document.createElement("script"));
  return new Promise((done, failed) => Object.assign(script, { src, onload: done, onerror: failed }));
}

function dotsOf({ ids, x, y, r, sellers }) {
  const nodes = [];
  for (let n = 0; n < ids.length; n++) {
    const spread = (r[n] - 8) / Math.sqrt(sellers[n]);
    for (let i = 0; i < sellers[n]; i++) {
      const [out, turn] = [spread * Math.sqrt(i + 0.5), i * TURN];
      nodes.push({ id: `${ids[n]}/${i}`, what: "seller", label: "", x: x[n] + out * Math.cos(turn), y: y[n] + out * Math.sin(turn) });
    }
  }
  return { nodes, links: [] };
}

function drawCytoscape({ nodes, links }, isRing) {
  const elements = [
    ...nodes.map(({ id, label, what, x, y }) => ({ data: { id, label, colour: COLOURS[what], shape: SHAPES[what] }, position: { x, y } })),
    ...links.map(({ from, to, width }) => ({ data: { source: from, target: to, width } })),
  ];
  const size = isRing ? 30 : 4;
  const node = { "background-color": "data(colour)", shape: isRing ? "data(shape)" : "ellipse", width: size, height: size };
  if (isRing) Object.assign(node, { label: "data(label)", "font-size": 11.5, "text-valign": "bottom" });
  const style = [{ selector: "node", style: node }, { selector: "edge", style: { width: "data(width)", "line-color": "#c9d0da" } }];
  const graph = cytoscape({ container: stage, elements, style, layout: { name: "preset" } });
  graph.one("render", () => { document.documentElement.dataset.drawn = ""; });
}

function drawSigma({ nodes, links }, isRing) {
  const graph = new graphology.MultiGraph();
  for (const { id, label, what, x, y } of nodes) graph.addNode(id, { label, x, y: -y, size: isRing ? 15 : 2, color: COLOURS[what] });
  for (const { from, to, width } of links) graph.addEdge(from, to, { size: width, color: "#c9d0da" });
  const sigma = new Sigma(graph, stage, isRing ? { labelRenderedSizeThreshold: 0, labelDensity: 100 } : {});
  sigma.once("afterRender", () => { document.documentElement.dataset.drawn = ""; });
  sigma.refresh();
}
