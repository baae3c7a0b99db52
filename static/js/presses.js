// Comfort for "This helped" and "With you": a press is sent without leaving the page, and this browser remembers it.
// Without it every button still works, by loading a page that says thank you.

import { stored } from "./stored.js";

const form = document.querySelector("form[data-presses]");

const nameOf = (button) => `pressed-${form.dataset.presses}-${button.value}`;
const isPressed = (button) => button.getAttribute("aria-pressed") === "true";

const show = (button, pressed) => {
  const words = button.firstChild; // the name for screen readers stands behind it
  button.dataset.words ??= words.textContent;
  words.textContent = pressed ? button.dataset.done : button.dataset.words;
  button.setAttribute("aria-pressed", pressed);
};

// Last in its line, so that nothing moves away under a finger.
const statusBeside = (button) => {
  const known = button.parentElement.querySelector("[role=status]");
  if (known) return known;
  const fresh = document.createElement("span");
  fresh.setAttribute("role", "status");
  button.parentElement.append(fresh);
  return fresh;
};

const send = async (button, status) => {
  const pressed = !isPressed(button);
  const body = new URLSearchParams();
  if (button.name) body.set(button.name, button.value);
  if (!pressed) body.set("do", "take back");
  const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
  if (!answer.ok) {
    form.dataset.plain = "1"; // too many, or gone: let the page itself say so
    form.requestSubmit(button);
    return;
  }
  show(button, pressed);
  stored((s) => (pressed ? s.setItem(nameOf(button), "1") : s.removeItem(nameOf(button))));
  status.textContent = pressed ? "Thank you. Press again to take it back." : "Taken back.";
};

if (form) {
  for (const button of document.querySelectorAll("button[form=with-you], #with-you button")) {
    button.dataset.done = button.value ? "You are with them" : "You said that this helped";
    show(button, Boolean(stored((s) => s.getItem(nameOf(button)))));
  }
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (form.dataset.plain || !button) return;
    event.preventDefault();
    if (button.dataset.busy) return;
    button.dataset.busy = "1";
    const status = statusBeside(button); // there before its words, else screen readers stay silent
    send(button, status)
      .catch(() => (status.textContent = "It did not reach the site. Check the connection and press again."))
      .finally(() => delete button.dataset.busy);
  });
}
