// [data-i2a-print] prints the page. Without script the browser's own menu does.

for (const button of document.querySelectorAll("[data-i2a-print]")) {
  button.addEventListener("click", () => window.print());
}
