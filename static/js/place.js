// Stop here and continue later: the place where somebody stopped stays in this browser. A link takes it elsewhere.

import { button, make } from "./elements.js";
import { keep, recall } from "./stored.js";

const MOST = 20; // posts whose place is kept

const here = location.pathname;
const line = document.querySelector("[data-continue]");
const places = () => recall("places", {});
const keepPlaces = (entries) => keep("places", entries.length ? Object.fromEntries(entries) : null);
const newestFirst = () => Object.entries(places()).sort(([, one], [, other]) => other.time - one.time);
const forget = (path) => keepPlaces(newestFirst().filter(([kept]) => kept !== path));

const copyButton = (address) => {
  const copy = button("Copy a link to this place", async () => {
    try {
      await navigator.clipboard.writeText(address);
      copy.textContent = "Copied";
    } catch {
      copy.replaceWith(address);
    }
  });
  return copy;
};

const say = (element, ...words) => {
  element.setAttribute("role", "status");
  element.tabIndex = -1;
  element.replaceChildren(...words);
  element.focus({ preventScroll: true });
};

// Keeps the element with this id as the place to continue from, and says so in ``host``.
export const stopAt = (id, host) => {
  const title = document.querySelector("h1").textContent;
  const others = newestFirst().filter(([path]) => path !== here);
  keepPlaces([[here, { at: id, title, time: Date.now() }], ...others].slice(0, MOST));
  const isKept = places()[here]?.at === id;
  const done = button("Forget this", () => {
    forget(here);
    say(host, "Forgotten on this device.");
  });
  host.className = "notice stopped";
  say(
    host,
    isKept ? "Your place is kept on this device only." : "This browser keeps nothing, but a link leads here.",
    " ",
    copyButton(new URL(`${here}#${id}`, location.href).href),
    ...(isKept ? [" ", done] : []),
  );
};

if (line) {
  const [path, place] = newestFirst().find(([kept]) => here === "/" || kept === here) ?? [];
  if (place) {
    const link = line.querySelector("a");
    const isHere = path === here;
    link.href = `${path}#${isHere && !document.getElementById(place.at) ? "full-story" : place.at}`;
    if (!isHere) link.append(` ${place.title}`);
    line.querySelector("button").addEventListener("click", () => {
      forget(path);
      say(line, "Forgotten on this device.");
    });
    line.hidden = false;
  }
  delete document.documentElement.dataset.place;
}

// In the space above each heading: nothing moves.
for (const heading of document.querySelectorAll("#full-story .body h2")) {
  if (!heading.previousElementSibling) continue;
  const host = make("div", "stop");
  const stop = button("Stop here", () => stopAt(heading.id, host));
  stop.append(make("span", "visually-hidden", ` before “${heading.textContent}” and continue later`));
  host.append(stop);
  heading.before(host);
}
