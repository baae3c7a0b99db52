// Two repairs of the body's editor: a name for screen readers, and a warning before unsaved text is lost.

const nameEditors = () => {
  for (const editable of document.querySelectorAll(".ProseMirror[contenteditable]:not([aria-label])")) {
    const label = editable.closest(".form-row, .flex-container")?.querySelector("label");
    editable.setAttribute("role", "textbox");
    editable.setAttribute("aria-multiline", "true");
    editable.setAttribute("aria-label", (label?.textContent ?? "Text").replace(":", "").trim());
  }
};

nameEditors();
new MutationObserver(nameEditors).observe(document.body, { childList: true, subtree: true });

let changed = false;
const form = document.querySelector("#content-main form");
form?.addEventListener("input", () => (changed = true));
form?.addEventListener("submit", () => (changed = false));
window.addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});
