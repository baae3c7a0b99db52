// How much of a post is shown: the key points, the short version too, or all of it. The rest is folded, never taken
// away: links into it, searching in the page and paper unfold it. The choice stays in this browser.

import { make } from "./elements.js";
import { keep } from "./stored.js";

const ORDER = ["points", "short", "full"];
const SHOWN = ["The key points are shown.", "The short version is shown.", "The full story is shown."];

const control = document.querySelector("[data-lengths]");
const parts = [...document.querySelectorAll("[data-part]")];
const links = control ? [...control.querySelectorAll("[data-choose]")] : [];

const show = (wanted) => {
  // Where there is no short version, who likes that gets the story.
  const length = links.some((link) => link.dataset.choose === wanted) ? wanted : "full";
  for (const part of parts) {
    if (ORDER.indexOf(part.dataset.part) > ORDER.indexOf(length)) part.setAttribute("hidden", "until-found");
    else part.removeAttribute("hidden");
  }
  for (const link of links) {
    if (link.dataset.choose === length) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
};

// Whether something was unfolded for the place that a link leads to.
const reveal = (hash) => {
  const part = document.getElementById(hash.slice(1))?.closest("[data-part][hidden]");
  if (part) show(part.dataset.part);
  return Boolean(part);
};

if (control) {
  const { dataset } = document.documentElement;
  show(dataset.length);
  delete dataset.length;
  const said = make("p", "visually-hidden");
  said.setAttribute("role", "status");
  control.append(said);

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href*='#']");
    const chosen = link?.dataset.choose;
    if (chosen) {
      show(chosen);
      keep("length", chosen === "full" ? null : chosen);
      said.textContent = SHOWN[ORDER.indexOf(chosen)];
    } else if (link?.pathname === location.pathname) reveal(link.hash);
  });
  const follow = () => {
    if (reveal(location.hash)) document.getElementById(location.hash.slice(1)).scrollIntoView();
  };
  follow();
  window.addEventListener("hashchange", follow);
  for (const part of parts) part.addEventListener("beforematch", () => show(part.dataset.part));
}
