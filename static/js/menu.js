// [data-i2a-menu]: a <details> that is a menu closes on Escape, and when focus or a press goes elsewhere.
// Without script its summary closes it.

for (const menu of document.querySelectorAll("[data-i2a-menu]")) {
  const closeUnlessInside = (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  };
  document.addEventListener("pointerdown", closeUnlessInside);
  document.addEventListener("focusin", closeUnlessInside);
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
