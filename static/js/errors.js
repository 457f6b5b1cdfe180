// [data-i2a-errors]: the list of missing answers takes the focus when it appears, so that it is read and its links are next.
// [data-i2a-autofocus]: first focus otherwise, only where there is a keyboard; on a phone it would open the screen keyboard.

function focusErrors(root) {
  const list = root.querySelector?.("[data-i2a-errors]");
  if (list) list.focus();
  return Boolean(list);
}

const hasKeyboard = matchMedia("(hover: hover) and (pointer: fine)").matches;
if (!focusErrors(document) && hasKeyboard && !location.hash) document.querySelector("[data-i2a-autofocus]")?.focus();
document.addEventListener("htmx:afterSettle", (event) => focusErrors(event.target));

// A link to a field also puts the cursor into it, scrolled clear of the strip.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-i2a-errors] a[href^='#']");
  const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!field) return;
  event.preventDefault();
  field.focus({ preventScroll: true });
  (field.closest(".box, .say-box, [id^=div_]") || field).scrollIntoView({ block: "nearest" });
});
