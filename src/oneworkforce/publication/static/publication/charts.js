// Draws the charts whose specification is in the page. Without this script the sentence and the table stand alone.
// No expression is compiled (`ast: true`), so it runs under script-src 'self' and style-src 'self'.

const options = {
  ast: true,
  actions: false,
  renderer: "svg",
  defaultStyle: false,
  tooltip: { disableDefaultStyle: true },
};

async function draw(figure) {
  figure.dataset.owChart = "drawn";
  const place = figure.querySelector("[data-ow-chart-place]");
  const block = figure.querySelector("[data-ow-chart-spec]");
  const frame = figure.querySelector("[data-ow-chart-frame]");
  frame.hidden = false;
  try {
    await window.vegaEmbed(place, JSON.parse(block.textContent), options);
    figure.dataset.owChart = "shown";
    const table = figure.querySelector("[data-ow-chart-table]");
    if (table) table.open = false;
  } catch (error) {
    frame.hidden = true;
    figure.dataset.owChart = "failed";
    console.error("A chart could not be drawn; its table is below.", error);
  }
}

function drawAll(root) {
  if (!window.vegaEmbed) return;
  for (const figure of root.querySelectorAll('[data-ow-chart="waiting"]')) draw(figure);
}

drawAll(document);
document.addEventListener("htmx:afterSettle", () => drawAll(document));
window.addEventListener("beforeprint", () => {
  for (const table of document.querySelectorAll("[data-ow-chart-table]")) table.open = true;
});
