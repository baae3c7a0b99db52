// Comfort for the comment form: keeps a draft and the writer's name and address in this browser, counts near the
// limit, measures time on the form. Nothing here is needed to send a comment.

import { stored } from "./stored.js";

const editDraft = (id) => `draft-edit-${id}`;

// A text that was sent is thanked for: its draft is done.
const forgetSentDraft = () => {
  const sent = document.querySelector("[data-sent]");
  if (!sent) return;
  const edit = editDraft(sent.dataset.sent);
  stored((local, session) => {
    if (session.getItem(edit) !== null) session.removeItem(edit);
    else if (writing) local.removeItem(`draft-${writing.dataset.commentForm}`);
  });
  // Only now: what is written from here on is a new draft, also when the page is loaded again.
  const address = new URL(location.href);
  address.searchParams.delete("sent");
  history.replaceState(null, "", address);
};

const fillPerson = (form) => {
  const fields = ["name", "email"].map((name) => form.elements.namedItem(name)).filter(Boolean);
  const kept = (field) => `my-${field.name}`;
  let remembered = Boolean(stored((local) => local.getItem("address")));
  for (const field of fields) {
    const known = stored((local) => local.getItem(kept(field)));
    if (known) remembered = true;
    if (known && !field.value) field.value = known;
  }
  form.addEventListener("submit", () => {
    for (const field of fields) {
      stored((local) => (field.value ? local.setItem(kept(field), field.value) : local.removeItem(kept(field))));
    }
  });
  const email = form.elements.namedItem("email");
  const again = form.elements.namedItem("again");
  form.addEventListener("submit", () => {
    // Proof of whose browser it is; again.js keeps it. The site takes the comment for theirs with their address only.
    if (again) again.value = stored((local) => local.getItem("again")) || "";
  });
  if (!remembered) return;
  const forget = document.createElement("button");
  forget.type = "button";
  forget.className = "quiet";
  forget.textContent = "Forget my name and address on this device";
  const line = document.createElement("p");
  line.className = "form-text";
  line.append(forget);
  fields.at(-1).closest(".mb-3").after(line);
  forget.addEventListener("click", () => {
    for (const field of fields) {
      stored((local) => local.removeItem(kept(field)));
      field.value = "";
    }
    for (const key of ["again", "address"]) stored((local) => local.removeItem(key));
    line.setAttribute("role", "status");
    line.tabIndex = -1;
    line.textContent = "Forgotten on this device.";
    line.focus();
  });
};

const keepDraft = (body, store, key) => {
  const hold = () => stored(() => (body.value ? store().setItem(key, body.value) : store().removeItem(key)));
  body.addEventListener("input", hold);
  body.form.addEventListener("submit", hold);
};

const writing = document.querySelector("form[data-comment-form]");
const editing = document.querySelector("form[data-edit-form]");

forgetSentDraft();
if (writing) {
  const body = writing.elements.namedItem("body");
  const seconds = writing.elements.namedItem("seconds");
  const key = `draft-${writing.dataset.commentForm}`;
  const opened = performance.now();

  const draft = stored((local) => local.getItem(key));
  if (draft && !body.value) body.value = draft;
  keepDraft(body, () => localStorage, key);
  fillPerson(writing);

  const count = writing.querySelector("[data-count]");
  const limit = Number(body.dataset.limit);
  const showCount = () => {
    const length = body.value.length;
    count.hidden = length < limit * 0.75;
    count.textContent = `${length.toLocaleString()} of ${limit.toLocaleString()} characters`;
  };
  showCount();
  body.addEventListener("input", showCount);

  writing.addEventListener("submit", () => {
    // Sent again after a preview or a mistake: the time before counts too.
    seconds.value = (Number(seconds.value || 0) + (performance.now() - opened) / 1000).toFixed(1);
  });
}

if (editing) {
  // Only as long as the tab: after half an hour a comment can no longer be changed.
  const body = editing.elements.namedItem("body");
  const key = editDraft(editing.dataset.editForm);
  const draft = stored((local, session) => session.getItem(key));
  const asStored = body.value === body.defaultValue && !document.querySelector("#error-summary, .preview");
  if (draft && asStored) body.value = draft;
  keepDraft(body, () => sessionStorage, key);
}
