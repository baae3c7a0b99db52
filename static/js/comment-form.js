// Comfort for the comment form: keeps a draft in this browser, counts near the limit, measures time on the form.
// Nothing here is needed to send a comment.

const form = document.querySelector("form[data-comment-form]");

if (form) {
  const body = form.elements.namedItem("body");
  const name = form.elements.namedItem("name");
  const seconds = form.elements.namedItem("seconds");
  const key = `draft-${form.dataset.commentForm}`;
  const opened = performance.now();

  const keep = (store) => {
    try {
      return store(localStorage);
    } catch {
      return null; // storage is off: then there is no draft, and that is all
    }
  };

  // A comment that was sent stands on the page as waiting: its draft is done.
  if (document.querySelector(".not-public [role=status]")) {
    keep((s) => s.removeItem(key));
    // Only now: what is written from here on is a new draft, also when the page is loaded again.
    const address = new URL(location.href);
    address.searchParams.delete("sent");
    history.replaceState(null, "", address);
  }

  const draft = keep((s) => s.getItem(key));
  if (draft && !body.value) body.value = draft;
  const known = keep((s) => s.getItem("nickname"));
  if (known && !name.value) name.value = known;

  const count = form.querySelector("[data-count]");
  const limit = Number(body.dataset.limit);
  const showCount = () => {
    const length = body.value.length;
    count.hidden = length < limit * 0.75;
    count.textContent = `${length.toLocaleString()} of ${limit.toLocaleString()} characters`;
  };
  showCount();

  body.addEventListener("input", () => {
    keep((s) => (body.value ? s.setItem(key, body.value) : s.removeItem(key)));
    showCount();
  });

  form.addEventListener("submit", () => {
    keep((s) => s.setItem("nickname", name.value));
    // Sent again after a preview or a mistake: the time before counts too.
    seconds.value = (Number(seconds.value || 0) + (performance.now() - opened) / 1000).toFixed(1);
  });
}
