// Comfort for the moderation queue: decisions and their reasons are given on the card itself, which then says what
// became of it and moves on to the next. Keys are for those who switch them on. Without it every button still works,
// by loading the page.

const queue = document.querySelector("[data-queue]");
const said = queue?.querySelector("[data-said]");

const say = (words) => {
  said.textContent = words;
};

const cardOf = (element) => element?.closest?.("[data-card]");

const beside = (card, forward) => {
  const cards = [...queue.querySelectorAll("[data-card]")].filter((other) => !other.matches(".decided"));
  const where = forward ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING;
  const there = card ? cards.filter((other) => card.compareDocumentPosition(other) & where) : cards;
  return forward ? there[0] : there.at(-1);
};

const prepare = (root) => {
  for (const comfort of root.querySelectorAll("[data-skip], [data-insert]")) comfort.hidden = false;
};

const countTicked = () => {
  const count = queue.querySelectorAll("[name=comment]:checked").length;
  for (const button of queue.querySelectorAll("[data-several]")) {
    button.textContent = count ? `${button.dataset.several} ${count} selected` : `${button.dataset.several} ticked`;
  }
};

const parse = (html) => {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content;
};

// What the site answers to our script: a part of a page. Null: signed out or broken, which the page itself shows best.
const ask = async (address, options) => {
  const answer = await fetch(address, { ...options, headers: { "X-Requested-With": "fetch" } });
  const isOurs = answer.headers.get("Content-Type")?.startsWith("text/html");
  return isOurs && !answer.redirected && answer.status < 500 ? parse(await answer.text()) : null;
};

// The reasons, on the card ----------------------------------------------------------------------------------------

const closeReasons = (card) => {
  card.querySelector("[data-reasons]")?.remove();
  card.classList.remove("asks");
};

const showReasons = (card, part) => {
  closeReasons(card);
  const holder = document.createElement("div");
  holder.dataset.reasons = "";
  holder.append(part);
  card.append(holder);
  card.classList.add("asks");
  prepare(holder);
  const first = "input:not([type=hidden]), textarea, .around";
  (holder.querySelector(".errornote") ?? holder.querySelector(first)).focus();
};

const askReasons = async (form, button) => {
  const address = `${form.action}?${new URLSearchParams(new FormData(form, button))}`;
  const part = await ask(address);
  if (part?.querySelector("form.asked")) showReasons(cardOf(form), part);
  else location.assign(address);
};

const showAround = async (link) => {
  const part = await ask(link.href);
  if (part?.querySelector(".around")) showReasons(cardOf(link), part);
  else location.assign(link.href);
};

const insert = (button) => {
  const field = document.getElementById(button.dataset.insert);
  field.value = `${field.value.trimEnd()} ${button.dataset.words}`.trimStart();
  field.focus();
};

// Decisions -------------------------------------------------------------------------------------------------------

const decide = async (form, button) => {
  const card = cardOf(form);
  const part = await ask(form.action, { method: "POST", body: new FormData(form, button) });
  if (part?.querySelector("form.asked")) {
    showReasons(card, part);
    card.querySelector(".told, form.asked figure")?.scrollIntoView({ block: "nearest" });
    return;
  }
  const fresh = part?.querySelector("[data-card]");
  if (!fresh) {
    if (part) location.reload();
    else form.submit();
    return;
  }
  const following = beside(card, true);
  card.replaceWith(fresh);
  prepare(fresh);
  const problem = fresh.querySelector(".errornote");
  const outcome = fresh.querySelector(".outcome strong");
  const who = fresh.querySelector("h2").textContent.trim();
  const became = (button ?? form).dataset.says ?? form.dataset.says ?? outcome?.textContent ?? "Waiting again";
  say(problem ? problem.textContent : `${became}: ${who}.`);
  (problem || !outcome || !following ? fresh : following).focus();
};

// What others do meanwhile ----------------------------------------------------------------------------------------

const EVERY = 20_000;

const isInUse = (card) => card.matches(":focus-within, :hover, .asks");

// Nothing may move under a finger: what stands in use, or else first on the screen, keeps its place.
const holdStill = (change) => {
  const cards = [...queue.querySelectorAll("[data-card]")];
  const kept = cards.find(isInUse) ?? cards.find((card) => card.getBoundingClientRect().bottom > 0);
  const top = () => document.getElementById(kept.id).getBoundingClientRect().top;
  const before = top();
  change();
  scrollBy({ top: top() - before, behavior: "instant" });
};

const showOthers = async () => {
  const cards = [...queue.querySelectorAll("[data-card]:not(.decided)")].filter((card) => !isInUse(card));
  if (document.hidden || !cards.length) return;
  const shown = cards.map((card) => ["card", card.dataset.card]);
  const part = await ask(`${queue.dataset.queue}?${new URLSearchParams([["back", queue.dataset.back], ...shown])}`);
  const fresh = [...(part?.querySelectorAll("[data-card]") ?? [])];
  const places = fresh.map((card) => [document.getElementById(card.id), card]).filter(([old]) => !isInUse(old));
  if (!places.length) return;
  const decided = places.filter(([, card]) => card.matches(".decided")).length;
  holdStill(() => {
    for (const [old, card] of places) {
      card.style.minHeight = `${old.offsetHeight}px`;
      const box = card.querySelector("[name=comment]");
      if (box) box.checked = old.querySelector(`[name=comment][value="${box.value}"]`)?.checked ?? false;
      old.replaceWith(card);
      prepare(card);
    }
    countTicked();
    if (decided) say(decided > 1 ? `Others decided on ${decided} of these.` : "Somebody else decided on one of these.");
  });
};

// Keys, for those who want them -----------------------------------------------------------------------------------

const KEYS = [
  ["a", "Approve", (card) => card.querySelector("button[value=approve]")?.click()],
  ["d", "Decline…; Remove… where it is shown already; the checklist where someone may be at risk", (card) => card.querySelector("[data-why]")?.click()],
  ["s", "Spam", (card) => card.querySelector("button[value=spam]")?.click()],
  ["u", "Undo", (card) => card.querySelector("button.undo")?.click()],
  ["j", "Next comment that waits", (card) => beside(card, true)?.focus()],
  ["k", "Comment before", (card) => beside(card, false)?.focus()],
  ["?", "Show or close this list", () => showKeys()],
];
const STORED = "queue-keys";

const areOn = () => {
  try {
    return localStorage.getItem(STORED) === "on";
  } catch {
    return false;
  }
};

const list = document.createElement("details");
list.className = "keys";
list.innerHTML = `<summary>Keys</summary>
  <p><label><input type="checkbox"> Use one-key actions on this device</label></p>
  <p class="help">They act on the comment that has the focus, and never while you type. With the reasons open, a digit
  chooses one, Enter sends it and Escape closes them.</p>
  <dl>${KEYS.map(([key, what]) => `<dt><kbd>${key}</kbd></dt><dd>${what}</dd>`).join("")}</dl>`;

const showKeys = () => {
  list.open = !list.open;
  if (list.open) list.querySelector("summary").focus();
  else beside(null, true)?.focus();
};

const isTyping = (target) => target.matches("textarea, select, input:not([type=radio], [type=checkbox])");

const press = (event) => {
  // A key held down is one press: nobody means to approve a whole page.
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const card = cardOf(event.target);
  if (card && event.key === "Escape" && card.querySelector("[data-reasons]")) {
    closeReasons(card);
    card.focus();
    return;
  }
  if (!areOn() || !(card || list.contains(event.target))) return;
  const reasons = card?.querySelectorAll("[data-reasons] input[type=radio]") ?? [];
  const reason = /^[1-9]$/.test(event.key) ? reasons[event.key - 1] : null;
  const [, , act] = KEYS.find(([key]) => key === event.key) ?? [];
  // While the reasons are open, a slip of the finger must not approve what is about to be declined.
  if (reason) {
    reason.click();
    reason.focus();
  } else if (act && (card ? !reasons.length : "?j".includes(event.key))) act(card);
  else return;
  event.preventDefault();
};

const offerKeys = () => {
  const box = list.querySelector("input");
  box.checked = areOn();
  box.addEventListener("change", () => {
    try {
      if (box.checked) localStorage.setItem(STORED, "on");
      else localStorage.removeItem(STORED);
    } catch {
      box.checked = false;
    }
    say(box.checked ? "One-key actions are on." : "One-key actions are off.");
  });
  said.before(list);
  if (areOn() && !location.hash) beside(null, true)?.focus();
};

if (queue) {
  prepare(queue);
  if (queue.querySelector("[data-card]")) offerKeys();
  queue.addEventListener("keydown", press);
  queue.addEventListener("submit", (event) => {
    const form = event.target;
    if (!cardOf(form)) return;
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "1";
    const done = form.method === "get" ? askReasons(form, event.submitter) : decide(form, event.submitter);
    done
      .catch(() => say("The decision did not reach the site. Check the connection and press again."))
      .finally(() => delete form.dataset.busy);
  });
  queue.addEventListener("click", (event) => {
    const card = cardOf(event.target);
    if (event.target.closest("[data-skip]")) beside(card, true)?.focus();
    const around = event.target.closest("[data-around]");
    if (around) {
      event.preventDefault();
      showAround(around).catch(() => location.assign(around.href));
    }
    const words = event.target.closest("[data-insert]");
    if (words) insert(words);
    if (event.target.closest("[data-close]")) {
      event.preventDefault();
      closeReasons(card);
      card.focus();
    }
  });
  queue.addEventListener("change", countTicked);
  // What does not arrive now comes with the next round.
  const look = () => showOthers().catch(() => {});
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
}
