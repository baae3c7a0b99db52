// Comfort for a long discussion: what is new since the last visit, and what somebody would rather not see here.
// All of it stays in this browser: nothing of it is ever sent.

import { button, make } from "./elements.js";
import { keep, recall } from "./stored.js";

const SAME_VISIT = 30 * 60 * 1000; // a page loaded again, or the next page, within this belongs to the same visit

const thread = document.querySelector("[data-discussion] .thread");
const section = document.querySelector("[data-discussion]");

const many = (count, one, more) => `${count} ${count === 1 ? one : more}`;

// Hidden on this device ------------------------------------------------------------------------------------------

const known = (key) => {
  const found = recall(key, []);
  return new Set(Array.isArray(found) ? found : []);
};
const people = known("hidden-people");
const threads = known("hidden-threads");
const said = make("p", "visually-hidden");
said.setAttribute("role", "status");
const footer = make("p", "hidden-count");

const idOf = (comment) => comment.id.replace("comment-", "");
const nameOf = (comment) => comment.querySelector("h3")?.firstChild.textContent.trim();
const comments = () => [...thread.querySelectorAll("article.comment:not(.not-public)")];
const isStaff = (comment) => comment.classList.contains("by-staff");
const isWhole = Boolean(section?.id); // else a comment's own page, where it stands first, whatever it answers
const startsThread = (comment) => isWhole && comment.closest("li").parentElement === thread;

// What somebody followed a link to is shown.
let sought = null;
const seek = () => {
  sought = isWhole ? document.getElementById(location.hash.slice(1)) : thread.querySelector("article.comment");
};

const apply = () => {
  for (const comment of comments()) {
    const item = comment.closest("li");
    const byThread = threads.has(idOf(comment)) && !(sought && item.contains(sought));
    const byPerson = people.has(nameOf(comment)) && !isStaff(comment) && comment !== sought;
    item.classList.toggle("thread-hidden", byThread);
    comment.classList.toggle("hidden-here", byThread || byPerson);
    const line = comment.querySelector(".hidden-line");
    if (!(byThread || byPerson)) line?.remove();
    else if (!line) {
      const again = button("Show again", () => show(comment));
      again.append(make("span", "visually-hidden", ` the comment by ${nameOf(comment)}`));
      comment.prepend(make("p", "tombstone hidden-line", "Hidden on this device. ", again));
    }
  }
  const hidden = [
    ...(people.size ? [many(people.size, "person", "people")] : []),
    ...(threads.size ? [many(threads.size, "thread", "threads")] : []),
  ].join(" and ");
  footer.replaceChildren();
  if (hidden) footer.append(`You have hidden ${hidden} on this device. `, button("Show all again", showAll));
};

const changed = (words) => {
  keep("hidden-people", people.size ? [...people] : null);
  keep("hidden-threads", threads.size ? [...threads] : null);
  sought = null;
  apply();
  said.textContent = words;
};

const hide = (comment, set, what, words) => {
  comment.querySelector("details").open = false;
  set.add(what);
  changed(words);
  comment.querySelector(".hidden-line button").focus();
};

const show = (comment) => {
  const byThread = threads.delete(idOf(comment));
  if (!byThread) people.delete(nameOf(comment));
  changed(byThread ? "The thread is shown again." : `Everything by ${nameOf(comment)} is shown again.`);
  comment.focus();
};

const showAll = () => {
  people.clear();
  threads.clear();
  changed("Everything is shown again.");
  thread.querySelector("article.comment").focus();
};

const offer = (comment) => {
  const actions = comment.querySelector(".actions");
  if (!actions || actions.querySelector("[href$='/withdraw/']")) return; // one's own
  const name = nameOf(comment);
  const summary = make("summary", "", "More", make("span", "visually-hidden", ` for the comment by ${name}`));
  const more = make("details", "more-actions", summary);
  if (startsThread(comment)) {
    more.append(
      button("Hide this thread", () => hide(comment, threads, idOf(comment), "The thread is hidden on this device.")),
    );
  }
  if (!isStaff(comment)) {
    const words = `Everything by ${name} is hidden on this device.`;
    more.append(button(`Hide everything by ${name}`, () => hide(comment, people, name, words)));
  }
  if (more.children.length > 1) actions.append(more);
};

// New since the last visit ---------------------------------------------------------------------------------------

// Times are those of the site, so that a wrong clock in the browser does no harm: what was shown by then is known.
const newSince = (latest) => {
  const key = `visit-${section.dataset.discussion}`;
  const newest = latest.length ? latest[0].at : 0;
  const before = recall(key, null);
  const now = Date.now();
  if (typeof before?.seen !== "number") {
    keep(key, { seen: newest, mark: newest, at: now });
    return [];
  }
  const mark = Math.abs(now - before.at) < SAME_VISIT ? before.mark : before.seen;
  keep(key, { seen: newest, mark, at: now });
  return latest.filter((comment) => comment.at > mark);
};

const tellNew = () => {
  const latest = section.dataset.latest
    .split(" ")
    .filter(Boolean)
    .map((entry) => ({ at: Number(entry.split(".")[0]), id: entry.split(".")[1] }));
  const found = newSince(latest).map(({ id }) => ({ id, here: document.getElementById(`comment-${id}`) }));
  const fresh = found.filter(({ here }) => !here?.closest(".hidden-here, .thread-hidden"));
  if (!fresh.length) return;
  const here = [...thread.querySelectorAll("article.comment")].filter((c) => fresh.some((f) => f.here === c));
  for (const comment of here) comment.querySelector("h3")?.append(" ", make("span", "badge", "New"));

  const first = make("a", "", "Show the first new one");
  first.href = here.length ? `#${here[0].id}` : `${location.pathname}comments/${fresh.at(-1).id}/`;
  const line = make("p", "notice since");
  line.setAttribute("role", "status");
  document.getElementById("comments-title").after(line);
  const most = Number(section.dataset.most);
  const count = found.length >= most ? `${most} or more new comments` : many(fresh.length, "new comment", "new comments");
  line.append(make("span", "", `${count} since your last visit.`), first);
  if (here.length < fresh.length && !section.querySelector(".order [aria-current][href*=newest]")) {
    const turned = make("a", "", "Newest first");
    turned.href = "?order=newest#comments";
    line.append(turned);
  }
};

if (thread) {
  seek();
  section.append(footer, said);
  comments().forEach(offer);
  apply();
  // The browser looked for the place before some comments gave way.
  if (sought && location.hash && thread.querySelector(".hidden-here")) sought.scrollIntoView();
  window.addEventListener("hashchange", () => {
    seek();
    apply();
  });
}
if (section?.dataset.latest !== undefined) {
  if (thread) tellNew();
  else newSince([]);
}
