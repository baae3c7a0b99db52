// Keeps in this browser what proves a confirmed person to be themselves, so that their next comment needs no mail.
// The comment form puts it in; without it nothing is lost but that comfort.

const given = document.querySelector("[data-again]");
try {
  if (given) {
    localStorage.setItem("again", given.dataset.again);
    localStorage.setItem("address", given.dataset.address);
  }
  if (document.querySelector("[data-forget]")) {
    // Who they were, and drafts of what is erased; not what they hid, nor what they still want to write.
    const about = (key) => ["my-name", "my-email", "again", "address"].includes(key) || key.startsWith("draft-edit-");
    for (const store of [localStorage, sessionStorage]) {
      for (const key of Object.keys(store).filter(about)) store.removeItem(key);
    }
  }
} catch {
  // Storage is off: the next comment is asked about by mail again, and that is all.
}
