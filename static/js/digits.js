// [data-i2a-digits]: 1 to 9 pick that chip, but only while focus is inside its group (WCAG 2.1.4).
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || !/^[1-9]$/.test(event.key)) return;
  const group = event.target.closest?.("[data-i2a-digits]");
  if (!group || !event.target.matches("input[type=radio], input[type=checkbox]")) return;
  const chip = group.querySelectorAll("input[type=radio], input[type=checkbox]")[Number(event.key) - 1];
  if (!chip || chip.disabled) return;
  event.preventDefault();
  chip.focus();
  chip.click();
});
