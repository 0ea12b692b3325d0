/* Files can be dropped on their place, and one sees how far they are on their way. Without this file the form is sent as ever. */

const form = document.querySelector("form[data-upload]");
const place = form?.querySelector(".ow-drop");
const chosen = place?.querySelector("input[type=file]");

for (const kind of ["dragenter", "dragover"]) {
  place?.addEventListener(kind, (event) => {
    event.preventDefault();
    place.classList.add("ow-drop--over");
  });
}
for (const kind of ["dragleave", "drop"]) {
  place?.addEventListener(kind, () => place.classList.remove("ow-drop--over"));
}
place?.addEventListener("drop", (event) => {
  if (event.target === chosen) return;
  event.preventDefault();
  chosen.files = event.dataTransfer.files;
  chosen.dispatchEvent(new Event("change", { bubbles: true }));
});

form?.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  event.preventDefault();
  if (form.dataset.sent) return;
  form.dataset.sent = "yes";
  const shown = form.querySelector("[data-upload-progress]");
  const bar = shown.querySelector("progress");
  const words = shown.querySelector("[role=status]");
  const say = (text) => { words.textContent = text; };
  const request = new XMLHttpRequest();
  shown.hidden = false;
  say("Sending.");
  request.upload.addEventListener("progress", (step) => {
    if (!step.lengthComputable) return;
    bar.value = (100 * step.loaded) / step.total;
    if (step.loaded === step.total) say("It has arrived and is being stored.");
  });
  request.addEventListener("load", () => {
    if (request.status < 400 && request.responseURL !== location.href) {
      location.assign(request.responseURL);
      return;
    }
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    document.title = page.title;
    document.querySelector("main").replaceWith(page.querySelector("main"));
    (document.querySelector(".nhsuk-error-summary") ?? document.querySelector("h1")).scrollIntoView();
    document.querySelector(".nhsuk-error-summary")?.focus();
  });
  request.addEventListener("error", () => {
    shown.hidden = true;
    delete form.dataset.sent;
    say("");
    const problem = document.createElement("p");
    problem.className = "nhsuk-error-message";
    problem.setAttribute("role", "alert");
    problem.textContent = "The connection was lost before the file had arrived, so nothing was kept. Send it again.";
    shown.before(problem);
  });
  request.open("POST", form.action || location.href);
  request.send(new FormData(form));
});
