// The page of a preview. It asks its server for the list of posts and for one post at a time, and keeps in its own
// address which post is shown, at which place, in which panes. No script of a post runs: framed documents have none.
"use strict";

const VIEWS = ["page", "chapter", "print"];
const SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox";
const WORST = ["none", "info", "warning", "error"];
const STATES = { only_paid: "paid", only_free: "free readers", unlisted: "unlisted" };

const $ = (selector) => document.querySelector(selector);
const panes = Object.fromEntries(VIEWS.map((view) => [view, $(`.pane[data-view="${view}"]`)]));
const sheets = $("#sheets");

let listed = { posts: [], checks: {}, name: "", title: "", error: "" };
let byKey = new Map();
let byFile = new Map();
let kind = "all";
let key = "";
let place = -1; // blocks of the text above the line of reading, with the share of the next; -1 is the beginning
let views = [...VIEWS]; // those that are wanted, the latest last
let shown = {}; // the addresses of what is shown, by view
let begins = []; // of the printed pages
let leader = ""; // the view that is being scrolled by hand
let asked = new AbortController();

// --- the address ---------------------------------------------------------------------------------

function readAddress() {
  const values = new URLSearchParams(location.hash.slice(1));
  const wanted = (values.get("show") || "").split(",").filter((view) => VIEWS.includes(view));
  if (wanted.length) views = wanted;
  const at = Number.parseFloat(values.get("at"));
  return { key: values.get("post") || "", place: Number.isFinite(at) ? at : -1 };
}

function addressOf(post, at) {
  const values = new URLSearchParams({ post });
  if (at > -1) values.set("at", at.toFixed(2));
  if (views.join() !== VIEWS.join()) values.set("show", views.join());
  return `#${values}`;
}

let keeping = 0;
function keepAddress() {
  clearTimeout(keeping);
  keeping = setTimeout(() => history.replaceState(null, "", addressOf(key, place)), 150);
}

// --- the list ------------------------------------------------------------------------------------

async function ask(path, options) {
  const answer = await fetch(path, options);
  if (answer.status === 404 || answer.status === 409) return null;
  if (!answer.ok) throw new Error(`the preview answers ${answer.status}`);
  return answer.json();
}

function make(name, text, properties) {
  const element = document.createElement(name);
  if (text) element.textContent = text;
  return Object.assign(element, properties);
}

async function loadList() {
  listed = await ask("posts");
  byKey = new Map(listed.posts.map((post) => [post.key, post]));
  byFile = new Map(listed.posts.flatMap((post) => post.files.map((file) => [file, post.key])));
  $("#name").textContent = listed.title || listed.name;
  $("#name").title = listed.name;
  tell("chapter", listed.destination);
  document.title = `${listed.title || listed.name} · preview`;
  drawList();
}

function worst(found) {
  return found ? WORST[Math.max(0, ...found.map((one) => WORST.indexOf(one.severity)))] : "";
}

function weight(found) {
  return found.filter((one) => one.severity !== "info").length;
}

function isWanted(post, words) {
  if (kind === "hidden" && !post.state) return false;
  if (kind === "found" && !post.error && !weight(listed.checks[post.key] || [])) return false;
  const text = `${post.title} ${post.source} ${post.date} ${post.state}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function drawList() {
  const words = $("#filter").value.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = listed.posts.filter((post) => isWanted(post, words));
  const number = (count) => `${count.toLocaleString("en")} ${count === 1 ? "post" : "posts"}`;
  $("#count").textContent =
    wanted.length === listed.posts.length
      ? number(wanted.length)
      : `${wanted.length.toLocaleString("en")} of ${number(listed.posts.length)}`;
  const items = wanted.map((post) => {
    const link = make("a", "", { href: addressOf(post.key, -1) });
    link.dataset.key = post.key;
    const detail = make("small");
    if (post.state) detail.append(make("em", STATES[post.state] || post.state));
    detail.append(post.error || post.date || (post.title ? post.source : "no title"));
    link.append(make("b", post.title || post.source || "Untitled"), make("i"), detail);
    const item = make("li");
    item.append(link);
    drawBadge(link, post);
    return item;
  });
  if (!items.length) items.push(make("li", "No posts here.", { className: "nothing" }));
  $("#posts").replaceChildren(...items);
  markCurrent();
}

function drawBadge(link, post) {
  const badge = link.querySelector("i");
  const found = listed.checks[post.key];
  const level = post.error ? "error" : worst(found);
  badge.dataset.worst = level;
  badge.textContent = post.error ? "!" : found ? weight(found) || "✓" : "";
  badge.title = post.error || (found ? saying(found) : "not checked yet");
}

function markCurrent(follow) {
  for (const link of document.querySelectorAll("#posts a")) {
    if (link.dataset.key !== key) link.removeAttribute("aria-current");
    else {
      link.setAttribute("aria-current", "page");
      if (follow) link.scrollIntoView({ block: "nearest" });
    }
  }
}

// --- what check says -----------------------------------------------------------------------------

function saying(found) {
  const parts = ["error", "warning", "info"].map((severity) => {
    const count = found.filter((one) => one.severity === severity).length;
    const name = severity === "info" ? "note" : severity;
    return count ? `${count} ${name}${count === 1 ? "" : "s"}` : "";
  });
  return parts.filter(Boolean).join(", ") || "Nothing found";
}

function drawFindings() {
  const found = listed.checks[key];
  const button = $("#check");
  button.textContent = found ? saying(found) : byKey.has(key) ? "Checking …" : "No check";
  button.dataset.worst = worst(found);
  button.disabled = !found || !found.length;
  if (button.disabled) openFindings(false);
  const order = [...(found || [])].sort((a, b) => WORST.indexOf(b.severity) - WORST.indexOf(a.severity));
  $("#findings ol").replaceChildren(
    ...order.map((one) => {
      const item = make("li");
      item.dataset.severity = one.severity;
      const message = make("p", one.message);
      message.append(make("code", one.code));
      item.append(make("b", one.severity === "info" ? "note" : one.severity), make("span", one.line ? `line ${one.line}` : ""), message);
      return item;
    }),
  );
}

function openFindings(open) {
  $("#findings").hidden = !open;
  $("#check").setAttribute("aria-expanded", String(open));
}

// --- one post ------------------------------------------------------------------------------------

function select(wanted, at) {
  const isOther = wanted !== key;
  key = wanted;
  place = at;
  leader = "";
  $("#list").classList.remove("open");
  $("#menu").setAttribute("aria-expanded", "false");
  markCurrent(isOther);
  history.replaceState(null, "", addressOf(key, place));
  return loadPost();
}

function drawHeading() {
  const post = byKey.get(key);
  if (post) {
    const state = post.state && (STATES[post.state] || post.state);
    $("#title").textContent = post.title || post.source || "Untitled";
    $("#about").textContent = [post.date, state, post.source].filter(Boolean).join(" · ");
  }
  drawFindings();
}

function say(message) {
  $("#banner").textContent = message;
  $("#banner").hidden = !message;
}

async function loadPost() {
  asked.abort();
  asked = new AbortController();
  const { signal } = asked;
  const wanted = key;
  const post = byKey.get(wanted);
  drawHeading();
  try {
    if (!post || post.error) {
      const gone = wanted ? "This post is no longer there; it is shown as it was." : "There are no posts.";
      const why = post ? `${post.source}: ${post.error}` : gone;
      say(listed.error || why);
      if (shown.key !== wanted) clear(why);
      return;
    }
    const found = await ask(`post?key=${encodeURIComponent(wanted)}`, { signal });
    if (!found) return;
    if (found.error) {
      say(found.error);
      if (shown.key !== wanted) clear(found.error);
      return;
    }
    say(listed.error);
    listed.checks[wanted] = found.diagnostics;
    const link = document.querySelector(`#posts a[data-key="${CSS.escape(wanted)}"]`);
    if (link) drawBadge(link, post);
    drawFindings();
    const isOther = shown.key !== wanted;
    shown.key = wanted;
    frame("page", found.page, isOther);
    frame("chapter", found.chapter, isOther);
    await loadPrint(wanted, isOther, signal);
  } catch (error) {
    if (error.name !== "AbortError") say(String(error.message || error));
  }
}

function clear(why) {
  shown = {};
  begins = [];
  sheets.replaceChildren();
  for (const view of VIEWS) {
    const stage = panes[view].querySelector(".stage");
    stage.querySelectorAll("iframe, .empty").forEach((element) => element.remove());
    stage.append(make("div", why, { className: "empty" }));
    tell(view, "");
  }
}

function tell(view, text, isWorking) {
  const place = panes[view].querySelector("h3 span");
  place.textContent = text;
  place.classList.toggle("working", Boolean(isWorking));
}

// A document is loaded behind the one that is shown, and takes its place when it stands at the right line.
function frame(view, address, isOther) {
  if (shown[view] === address) return;
  shown[view] = address;
  const stage = panes[view].querySelector(".stage");
  stage.querySelectorAll(".empty, iframe.coming").forEach((element) => element.remove());
  const coming = make("iframe", "", { className: "coming", title: panes[view].getAttribute("aria-label") });
  coming.setAttribute("sandbox", SANDBOX);
  coming.referrerPolicy = "no-referrer";
  coming.addEventListener(
    "load",
    () => {
      if (shown[view] !== address) return;
      const before = [...stage.querySelectorAll("iframe:not(.coming)")];
      prepare(view, coming);
      goTo(view, place);
      coming.classList.remove("coming");
      before.forEach((element) => element.remove());
      goTo(view, place);
      coming.dataset.ready = "yes";
    },
    { once: true },
  );
  coming.src = address;
  stage.append(coming);
}

const find = (node, selector) => [...Document.prototype.querySelectorAll.call(node, selector)];

function prepare(view, element) {
  const inner = element.contentDocument;
  if (!inner) return;
  for (const link of find(inner, "a[href]")) {
    const href = link.getAttribute("href");
    const file = decodeURIComponent(href.split("#")[0].split("?")[0]);
    if (href.startsWith("#") || href.startsWith(`${file}#`) && shown[view].endsWith(`/${file}`)) continue;
    if (/^https?:/i.test(href)) {
      link.target = "_blank";
      link.rel = "noopener noreferrer";
    } else if (byFile.has(file)) {
      const post = byFile.get(file);
      link.addEventListener("click", (event) => {
        event.preventDefault();
        select(post, -1);
      });
    } else if (!/^(mailto|tel):/i.test(href)) {
      link.removeAttribute("href");
    }
  }
  for (const picture of find(inner, "img")) {
    const src = picture.getAttribute("src");
    if (/^https?:/i.test(src)) {
      picture.alt = `${picture.alt ? `${picture.alt} – ` : ""}a picture on ${new URL(src).host}, not fetched`;
      picture.style.cssText = "min-height: 6rem; padding: 1rem; border: 1px dashed currentcolor; background: none; opacity: .7";
    }
  }
  const own = element.contentWindow;
  for (const event of ["wheel", "touchmove", "keydown", "pointerdown"]) {
    own.addEventListener(event, () => (leader = view), { passive: true });
  }
  own.addEventListener("scroll", () => follow(view), { passive: true });
  // Pictures and fonts that come later change heights.
  const settle = () => leader !== view && goTo(view, place);
  inner.addEventListener("load", settle, true);
  inner.fonts.ready.then(settle);
}

async function loadPrint(wanted, isOther, signal) {
  if (!visible().includes("print")) {
    shown.print = "";
    return;
  }
  sheets.classList.toggle("stale", isOther);
  tell("print", "Setting the pages ", true);
  const stage = panes.print.querySelector(".stage");
  const found = await ask(`print?key=${encodeURIComponent(wanted)}`, { signal });
  if (!found) return;
  stage.querySelectorAll(".empty").forEach((element) => element.remove());
  sheets.classList.remove("stale");
  if (found.error) {
    tell("print", "");
    shown.print = "";
    sheets.replaceChildren();
    stage.append(make("div", found.error, { className: "empty" }));
    return;
  }
  const count = found.begins.length;
  const engine = found.engine === "typst" ? "Typst" : "WeasyPrint";
  tell("print", `${count} ${count === 1 ? "page" : "pages"} · ${engine}`);
  if (shown.print === found.pages) return;
  await drawSheets(found, signal);
}

async function drawSheets(found, signal) {
  const pixels = Math.round(Math.min(sheets.clientWidth - 4, 416) * Math.max(2, devicePixelRatio)) || 800;
  const pictures = found.begins.map((page, number) =>
    make("img", "", {
      alt: `Page ${page.label}`,
      width: Math.round(found.width),
      height: Math.round(found.height),
      loading: "lazy",
      decoding: "async",
      src: `${found.pages}${number}.png?w=${pixels}`,
    }),
  );
  // Those in sight are decoded first, so that the pages change without a white moment.
  const near = pageAt(found.begins, place);
  const first = pictures.slice(near, near + 2);
  first.forEach((picture) => (picture.loading = "eager"));
  await Promise.allSettled(first.map((picture) => picture.decode()));
  if (signal.aborted) return;
  shown.print = found.pages;
  begins = found.begins;
  sheets.replaceChildren(...pictures);
  goTo("print", place);
  sheets.dataset.ready = found.pages;
}

// --- places --------------------------------------------------------------------------------------
// A place is a number of blocks. In a frame it is the line of reading: at the beginning of a document the upper edge of
// the window, at its end the lower one, and between them in proportion, so that all panes reach both ends together.

function scrolled(view) {
  if (view === "print") return { box: sheets, height: sheets.scrollHeight, window: sheets.clientHeight };
  const element = panes[view].querySelector("iframe:not(.coming)") || panes[view].querySelector("iframe");
  const box = element && element.contentDocument && element.contentDocument.documentElement;
  return box ? { box, height: box.scrollHeight, window: box.clientHeight } : null;
}

// Returns [place, y] pairs in ascending order.
function marks(view) {
  const found = scrolled(view);
  if (!found) return [];
  const top = found.box.scrollTop;
  if (view === "print") {
    const pictures = [...sheets.children];
    const origin = sheets.getBoundingClientRect().top - top;
    const pairs = pictures.map((picture, number) => [begins[number] && begins[number].begins, picture.getBoundingClientRect().top - origin]);
    return [[-1, 0], ...pairs.slice(1).filter(([at]) => at !== null && at !== undefined), [last(), found.height]];
  }
  const root = find(found.box.ownerDocument, view === "page" ? "article" : "body > section")[0];
  if (!root) return [[-1, 0], [1, found.height]];
  const pairs = textBlocks(root).map((block, number) => [number, block.getBoundingClientRect().top + top]);
  const notes = [...root.children].find((child) => child.classList.contains("notes"));
  const end = notes ? notes.getBoundingClientRect().top + top : found.height;
  return [[-1, 0], ...pairs, [pairs.length, end], [pairs.length + 1, found.height]];
}

function textBlocks(root) {
  return [...root.children].filter((child) => child.localName !== "header" && !child.classList.contains("notes"));
}

function last() {
  const page = scrolled("page");
  const root = page && find(page.box.ownerDocument, "article")[0];
  return root ? textBlocks(root).length + 1 : Math.max(1, ...begins.map((page) => page.begins || 0)) + 1;
}

function between(pairs, value, from, to) {
  let low = pairs[0];
  for (const pair of pairs) {
    if (pair[from] > value) {
      const share = pair[from] === low[from] ? 0 : (value - low[from]) / (pair[from] - low[from]);
      return low[to] + share * (pair[to] - low[to]);
    }
    if (pair[from] >= low[from]) low = pair;
  }
  return low[to];
}

function pageAt(pages, at) {
  let found = 0;
  pages.forEach((page, number) => {
    if (page.begins !== null && page.begins <= at) found = number;
  });
  return found;
}

function placeOf(view) {
  const found = scrolled(view);
  if (!found || found.height <= found.window) return place;
  const share = found.box.scrollTop / (found.height - found.window);
  return share <= 0 ? -1 : between(marks(view), found.box.scrollTop + share * found.window, 1, 0);
}

function goTo(view, at) {
  const found = scrolled(view);
  const pairs = found ? marks(view) : [];
  if (!found || !pairs.length || found.height <= found.window) return;
  const y = at <= -1 ? 0 : between(pairs, at, 0, 1);
  found.box.scrollTop = (y * (found.height - found.window)) / found.height;
}

let following = 0;
function follow(view) {
  if (leader !== view || following) return;
  following = requestAnimationFrame(() => {
    following = 0;
    place = placeOf(view);
    keepAddress();
    for (const other of visible()) if (other !== view) goTo(other, place);
  });
}

// --- panes ---------------------------------------------------------------------------------------

function visible() {
  const most = innerWidth < 700 ? 1 : innerWidth < 1100 ? 2 : 3;
  return views.slice(0, most);
}

function drawViews() {
  const seen = visible();
  for (const view of VIEWS) {
    $("#panes").classList.toggle(`w-${view}`, seen.includes(view));
    $(`#views [data-view="${view}"]`).setAttribute("aria-pressed", String(seen.includes(view)));
  }
  for (const view of seen) goTo(view, place);
  if (seen.includes("print") && !shown.print && shown.key) loadPost();
}

function toggle(view) {
  const seen = visible();
  if (innerWidth < 700) views = [view];
  else if (!seen.includes(view)) views = [view, ...seen].slice(0, innerWidth < 1100 ? 2 : 3);
  else if (seen.length > 1) views = seen.filter((other) => other !== view);
  views.sort((a, b) => (innerWidth < 1100 ? 0 : VIEWS.indexOf(a) - VIEWS.indexOf(b)));
  drawViews();
  history.replaceState(null, "", addressOf(key, place));
}

// --- what happens --------------------------------------------------------------------------------

function listen() {
  const events = new EventSource("events");
  let revision = null;
  let isLost = false;
  let source = "";
  const again = async () => {
    source = byKey.has(key) ? byKey.get(key).source : source;
    await loadList();
    if (!byKey.has(key)) {
      // The same file may have another key now, as when its header was changed.
      const same = listed.posts.find((post) => post.source && post.source === source);
      const next = same || (!key && listed.posts[0]);
      if (next) return select(next.key, place);
    }
    await loadPost();
  };
  events.addEventListener("hello", (event) => {
    const now = JSON.parse(event.data).revision;
    if (isLost || (revision !== null && revision !== now) || now !== listed.revision) again();
    revision = now;
    isLost = false;
  });
  events.addEventListener("changed", (event) => {
    revision = JSON.parse(event.data).revision;
    again();
  });
  events.addEventListener("checked", (event) => {
    Object.assign(listed.checks, JSON.parse(event.data));
    for (const link of document.querySelectorAll("#posts a")) {
      const post = byKey.get(link.dataset.key);
      if (post) drawBadge(link, post);
    }
    if (kind === "found") drawList();
    drawFindings();
  });
  events.addEventListener("error", () => {
    isLost = true;
    say("The preview has ended. Start it again, and open the address that it prints.");
  });
}

function move(step) {
  const links = [...document.querySelectorAll("#posts a")];
  const at = links.findIndex((link) => link.dataset.key === key);
  const next = links[at + step] || (at < 0 && links[0]);
  if (next) select(next.dataset.key, -1);
}

$("#posts").addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  select(link.dataset.key, -1);
});
$("#filter").addEventListener("input", drawList);
$("#kinds").addEventListener("click", (event) => {
  if (!event.target.dataset.kind) return;
  kind = event.target.dataset.kind;
  for (const button of $("#kinds").children) button.setAttribute("aria-pressed", String(button.dataset.kind === kind));
  drawList();
});
$("#views").addEventListener("click", (event) => event.target.dataset.view && toggle(event.target.dataset.view));
$("#check").addEventListener("click", () => openFindings($("#findings").hidden));
$("#menu").addEventListener("click", () => {
  const isOpen = $("#list").classList.toggle("open");
  $("#menu").setAttribute("aria-expanded", String(isOpen));
  if (isOpen) $("#filter").focus();
});
$("main").addEventListener("pointerdown", (event) => {
  if (!event.target.closest("#menu")) $("#list").classList.remove("open");
});
for (const event of ["wheel", "touchmove", "keydown", "pointerdown"]) {
  sheets.addEventListener(event, () => (leader = "print"), { passive: true });
}
sheets.addEventListener("scroll", () => follow("print"), { passive: true });
addEventListener("resize", drawViews);
addEventListener("hashchange", () => {
  const wanted = readAddress();
  drawViews();
  if (wanted.key !== key || wanted.place !== place) select(wanted.key, wanted.place);
});
addEventListener("keydown", (event) => {
  if (event.key === "Escape") $("#list").classList.remove("open");
  if (event.target.matches("input") || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "/") {
    event.preventDefault();
    $("#filter").focus();
  }
});

(async () => {
  try {
    await loadList();
    const wanted = readAddress();
    drawViews();
    const first = listed.posts.find((post) => !post.error) || listed.posts[0];
    listen();
    await select(wanted.key || (first ? first.key : ""), wanted.place);
  } catch (error) {
    say(String(error.message || error));
  }
})();
