/* Small comforts. Everything works without this file. */
import { initAll } from "../built/nhsuk.js";

initAll();

/* A form is sent once: a second press while it is on its way does nothing. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  window.addEventListener("pageshow", () => delete form.dataset.sent, { once: true });
});

/* A filter form sends itself when a choice changes. */
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-sends-itself]");
  if (form) form.requestSubmit();
});

/* Pages ask to be printed with a button that only exists where JavaScript does. */
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

/* The focus goes to what went wrong. */
const summary = document.querySelector(".nhsuk-error-summary");
if (summary) summary.focus();
