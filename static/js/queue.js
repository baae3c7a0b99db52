// Comfort for the moderation queue: a decision changes its card in place, says so, and moves on to the next card.
// Without it every button still works, by loading the page.

const queue = document.querySelector("[data-queue]");
const said = queue?.querySelector("[data-said]");

const nextAfter = (card) => {
  const cards = [...queue.querySelectorAll("[data-card]:not(.decided)")];
  return cards.find((other) => card.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);
};

const say = (words) => {
  said.textContent = words;
};

const prepare = (root) => {
  for (const skip of root.querySelectorAll("[data-skip]")) skip.hidden = false;
};

const decide = async (form, button) => {
  const card = form.closest("[data-card]");
  const body = new FormData(form, button);
  const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
  if (!answer.headers.get("Content-Type")?.startsWith("text/html") || answer.redirected || answer.status >= 500) {
    form.submit(); // signed out or broken: let the page itself say so
    return;
  }
  const following = nextAfter(card);
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  const fresh = holder.content.querySelector("[data-card]");
  if (!fresh) {
    location.reload();
    return;
  }
  card.replaceWith(fresh);
  prepare(fresh);
  const problem = fresh.querySelector(".errornote");
  const outcome = fresh.querySelector(".outcome strong");
  const who = fresh.querySelector("h2").textContent.trim();
  say(problem ? problem.textContent : outcome ? `${outcome.textContent}: ${who}.` : `Waiting again: ${who}.`);
  (problem || !outcome || !following ? fresh : following).focus();
};

if (queue) {
  prepare(queue);
  queue.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!event.target.closest("[data-card]") || event.target.method === "get") return;
    event.preventDefault();
    if (event.target.dataset.busy) return;
    event.target.dataset.busy = "1";
    decide(event.target, button).catch(() => {
      delete event.target.dataset.busy;
      say("The decision did not reach the site. Check the connection and press again.");
    });
  });
  queue.addEventListener("click", (event) => {
    if (event.target.closest("[data-skip]")) nextAfter(event.target.closest("[data-card]"))?.focus();
  });
  queue.addEventListener("change", () => {
    const count = queue.querySelectorAll("[name=comment]:checked").length;
    for (const button of queue.querySelectorAll("[data-several]")) {
      button.textContent = count ? `${button.dataset.several} ${count} selected` : `${button.dataset.several} ticked`;
    }
  });
}
