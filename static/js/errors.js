// [data-i2a-errors]: the list of missing answers takes the focus when it appears, so that it is read and its links are next.
// [data-i2a-autofocus]: first focus otherwise, only where there is a keyboard; on a phone it would open the screen keyboard.

function focusErrors(root) {
  const list = root.querySelector?.("[data-i2a-errors]");
  if (list) list.focus();
  return Boolean(list);
}

const hasKeyboard = matchMedia("(hover: hover) and (pointer: fine)").matches;
// The attribute may stand on a control, or on a group of them.
function focusFirst(place) {
  const controls = "input:not([type=hidden]), select, textarea, button, a";
  (place?.matches(controls) ? place : place?.querySelector(controls))?.focus();
}

if (!focusErrors(document) && hasKeyboard && !location.hash) focusFirst(document.querySelector("[data-i2a-autofocus]"));
document.addEventListener("htmx:afterSwap", (event) => focusErrors(event.target));

// A link to a field also puts the cursor into it, scrolled clear of the strip.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-i2a-errors] a[href^='#']");
  const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!field) return;
  event.preventDefault();
  field.focus({ preventScroll: true });
  (field.closest(".box, .say-box, [id^=div_]") || field).scrollIntoView({ block: "nearest" });
});
