// The page's behaviour: draws the figures, switches their views, sorts tables, follows light and dark.
(() => {
  "use strict";

  const byId = (id) => document.getElementById(id);
  const schemes = window.matchMedia("(prefers-color-scheme: dark)");
  const isTouch = window.matchMedia("(pointer: coarse)");

  // Colors

  const variable = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

  function pale(hex) {
    const paper = channels(variable("--paper"));
    // On a dark paper a color needs more of itself to be seen.
    const share = schemes.matches ? 0.6 : 0.42;
    const mixed = channels(hex).map((value, i) => Math.round(share * value + (1 - share) * paper[i]));
    return `rgb(${mixed.join(",")})`;
  }

  const tokens = {
    "@text": () => variable("--text"),
    "@muted": () => variable("--muted"),
    "@grid": () => variable("--grid"),
    "@background": () => variable("--paper"),
  };

  function resolved(value) {
    if (typeof value === "string") {
      if (tokens[value]) return tokens[value]();
      const color = /^@pale:(#[0-9a-f]{6})$/.exec(value);
      return color ? pale(color[1]) : value;
    }
    if (Array.isArray(value)) return value.every((item) => typeof item === "number") ? value.slice() : value.map(resolved);
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolved(inner)]));
    }
    return value;
  }

  // Figures

  const figures = new Map();

  function axis(own) {
    const grid = variable("--grid");
    return Object.assign({ automargin: true, exponentformat: "power", gridcolor: grid, linecolor: grid, zerolinecolor: grid }, resolved(own || {}));
  }

  function layout(view) {
    const own = resolved(view.layout);
    const common = {
      autosize: true,
      height: view.height,
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: "system-ui, -apple-system, Segoe UI, Roboto, Arial, sans-serif", size: 12, color: variable("--text") },
      margin: { l: 56, r: 20, t: 20, b: 64 },
      showlegend: false,
      modebar: { bgcolor: "rgba(0,0,0,0)", color: variable("--line"), activecolor: variable("--accent") },
      dragmode: isTouch.matches ? false : "zoom",
      hoverlabel: {
        bgcolor: variable("--panel"), bordercolor: variable("--line"), font: { color: variable("--text") }, align: "left",
      },
    };
    // The same mark lets a figure that is drawn anew keep the reader's zoom and brush.
    common.uirevision = view.name || "one";
    const names = Object.keys(view.layout).filter((name) => /^[xy]axis\d*$/.test(name)).concat(["xaxis", "yaxis"]);
    return Object.assign(common, own, Object.fromEntries(names.map((name) => [name, axis(view.layout[name])])));
  }

  const settings = {
    responsive: true,
    displaylogo: false,
    modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"],
    toImageButtonOptions: { format: "svg" },
  };

  function visibleTraces(figure, view) {
    const hidden = new Set();
    view.legend.forEach((entry) => {
      if (figure.hidden.has(entry.name)) entry.traces.forEach((trace) => hidden.add(trace));
    });
    return resolved(view.traces).map((trace, i) => (hidden.has(i) ? Object.assign(trace, { visible: false }) : trace));
  }

  function draw(figure) {
    const view = figure.views[figure.active];
    const isStatic = !view.traces;
    figure.host.hidden = isStatic;
    figure.drawings.forEach((drawing) => { drawing.hidden = Number(drawing.dataset.view) !== figure.active; });
    if (!isStatic) {
      figure.host.style.minWidth = view.minimumWidth ? `${view.minimumWidth}px` : "";
      Plotly.react(figure.host, visibleTraces(figure, view), layout(view), settings);
    }
    drawLegend(figure, view);
    drawChoices(figure);
    drawLinks(figure, view);
  }

  function element(name, attributes, ...children) {
    const made = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    made.append(...children);
    return made;
  }

  const dashes = { solid: "", dash: "7 4", dot: "2 3", dashdot: "7 3 2 3" };

  const markers = {
    circle: "M6 5a5 5 0 1 0 10 0a5 5 0 1 0 -10 0", square: "M6 0h10v10h-10z", diamond: "M11 0l5 5l-5 5l-5 -5z",
    "triangle-up": "M11 0l5 10h-10z", star: "M11 0l1.6 3.4l3.6 .4l-2.7 2.5l.8 3.7l-3.3 -1.9l-3.3 1.9l.8 -3.7l-2.7 -2.5l3.6 -.4z",
  };

  function swatch(entry) {
    const space = "http://www.w3.org/2000/svg";
    const image = document.createElementNS(space, "svg");
    image.setAttribute("width", "22");
    image.setAttribute("height", "10");
    image.setAttribute("aria-hidden", "true");
    if (entry.symbol) {
      const marker = document.createElementNS(space, "path");
      marker.setAttribute("d", markers[entry.symbol]);
      marker.setAttribute("fill", entry.color);
      image.append(marker);
      return image;
    }
    const line = document.createElementNS(space, "line");
    const shape = { x1: 0, y1: 5, x2: 22, y2: 5, stroke: entry.color, "stroke-width": 3, "stroke-dasharray": dashes[entry.dash] || "" };
    Object.entries(shape).forEach(([key, value]) => line.setAttribute(key, value));
    image.append(line);
    return image;
  }

  function drawLegend(figure, view) {
    figure.legend.replaceChildren(...(view.legend || []).map((entry) => {
      if (!entry.traces.length) return element("li", {}, element("span", { class: "entry" }, swatch(entry), entry.name));
      const button = element("button", { type: "button", "aria-pressed": String(!figure.hidden.has(entry.name)) }, swatch(entry), entry.name);
      button.addEventListener("click", () => {
        if (!figure.hidden.delete(entry.name)) figure.hidden.add(entry.name);
        draw(figure);
      });
      return element("li", {}, button);
    }));
  }

  function drawChoices(figure) {
    figure.choices.hidden = figure.views.length < 2;
    if (figure.views.length < 2) return;
    const buttons = figure.views.map((view, i) => {
      const button = element("button", { type: "button", "aria-pressed": String(i === figure.active) }, view.name);
      button.addEventListener("click", () => {
        figure.active = i;
        Plotly.purge(figure.host);
        draw(figure);
      });
      return button;
    });
    figure.choices.replaceChildren(element("span", {}, figure.choice), ...buttons);
  }

  function drawLinks(figure, view) {
    const names = { svg: "SVG", csv: "CSV", json: "JSON" };
    const links = Object.entries(view.files).flatMap(([kind, address]) => [
      " · ", element("a", { href: address, download: "" }, names[kind]),
    ]);
    figure.links.replaceChildren("Download: ", ...links.slice(1));
  }

  function prepareFigure(node) {
    const spec = JSON.parse(node.querySelector("script[type='application/json']").textContent);
    const part = (name) => node.querySelector(name);
    const before = figures.get(node.id);
    if (before) part(".host").replaceWith(before.host);
    const figure = {
      views: spec.views,
      choice: spec.choice,
      active: before && before.active < spec.views.length ? before.active : 0,
      hidden: before ? before.hidden : new Set(),
      host: part(".host"), drawings: node.querySelectorAll(".drawing"), legend: part(".legend"), choices: part(".choices"), links: part(".links"),
    };
    figures.set(node.id, figure);
    draw(figure);
  }

  // Tables

  function sortKey(cell) {
    const value = cell.dataset.value;
    return value === undefined ? cell.textContent.trim() : Number(value);
  }

  function compare(a, b) {
    const gaps = [a, b].map((key) => key === "–" || key === "");
    if (gaps[0] || gaps[1]) return gaps[0] - gaps[1];
    if (typeof a === "number" && typeof b === "number") return a - b;
    return String(a).localeCompare(String(b), "en", { numeric: true });
  }

  function sort(table, column, direction) {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const fixed = rows.filter((row) => row.classList.contains("reference"));
    const moving = rows.filter((row) => !row.classList.contains("reference"));
    moving.sort((a, b) => {
      const [first, second] = [a, b].map((row) => sortKey(row.cells[column]));
      const isGap = [first, second].some((key) => key === "–" || key === "");
      return compare(first, second) * (direction === "descending" && !isGap ? -1 : 1);
    });
    body.append(...fixed, ...moving);
    [...table.tHead.rows[0].cells].forEach((cell, i) => cell.setAttribute("aria-sort", i === column ? direction : "none"));
  }

  function prepareTable(table) {
    [...table.tHead.rows[0].cells].forEach((cell, column) => {
      cell.querySelector("button").addEventListener("click", () => {
        sort(table, column, cell.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending");
      });
    });
  }

  // The page

  // A table that is wider than its place says so.
  function tellWidth(scroll) {
    scroll.parentElement.classList.toggle("is-wide", scroll.scrollWidth > scroll.clientWidth + 1);
  }

  const widths = new ResizeObserver((entries) => entries.forEach((entry) => tellWidth(entry.target)));

  // Paper shows what is folded away; afterwards everything is as it was.
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    opened.forEach((node) => { node.open = true; });
  });
  window.addEventListener("afterprint", () => opened.forEach((node) => { node.open = false; }));

  function prepare(root) {
    root.querySelectorAll(".scroll").forEach((scroll) => widths.observe(scroll));
    root.querySelectorAll("figure.plot").forEach(prepareFigure);
    root.querySelectorAll("table.sortable").forEach(prepareTable);
  }

  function openTarget() {
    const target = location.hash && byId(decodeURIComponent(location.hash.slice(1)));
    for (let node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
    if (target) target.scrollIntoView();
  }

  schemes.addEventListener("change", () => figures.forEach(draw));
  window.addEventListener("hashchange", openTarget);

  // A running study: the server says how it stands and when there is something new.

  // Changes the page and leaves what is being read where it was on the screen.
  function keepingPlace(change) {
    const above = [...document.querySelectorAll("main [id]")].filter((node) => {
      return node.getClientRects().length && node.getBoundingClientRect().top < 120;
    });
    const mark = above.pop();
    const before = mark && mark.getBoundingClientRect().top;
    change();
    const after = mark && byId(mark.id);
    if (after && window.scrollY > 0) {
      window.scrollBy({ top: after.getBoundingClientRect().top - before, behavior: "instant" });
    }
  }

  function sortedTables() {
    return [...document.querySelectorAll("figure.table")].flatMap((figure) => {
      const headings = [...figure.querySelectorAll("thead th")];
      const column = headings.findIndex((cell) => ["ascending", "descending"].includes(cell.getAttribute("aria-sort")));
      return column < 0 ? [] : [{ id: figure.id, column, direction: headings[column].getAttribute("aria-sort") }];
    });
  }

  function replaceMain(text) {
    const fresh = new DOMParser().parseFromString(text, "text/html");
    const open = [...document.querySelectorAll("main details[open]")].map((node) => node.id);
    const sorted = sortedTables();
    ["header.page", "main"].forEach((part) => document.querySelector(part).replaceWith(fresh.querySelector(part)));
    open.forEach((id) => { if (id && byId(id)) byId(id).open = true; });
    prepare(document);
    sorted.forEach(({ id, column, direction }) => {
      const table = byId(id) && byId(id).querySelector("table");
      if (table && column < table.tHead.rows[0].cells.length) sort(table, column, direction);
    });
  }

  function bar(share) {
    const filled = element("span", {});
    filled.style.width = `${100 * Math.min(1, Math.max(0, share))}%`;
    return element("span", { class: "bar", "aria-hidden": "true" }, filled);
  }

  function list(id, title, items) {
    if (!items.length) return [];
    const details = element("details", { id }, element("summary", {}, title), element("ul", {}, ...items));
    details.open = Boolean(byId(id) && byId(id).open);
    return [details];
  }

  function showStatus(state) {
    const active = state.active.map((run) => {
      const share = run.fraction === undefined ? [] : [bar(run.fraction)];
      return element("li", {}, ...share, `${run.title}: ${run.progress}`);
    });
    const problems = state.problems.map((run) => element("li", {}, `${run.title}: ${run.state}${run.reason ? `, ${run.reason}` : ""}`));
    const warning = state.warning ? [element("p", { class: "warning" }, state.warning)] : [];
    byId("live").replaceChildren(
      element("p", {}, bar(state.total ? state.settled / state.total : 1), state.summary),
      ...warning,
      ...(active.length ? [element("ul", { class: "active" }, ...active)] : []),
      ...list("live-problems", state.problems.length === 1 ? "One run has no result" : `${state.problems.length} runs have no result`, problems),
      element("p", { class: "lost" }, "The server does not answer: this is how the study stood when it last did."),
    );
  }

  async function follow(address, known) {
    let revision = known;
    // Both the browser and this script would otherwise make up for content that grows above.
    document.documentElement.style.overflowAnchor = "none";
    for (;; await new Promise((done) => setTimeout(done, 2000))) {
      if (document.hidden) continue;
      try {
        const answer = await fetch(address, { cache: "no-store" });
        const state = await answer.json();
        keepingPlace(() => showStatus(state));
        if (state.revision !== revision) {
          const page = await fetch(location.pathname, { cache: "no-store" });
          const text = await page.text();
          keepingPlace(() => replaceMain(text));
          revision = state.revision;
        }
        document.body.classList.remove("offline");
      } catch {
        document.body.classList.add("offline");
      }
    }
  }

  prepare(document);
  openTarget();
  const live = document.body.dataset;
  if (live.status) follow(live.status, live.revision);
  document.documentElement.dataset.ready = "true";
})();
