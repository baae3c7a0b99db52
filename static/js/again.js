// Keeps in this browser what proves a confirmed person to be themselves, so that their next comment needs no mail.
// The comment form puts it in; without it nothing is lost but that comfort.

const given = document.querySelector("[data-again]");
try {
  if (given) {
    localStorage.setItem("again", given.dataset.again);
    localStorage.setItem("address", given.dataset.address);
  }
  if (document.querySelector("[data-forget]")) localStorage.clear();
} catch {
  // Storage is off: the next comment is asked about by mail again, and that is all.
}
