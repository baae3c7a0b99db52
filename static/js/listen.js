// Reads a post aloud, as long as the reader chose it, and marks where it is. It never starts by itself.

import { button, make } from "./elements.js";
import { stopAt } from "./place.js";
import { keep, recall } from "./stored.js";

const SPEEDS = [["Slow", 0.8], ["Normal", 1], ["Fast", 1.25], ["Very fast", 1.5]];
const BLOCKS = "h1, h2, h3, p, li, dt, dd, figcaption, .table-scroll";
const INNER = "p, ul, ol, table"; // blocks inside a block are read by themselves
const SILENT = "nav, form, details, footer, table, .meta, .aids, .continue, .explained-words, .stop, .notice";

const host = document.querySelector("[data-listen]");
const start = host?.querySelector(":scope > button");
const speech = window.speechSynthesis;
let blocks = [];
let at = 0;
let saying = null; // an utterance that was cancelled ends too: only this one counts
let bar = null;

// A voice that is not on the device sends the words to somebody else.
const voice = () => {
  const ours = speech.getVoices().filter((one) => one.localService && one.lang.startsWith("en"));
  return ours.find((one) => one.default) ?? ours[0];
};

const wordsOf = (block) => {
  if (block.matches(".table-scroll")) return "Here is a table. It is not read aloud.";
  const own = [...block.childNodes].filter((node) => !node.matches?.(INNER));
  return own.map((node) => node.textContent).join("").replace(/\s+/g, " ").trim();
};

const isInView = (block) => {
  const { top, bottom } = block.getBoundingClientRect();
  return bottom > 0 && top < window.innerHeight - bar.offsetHeight;
};

const mark = (block) => {
  const before = document.querySelector(".being-read");
  before?.classList.remove("being-read");
  block?.classList.add("being-read");
  // Follows whoever reads along; who scrolled elsewhere stays there.
  if (block && before && isInView(before) && !isInView(block)) block.scrollIntoView({ block: "center" });
};

const silence = () => {
  saying = null;
  speech.cancel();
};

const speak = () => {
  while (blocks[at]?.closest("[hidden]")) at += 1; // folded meanwhile
  if (at >= blocks.length) return stop();
  mark(blocks[at]);
  const utterance = new SpeechSynthesisUtterance(wordsOf(blocks[at]));
  utterance.voice = voice();
  utterance.lang = utterance.voice.lang;
  utterance.rate = recall("speed", 1);
  utterance.onend = () => {
    if (utterance !== saying) return;
    at += 1;
    speak();
  };
  utterance.onerror = () => utterance === saying && pause();
  saying = utterance;
  speech.speak(utterance);
};

// Some phones cannot pause a voice: it is stopped, and the paragraph begins anew.
const pause = () => {
  silence();
  bar.querySelector("button").textContent = "Go on";
};

const toggle = () => {
  if (saying) return pause();
  bar.querySelector("button").textContent = "Pause";
  speak();
};

const stop = () => {
  silence();
  mark(null);
  bar.remove();
  start.hidden = false;
  start.focus({ preventScroll: true });
};

const stopAndKeep = () => {
  const place = blocks.slice(0, at + 1).findLast((block) => /^(s|p|part)-/.test(block.id));
  stop();
  const said = make("div");
  (place ?? host).before(said);
  stopAt(place?.id ?? "full-story", said);
};

const speedChoice = () => {
  const select = make("select", "form-select", ...SPEEDS.map((speed) => new Option(...speed)));
  select.value = recall("speed", 1);
  select.addEventListener("change", () => {
    keep("speed", Number(select.value));
    if (!saying) return;
    silence();
    speak();
  });
  return make("label", "", "Speed ", select);
};

const begin = () => {
  blocks = [...document.querySelectorAll(".post")].flatMap((post) => [...post.querySelectorAll(BLOCKS)]);
  blocks = blocks.filter((block) => !block.closest(SILENT) && wordsOf(block));
  at = 0;
  bar = make(
    "div",
    "listening",
    button("Pause", toggle),
    button("Stop", stop),
    button("Stop and keep my place", stopAndKeep),
    speedChoice(),
  );
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", "Reading aloud");
  host.append(bar);
  start.hidden = true;
  bar.querySelector("button").focus({ preventScroll: true });
  speech.cancel();
  speak();
};

if (start && speech) {
  const offer = () => {
    if (!bar?.isConnected) start.hidden = !voice();
  };
  offer();
  speech.addEventListener("voiceschanged", offer);
  start.addEventListener("click", begin);
  window.addEventListener("pagehide", silence);
}
