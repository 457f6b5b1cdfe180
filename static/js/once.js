// form[data-i2a-once]: a second submit while the first is under way is swallowed. After 8 seconds, or when the page comes back
// from the browser's history, the form works again: a lost answer must never block a retry (the server takes a form_uuid once).

const WAIT = 8000;
const buttons = (form) => Array.from(form.elements).filter((element) => element.type === "submit");

function release(form) {
  delete form.dataset.i2aSent;
  buttons(form).forEach((button) => button.removeAttribute("aria-disabled"));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-i2a-once]") || event.defaultPrevented) return;
  if (form.dataset.i2aSent) {
    event.preventDefault();
    return;
  }
  form.dataset.i2aSent = "true";
  buttons(form).forEach((button) => button.setAttribute("aria-disabled", "true"));
  setTimeout(() => release(form), WAIT);
});

addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-i2a-once]").forEach(release);
});
