// The page of Dubhashi: the address holds the question, this asks it and shows the answer.
// Every text goes in as textContent; nothing here builds HTML from strings.
"use strict";

const PAGE_SIZE = 10;
const LAST_PAGE = 1000; // the server counts no further
const KINDS = { word: "same word", stem: "same word", sound: "sound", translation: "translation", meaning: "meaning" };
const LANGUAGES = { hi: "हिंदी", en: "English" };
const byId = (id) => document.getElementById(id);
const form = byId("form");
const field = byId("q");
const results = byId("results");
let asking = null;

// ---- The question, as the address holds it ----

function readAddress() {
  const given = new URLSearchParams(location.search);
  return {
    q: given.get("q") ?? "",
    like: given.get("like") ?? "",
    lang: LANGUAGES[given.get("lang")] ? given.get("lang") : "",
    mode: ["sparse", "dense"].includes(given.get("mode")) ? given.get("mode") : "hybrid",
    latin: given.get("latin") === "1",
    asTyped: given.get("as") === "typed",
    page: Math.min(Math.max(Number.parseInt(given.get("page"), 10) || 1, 1), LAST_PAGE),
  };
}

function addressOf(question) {
  const given = new URLSearchParams();
  if (question.like) given.set("like", question.like);
  else if (question.q) given.set("q", question.q);
  if (question.lang) given.set("lang", question.lang);
  if (question.mode !== "hybrid") given.set("mode", question.mode);
  if (question.latin) given.set("latin", "1");
  if (question.asTyped) given.set("as", "typed");
  if (question.page > 1) given.set("page", question.page);
  const text = given.toString();
  return text ? `/?${text}` : "/";
}

function endpointOf(question) {
  const given = new URLSearchParams({ limit: PAGE_SIZE, offset: (question.page - 1) * PAGE_SIZE });
  if (question.lang) given.set("lang", question.lang);
  if (question.latin) given.set("latin", "true");
  if (question.like) return `/v1/passages/${encodeURIComponent(question.like)}/similar?${given}`;
  given.set("q", question.q);
  given.set("mode", question.mode);
  if (question.asTyped) given.set("transliterate", "off");
  return `/v1/search?${given}`;
}

function go(changes, { replace = false } = {}) {
  const question = { ...readAddress(), page: 1, ...changes };
  history[replace ? "replaceState" : "pushState"](null, "", addressOf(question));
  show();
}

// ---- Asking ----

async function show() {
  const question = readAddress();
  fillForm(question);
  asking?.abort();
  const idle = !question.q.trim() && !question.like;
  document.body.classList.toggle("home", idle);
  document.title = idle ? "Dubhashi" : `${question.q || "More like this"} · Dubhashi`;
  if (idle) {
    field.focus();
    results.setAttribute("aria-busy", "false");
    results.replaceChildren();
    return;
  }
  const mine = (asking = new AbortController());
  results.setAttribute("aria-busy", "true");
  try {
    const [answer, chosen] = await Promise.all([
      fetchJson(endpointOf(question), mine.signal),
      question.like ? fetchJson(passageAddress(question), mine.signal) : null,
    ]);
    results.replaceChildren(...answerParts(question, answer, chosen));
    say(answer.hits.length ? `${answer.hits.length} of ${answer.total} passages` : "No passage found");
  } catch (error) {
    if (mine.signal.aborted) return;
    results.replaceChildren(failure(error));
    say("The search failed");
  }
  results.setAttribute("aria-busy", "false");
}

function passageAddress(question) {
  return `/v1/passages/${encodeURIComponent(question.like)}${question.latin ? "?latin=true" : ""}`;
}

async function fetchJson(address, signal) {
  const key = sessionStorage.getItem("key");
  const headers = { Accept: "application/json", ...(key && { Authorization: `Bearer ${key}` }) };
  let response;
  try {
    response = await fetch(address, { signal, headers });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw { title: "The server cannot be reached", detail: "Is it still running? Nothing is lost: try again." };
  }
  if (response.status === 401 && askForKey(key)) return fetchJson(address, signal);
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw body;
  return body;
}

// A server may want a key; it is kept until the tab is closed. False where none is given.
function askForKey(refused) {
  if (sessionStorage.getItem("key") !== refused) return true; // given meanwhile, for another request
  const given = window.prompt("This server asks for a key. It is kept until you close this tab.")?.trim();
  if (!given || !/^[\x21-\x7e]+$/.test(given)) return false;
  sessionStorage.setItem("key", given);
  return true;
}

function fillForm(question) {
  if (document.activeElement !== field || field.value.trim() !== question.q) field.value = question.q;
  form.elements.lang.value = question.lang;
  form.elements.mode.value = question.mode;
  form.elements.latin.checked = question.latin;
}

function say(text) {
  byId("status").textContent = text;
}

// ---- Building elements ----

function make(tag, properties = {}, ...children) {
  const { lang, data, ...rest } = properties;
  const element = Object.assign(document.createElement(tag), rest);
  if (lang) element.lang = lang;
  element.append(...children.filter((child) => child !== null && child !== ""));
  return element;
}

function linkTo(question, properties, ...children) {
  const link = make("a", { ...properties, href: addressOf(question) }, ...children);
  link.dataset.inside = "";
  return link;
}

// ---- The answer ----

function answerParts(question, answer, chosen) {
  const parts = [];
  if (chosen) parts.push(chosenPassage(question, chosen));
  else parts.push(...readAs(question, answer.read_as));
  if (answer.warnings.length) parts.push(make("p", { className: "warnings" }, answer.warnings.join(" ")));
  if (!answer.hits.length) return [...parts, nothing(question)];
  parts.push(summary(answer, chosen));
  parts.push(make("ol", { className: "hits", start: answer.hits[0].rank }, ...answer.hits.map((h) => hitItem(question, h))));
  const pager = pages(question, answer);
  return pager ? [...parts, pager] : parts;
}

function readAs(question, reading) {
  const romanised = reading.tokens.some((token) => token.language === "hi-Latn");
  if (question.asTyped) {
    const back = make("button", { type: "button", onclick: () => go({ asTyped: false }) }, "Let it be Hindi too");
    return [make("p", { className: "read-as" }, "Read as typed, not as Hindi. ", back)];
  }
  if (!romanised) return [];
  const off = make("button", { type: "button", onclick: () => go({ asTyped: true }) }, "Search as typed");
  const words = readWords(reading);
  return [make("p", { className: "read-as" }, "Read as ", make("b", { lang: "hi" }, words), " · ", off)];
}

function readWords(reading) {
  return reading.tokens.map((token) => (token.language === "hi-Latn" && token.words[0]) || token.token).join(" ");
}

function summary(answer, chosen) {
  const first = answer.hits[0].rank;
  const range = answer.hits.length === answer.total ? `${answer.total}` : `${first}–${first + answer.hits.length - 1} of ${answer.total}`;
  const what = chosen ? "passages like this one" : answer.total === 1 ? "passage" : "passages";
  const spent = answer.took_ms < 10 ? answer.took_ms.toFixed(1) : Math.round(answer.took_ms);
  return make("div", { className: "summary" }, make("p", {}, `${range} ${what} · ${spent} ms`), legend(answer.hits));
}

function legend(hits) {
  const seen = new Set(hits.flatMap((hit) => hit.highlights.map((light) => (light.kind === "stem" ? "word" : light.kind))));
  const kinds = ["word", "sound", "translation", "meaning"].filter((kind) => seen.has(kind));
  if (!kinds.length) return null;
  const marks = kinds.map((kind) => make("span", {}, make("mark", { className: kind }, KINDS[kind])));
  return make("p", { className: "legend", ariaLabel: "Marks" }, ...marks);
}

function hitItem(question, hit) {
  return make("li", {}, article(question, hit, { withScore: true }));
}

function chosenPassage(question, passage) {
  const element = article(question, { why: [], highlights: [], ...passage }, { withScore: false });
  element.classList.add("chosen");
  return element;
}

function article(question, hit, { withScore }) {
  const latin = question.latin && hit.text_latin !== undefined && hit.lang === "hi";
  const lang = latin ? "hi-Latn" : hit.lang;
  const title = latin ? hit.title_latin : hit.title;
  const heading = latin ? hit.heading_latin : hit.heading;
  const text = latin ? hit.text_latin : hit.text;
  const lights = (latin ? hit.highlights_latin : hit.highlights) ?? [];
  const open = linkTo({ ...question, like: hit.id, page: 1, lang: "" }, { lang }, heading || title || hit.id);
  return make(
    "article",
    { className: "hit" },
    meta(hit, heading ? title : "", lang, withScore),
    make("h2", {}, open),
    make("p", { className: "passage", lang }, ...marked(text, lights, hit.why)),
    hit.why.length ? reasons(hit.why, latin) : null,
    origin(question, hit, withScore),
  );
}

function meta(hit, title, lang, withScore) {
  const chip = make("span", { className: "chip", lang: hit.lang }, LANGUAGES[hit.lang] ?? hit.lang);
  const parts = [chip];
  if (title) parts.push(make("span", { className: "title", lang }, title));
  if (hit.date) parts.push(make("time", { dateTime: hit.date }, dateText(hit.date)));
  if (withScore) parts.push(make("span", { className: "score", title: "Score, 0 to 1" }, hit.score.toFixed(2)));
  return make("p", { className: "meta" }, ...parts);
}

function dateText(date) {
  const [year, month, day] = date.split("-").map(Number);
  if (!year || date.length > 10) return date;
  const style = { year: "numeric", ...(month && { month: "short" }), ...(day && { day: "numeric" }), timeZone: "UTC" };
  return new Intl.DateTimeFormat("en-GB", style).format(Date.UTC(year, (month || 1) - 1, day || 1));
}

// Offsets count code points. Marks may overlap: the one that says more wins, and a sentence's meaning goes beneath.
function marked(text, lights, why) {
  const letters = Array.from(text);
  const edges = [...new Set([0, letters.length, ...lights.flatMap((light) => [light.start, light.end])])];
  edges.sort((a, b) => a - b);
  return edges.slice(1).map((end, i) => {
    const piece = letters.slice(edges[i], end).join("");
    const kinds = lights.filter((light) => light.start <= edges[i] && end <= light.end).map((light) => light.kind);
    const kind = kinds.find((one) => one !== "meaning") ?? kinds[0];
    return kind ? make("mark", { className: kind, title: explained(piece, kind, why) }, piece) : piece;
  });
}

function explained(piece, kind, why) {
  const reason = why.find((one) => one.kind === kind && one.matched.toLowerCase() === piece.toLowerCase());
  return reason && kind !== "meaning" ? `${KINDS[kind]}: ${reason.query}` : KINDS[kind];
}

function reasons(why, latin) {
  const ordered = why.filter((one) => one.share > 0).sort((a, b) => b.share - a.share);
  const whole = ordered.reduce((sum, one) => sum + one.share, 0) || 1;
  const bar = make("span", { className: "bar", ariaHidden: "true" });
  for (const one of ordered) {
    const part = make("i", { className: one.kind });
    part.style.width = `${(one.share / whole) * 100}%`;
    bar.append(part);
  }
  return make("p", { className: "why", ariaLabel: "Why" }, bar, ...ordered.slice(0, 6).map((one) => reason(one, latin)));
}

function reason(one, latin) {
  const kind = make("span", { className: `kind ${one.kind}` }, KINDS[one.kind]);
  const share = { className: "reason", title: `${Math.round(one.share * 100)} % of the score` };
  if (one.kind === "meaning") return make("span", share, kind);
  const same = one.query.toLowerCase() === one.matched.toLowerCase();
  const matched = (latin && one.matched_latin) || one.matched;
  const words = same ? [make("b", {}, matched)] : [one.query, " → ", make("b", {}, matched)];
  return make("span", share, ...words, " ", same ? null : kind);
}

function origin(question, hit, withMore) {
  const parts = [make("span", {}, `${hit.source || hit.document_id}, paragraph ${hit.position}`)];
  const outside = safeAddress(hit.url);
  if (outside) parts.push(make("a", { href: outside, rel: "noopener noreferrer nofollow" }, outside.host));
  if (hit.duplicates?.length) parts.push(make("span", {}, `also in ${hit.duplicates.join(", ")}`));
  if (withMore) {
    const more = linkTo({ ...question, like: hit.id, page: 1, lang: "" }, { className: "more" }, "More like this");
    more.tabIndex = -1; // the heading leads there too
    parts.push(more);
  }
  return make("p", { className: "origin" }, ...parts);
}

function safeAddress(text) {
  const address = text && URL.canParse?.(text) ? new URL(text) : null;
  return address && ["http:", "https:"].includes(address.protocol) ? address : null;
}

function pages(question, answer) {
  const last = Math.min(Math.ceil(answer.total / PAGE_SIZE), LAST_PAGE);
  if (last < 2) return null;
  const to = (page, text, rel) => (page < 1 || page > last ? make("span", {}) : linkTo({ ...question, page }, { rel }, text));
  const here = make("span", {}, `Page ${question.page} of ${last}`);
  return make("nav", { className: "pager", ariaLabel: "Pages" }, to(question.page - 1, "Previous", "prev"), here, to(question.page + 1, "Next", "next"));
}

// ---- When there is nothing to show ----

function nothing(question) {
  const advice = [];
  if (question.page > 1) advice.push("This page lies behind the last one.");
  if (question.lang) advice.push(`Only passages in ${LANGUAGES[question.lang]} were searched; try both languages.`);
  if (question.mode === "sparse") advice.push("Only words were matched; try words and meaning.");
  if (question.asTyped) advice.push("Latin letters were not read as Hindi.");
  advice.push("Other words for the same thing may help, in either language.");
  const list = make("ul", {}, ...advice.map((text) => make("li", {}, text)));
  return make("div", { className: "notice" }, make("h2", {}, "No passage found"), list);
}

function failure(problem) {
  const title = problem.title ?? "Something went wrong on this page";
  const again = make("button", { type: "button", onclick: show }, "Try again");
  const trace = problem.code ? make("p", {}, make("code", {}, `${problem.code} · ${problem.instance}`)) : null;
  const detail = make("p", {}, problem.detail ?? "");
  const box = make("div", { className: "notice" }, make("h2", {}, title), detail, trace, again);
  box.setAttribute("role", "alert");
  return box;
}

// ---- Hands on the page ----

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const q = field.value.trim();
  if (!q) return;
  field.blur(); // now j and k move, and a phone's keyboard goes
  go({ q, like: "", asTyped: false });
});

form.addEventListener("change", (event) => {
  const control = event.target;
  if (control === field) return;
  if (control.name === "latin") go({ latin: control.checked, page: readAddress().page }, { replace: true });
  else go({ [control.name]: control.value });
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-inside], #home, .examples a");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  show().then(() => scrollTo({ top: 0 }));
});

document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey || event.isComposing) return;
  const typing = document.activeElement === field;
  const elsewhere = document.activeElement?.matches("select, input:not(#q)");
  if (event.key === "Escape") return escape(typing);
  if (event.key === "/" && !typing) {
    event.preventDefault();
    field.focus();
    field.select();
  } else if (event.key === "ArrowDown" || (event.key === "j" && !typing)) {
    if (!elsewhere) move(1, event);
  } else if (event.key === "ArrowUp" || (event.key === "k" && !typing)) {
    if (!elsewhere) move(-1, event);
  }
});

function move(step, event) {
  const links = [...results.querySelectorAll(".hits h2 a")];
  const here = links.indexOf(document.activeElement);
  const next = here + step;
  if (!links.length || (here < 0 && step < 0)) return;
  event.preventDefault();
  if (next < 0) field.focus();
  else links[Math.min(next, links.length - 1)].focus();
}

function escape(typing) {
  if (!typing) field.focus();
  else if (field.value) field.value = "";
  else field.blur();
}

addEventListener("popstate", show);
fetchJson("/v1/index")
  .then((info) => {
    byId("about").textContent = `${info.passages.toLocaleString("en")} passages · encoder ${info.encoder}`;
  })
  .catch(() => {});
show();
